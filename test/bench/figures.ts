/** One measured thing beside its baseline of the same run. */
export interface Figure {
  readonly what: string
  readonly ours: number
  /** Null where the goal is an absolute figure. */
  readonly baseline: number | null
  readonly unit: string
  /** The figure that is held against the goal: a ratio, or `ours`. */
  readonly figure: number
  readonly goal: string
  /** Null where the figure is shown for comparison and has no goal. */
  readonly met: boolean | null
}

export interface Bench {
  readonly name: string
  /** What the figures are held against, in a sentence. */
  readonly goal: string
  run(): Promise<readonly Figure[]>
}

/** Ours against a baseline; the goal is a ratio at most `most`. */
export function ratio(what: string, ours: number, baseline: number, most: number, unit = 'ms'): Figure {
  const figure = ours / baseline
  return { what, ours, baseline, unit, figure, goal: `≤ ${most} ×`, met: figure <= most }
}

/** A throughput against a baseline; the goal is a share of at least `least`. */
export function share(what: string, ours: number, baseline: number, least: number, unit: string): Figure {
  const figure = ours / baseline
  return { what, ours, baseline, unit, figure, goal: `≥ ${least} ×`, met: figure >= least }
}

/** An absolute figure that must not be passed. */
export function atMost(what: string, ours: number, most: number, unit: string): Figure {
  return { what, ours, baseline: null, unit, figure: ours, goal: `≤ ${most} ${unit}`, met: ours <= most }
}

/** An absolute figure that must be reached. */
export function atLeast(what: string, ours: number, least: number, unit: string): Figure {
  return { what, ours, baseline: null, unit, figure: ours, goal: `≥ ${least} ${unit}`, met: ours >= least }
}

/** A throughput beside a baseline, shown only. */
export function shown(what: string, ours: number, baseline: number, unit: string): Figure {
  return { what, ours, baseline, unit, figure: ours / baseline, goal: 'shown only', met: null }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** How long a task takes, in ms. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await task()
  return performance.now() - start
}

/** Medians of tasks that take turns, so that a slow moment of the machine meets all of them. */
export async function inTurns(rounds: number, tasks: readonly (() => Promise<unknown>)[]): Promise<readonly number[]> {
  const times = tasks.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [at, task] of tasks.entries()) times[at]?.push(await timed(task))
  return times.map(median)
}
