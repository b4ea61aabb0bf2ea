import type { Done } from './load.ts'
import type { Sample } from './samples.ts'
import type { Soaked } from './soak.ts'
import { growth } from './verdict.ts'

/** What is kept of a soak, for pictures and documents. */
export interface SoakRecord {
  readonly hours: number
  readonly environments: number
  readonly seed: number
  /** Real time that it took, in seconds. */
  readonly seconds: number
  readonly done: Done
  readonly overdue: number
  readonly atRest: number
  /** Growth over the second half, as a share of the mean there. */
  readonly growth: { readonly heap: number; readonly entries: number; readonly contents: number }
  readonly samples: readonly Sample[]
}

export function recordOf(
  asked: Pick<SoakRecord, 'hours' | 'environments' | 'seed'>,
  { samples, done, overdue, atRest, seconds }: Soaked,
): SoakRecord {
  const share = (of: (sample: Sample) => number) => rounded(growth(samples, of))
  return {
    ...asked,
    seconds: Math.round(seconds),
    done,
    overdue,
    atRest,
    growth: {
      heap: share(({ heapMb }) => heapMb),
      entries: share(({ entries }) => entries),
      contents: share(({ contents }) => contents),
    },
    samples: samples.map((sample) => ({
      ...sample,
      hour: rounded(sample.hour),
      heapMb: rounded(sample.heapMb),
      storeMb: rounded(sample.storeMb),
    })),
  }
}

/** As JSON with a line a sample, so that two of them can be compared. */
export function recordText({ samples, ...facts }: SoakRecord): string {
  const head = JSON.stringify(facts, null, 2).slice(0, -2)
  return `${head},\n  "samples": [\n${samples.map((sample) => `    ${JSON.stringify(sample)}`).join(',\n')}\n  ]\n}\n`
}

/** What it shows, in words. */
export function figures({ environments, hours, seconds, done, growth: rise, samples }: SoakRecord): readonly string[] {
  const most = (of: (sample: Sample) => number) => Math.max(...samples.map(of))
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`
  return [
    `${environments} environments, ${hours} virtual hours in ${seconds} s`,
    Object.entries(done)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
    `heap: at most ${most(({ heapMb }) => heapMb).toFixed(0)} MB, ${percent(rise.heap)} over the second half`,
    `journal entries: at most ${most(({ entries }) => entries)}, ${percent(rise.entries)} over the second half`,
    `contents: at most ${most(({ contents }) => contents)}, ${percent(rise.contents)} over the second half`,
    `open files and sockets: at most ${most(({ handles }) => handles)}; timers: at most ${most(({ timers }) => timers)}`,
    `the latest timer: ${most(({ lateMs }) => lateMs)} ms of virtual time`,
  ]
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
