import type { PromiseId } from './oracle/promises.ts'
import { examinable, notApplicable, promises } from './oracle/promises.ts'
import type { Outcome } from './simulate.ts'

/** What many simulations came to, as plain data. */
export interface Figures {
  readonly seeds: number
  readonly hours: number
  readonly events: number
  /** How often each kind of thing happened: faults, commits, orders. */
  readonly happened: Readonly<Record<string, number>>
  /** How often each promise was examined. */
  readonly examined: Readonly<Record<string, number>>
  readonly notApplicable: Readonly<Record<string, string>>
  /** Paths of states that were reached. */
  readonly states: readonly string[]
}

/** Adds up outcomes. */
export class Tally {
  #seeds = 0
  #hours = 0
  #events = 0
  readonly #happened = new Map<string, number>()
  readonly #examined = new Map<PromiseId, number>()
  readonly #states = new Set<string>()

  add({ hours, events, happened, examined, states }: Outcome): void {
    this.#seeds += 1
    this.#hours += hours
    this.#events += events
    for (const [what, count] of happened) this.#happened.set(what, (this.#happened.get(what) ?? 0) + count)
    for (const [promise, count] of examined) this.#examined.set(promise, (this.#examined.get(promise) ?? 0) + count)
    for (const state of states) this.#states.add(state)
  }

  get seeds(): number {
    return this.#seeds
  }

  get hours(): number {
    return this.#hours
  }

  figures(): Figures {
    return {
      seeds: this.#seeds,
      hours: Math.round(this.#hours),
      events: this.#events,
      happened: Object.fromEntries([...this.#happened].sort(([one], [other]) => (one < other ? -1 : 1))),
      examined: Object.fromEntries(this.#examined),
      notApplicable,
      states: [...this.#states].sort(),
    }
  }
}

/** Promises that a set of runs never examined: a checker that looks at nothing finds nothing. */
export function neverExamined({ examined }: Figures): readonly PromiseId[] {
  return examinable.filter((promise) => (examined[promise] ?? 0) === 0)
}

/** The figures as people read them. `seconds` is the real time it took. */
export function figuresText(figures: Figures, seconds: number): string {
  const { seeds, hours, events, happened, examined, states } = figures
  const lines = [
    `${seeds} seeds, ${hours} simulated hours in ${seconds.toFixed(1)} s: ${Math.round((hours / seconds) * 60)} hours a minute; ${events} events`,
    '',
    'what happened:',
    ...Object.entries(happened).map(([what, count]) => `  ${String(count).padStart(8)}  ${what}`),
    '',
    'promises examined:',
    ...Object.entries(promises).map(([id, promise]) => {
      const why = notApplicable[id as PromiseId]
      return `  ${id.padEnd(7)}${why === undefined ? String(examined[id] ?? 0).padStart(10) : '         -'}  ${promise}${why === undefined ? '' : ` (not applicable: ${why})`}`
    }),
    '',
    `${states.length} states: ${states.join(', ')}`,
  ]
  return `${lines.join('\n')}\n`
}
