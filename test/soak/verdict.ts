import type { Sample } from './samples.ts'
import type { Soaked } from './soak.ts'

/** Growth of a quantity over the second half, as a share of its mean there: what a straight line through the samples rises. */
export function growth(samples: readonly Sample[], of: (sample: Sample) => number): number {
  const half = samples.slice(Math.floor(samples.length / 2))
  const mean = meanOf(half.map(of))
  const middle = meanOf(half.map(({ hour }) => hour))
  const covariance = half.reduce((sum, one) => sum + (one.hour - middle) * (of(one) - mean), 0)
  const variance = half.reduce((sum, { hour }) => sum + (hour - middle) ** 2, 0)
  const span = (half.at(-1)?.hour ?? 0) - (half[0]?.hour ?? 0)
  return variance === 0 || mean === 0 ? 0 : ((covariance / variance) * span) / mean
}

/** What a soak must show; each line a promise that it breaks. Empty when it keeps all. */
export function brokenPromises(
  { samples, overdue, atRest }: Soaked,
  asked: { readonly environments: number; readonly heapGrowthMax: number; readonly storedGrowthMax?: number },
): readonly string[] {
  const most = (of: (sample: Sample) => number) => Math.max(...samples.map(of))
  const half = samples.slice(Math.floor(samples.length / 2))
  const checks: readonly (readonly [holds: boolean, told: string])[] = [
    [
      growth(samples, ({ heapMb }) => heapMb) <= asked.heapGrowthMax,
      `the heap grows by ${percent(growth(samples, ({ heapMb }) => heapMb))} over the second half`,
    ],
    [
      growth(samples, ({ entries }) => entries) <= (asked.storedGrowthMax ?? 0.1),
      `journals grow by ${percent(growth(samples, ({ entries }) => entries))} over the second half`,
    ],
    [
      growth(samples, ({ contents }) => contents) <= (asked.storedGrowthMax ?? 0.1),
      `contents grow by ${percent(growth(samples, ({ contents }) => contents))} over the second half`,
    ],
    [overdue === 0, `${overdue} journal entries are kept beyond every limit`],
    [
      spread(half.map(({ handles }) => handles)) <= HANDLES_SPREAD_MAX,
      `open handles move by ${spread(half.map(({ handles }) => handles))} in the second half`,
    ],
    [
      most(({ timers }) => timers) <= asked.environments * 2 + 32,
      `${most(({ timers }) => timers)} timers are set at one moment`,
    ],
    [most(({ lateMs }) => lateMs) <= LATE_MAX_MS, `a timer came ${most(({ lateMs }) => lateMs)} ms late`],
    [atRest === asked.environments, `${asked.environments - atRest} environments still owe something at the end`],
  ]
  return checks.filter(([holds]) => !holds).map(([, told]) => told)
}

/** LevelDB keeps its newest tables open, and opens and closes them as it merges. */
const HANDLES_SPREAD_MAX = 40
/** Events of one environment wait for the one before to be on disk: not longer than this in virtual time. */
const LATE_MAX_MS = 2_000

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
