/** What several processes simulated, put together, and as docs/reliability.md shows it. */
import { z } from 'zod'
import { notApplicable, type PromiseId, promises } from './oracle/promises.ts'
import type { Figures } from './tally.ts'

const counts = z.record(z.string(), z.number())
/** What `--out` writes. */
const written = z.object({
  seeds: z.number(),
  hours: z.number(),
  events: z.number(),
  happened: counts,
  examined: counts,
  states: z.array(z.string()),
  broken: z.array(z.object({ seed: z.number(), promise: z.string(), message: z.string() })),
})

export type Written = z.infer<typeof written>

/** What each kind of thing is called; its parts are told behind it. */
const NAMES: Readonly<Record<string, string>> = {
  backup: 'backups of databases are made, lost, or changed',
  clock: 'the clock jumps, to both sides',
  commit: 'commits, good and bad',
  configuration: 'the configuration changes',
  crash: 'the controller is killed',
  disk: 'the disk',
  git: 'the remote and its cache',
  outside: 'somebody changes a target by hand',
  person: 'people give orders',
  tamper: 'the stored history is changed',
  target: 'targets',
}

/** Reads a file of `--out`. Throws on any other. */
export function parseWritten(text: string): Written {
  return written.parse(JSON.parse(text))
}

/** The sum of what several processes did, each on seeds of its own. */
export function merged(all: readonly Written[]): Figures & Pick<Written, 'broken'> {
  const sum = (of: (one: Written) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    seeds: sum(({ seeds }) => seeds),
    hours: sum(({ hours }) => hours),
    events: sum(({ events }) => events),
    happened: summed(all.map(({ happened }) => happened)),
    examined: summed(all.map(({ examined }) => examined)),
    notApplicable,
    states: [...new Set(all.flatMap(({ states }) => states))].sort(),
    broken: all.flatMap(({ broken }) => broken),
  }
}

/** `| the disk | 13,746 | fails 4,515, full 4,523, slow 4,708 |` */
export function happenedTable({ happened }: Pick<Figures, 'happened'>): string {
  const all = Object.entries(happened)
  const kinds = [...new Set(all.map(([what]) => kindOf(what)))]
  const rows = kinds.map((kind) => {
    const parts = all.filter(([what]) => kindOf(what) === kind)
    const times = parts.reduce((total, [, count]) => total + count, 0)
    const of = parts.flatMap(([what, count]) =>
      what === kind ? [] : [`${what.slice(kind.length + 2)} ${shown(count)}`],
    )
    return `| ${NAMES[kind] ?? kind} | ${shown(times)} | ${of.join(', ')} |`
  })
  return ['| | times | of which |', '|---|---|---|', ...rows].join('\n')
}

/** `| I7 | 9,000 | where nothing moves, nothing is written |`; a dash where nothing can be examined yet. */
export function examinedTable({ examined }: Pick<Figures, 'examined'>): string {
  const rows = Object.entries(promises).map(([id, promise]) => {
    const count = notApplicable[id as PromiseId] === undefined ? shown(examined[id] ?? 0) : '–'
    return `| ${id} | ${count} | ${promise} |`
  })
  return ['| promise | examined | |', '|---|---|---|', ...rows].join('\n')
}

/** `disk` of `disk: full`. */
function kindOf(what: string): string {
  return what.split(': ')[0] ?? what
}

function summed(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>()
  for (const [what, count] of all.flatMap((one) => Object.entries(one))) sums.set(what, (sums.get(what) ?? 0) + count)
  return Object.fromEntries([...sums].sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** With a comma for thousands, as the page has it. */
export function shown(count: number): string {
  return count.toLocaleString('en-US')
}
