/**
 * Second half of a layout: every arrow that is not straight goes out of its row to the side, along a lane, and into the side of its
 * target. What leads to one target through one channel shares a lane. Lanes of what stays inside of a state are inside of it.
 */
import { rowLane } from './lanes.ts'
import type { Exit, Stacked, StackedState } from './stack.ts'

/** Least distance of two lines that run side by side. */
const APART = 3
/** Nearer first. */
const STEPS = Array.from({ length: 40 }, (_, step) => (step % 2 === 0 ? step / 2 : -(step + 1) / 2))
/** Where the arrow enters: below the upper edge of its target. */
const ENTRY = 9.5
/** Beyond all that stands, for lanes above and below the columns. */
const FAR = 1e5

export type Side = 'left' | 'right'
/** `in:<path>:<side>`: inside of a state. `out:<n>`: left of the column n. */
export type Channel = string

export interface Route {
  readonly exit: Exit
  readonly source: { readonly path: string; readonly column: number; readonly side: Side; readonly y: number }
  readonly target: { readonly path: string; readonly column: number; readonly side: Side; readonly y: number }
  /** Whether it begins inside of its source, because its target is in there. */
  readonly isInside: boolean
  readonly bus: string
  readonly first: Channel
  /** Where it crosses columns: the lane above or below them, and the channel behind it. */
  readonly across: { readonly bus: string; readonly row: 'above' | 'below'; readonly last: Channel } | null
}

export interface Routed {
  readonly routes: readonly Route[]
  /** Number of the lane of a bus in a channel, and how many lanes there are. */
  readonly lanes: ReadonlyMap<Channel, { readonly count: number; readonly of: ReadonlyMap<string, number> }>
}

export function route(columns: readonly Stacked[]): Routed {
  const height = Math.max(...columns.map(({ bottom }) => bottom))
  const places = new Map(
    columns.flatMap(({ states }, column) => states.map((one) => [one.state.path, { ...one, column }] as const)),
  )
  const taken = new Map<Channel, number[]>()
  const entries = new Map<string, number>()

  /** A height near `wish`, within bounds, where no other line enters the channel. */
  const free = (channel: Channel, wish: number, from: number, to: number): number => {
    const used = taken.get(channel) ?? []
    taken.set(channel, used)
    const isFree = (y: number) => y >= from && y <= to && used.every((one) => Math.abs(one - y) >= APART)
    const y = STEPS.map((step) => wish + step).find(isFree) ?? wish
    used.push(y)
    return y
  }

  const plans = [...places.values()].flatMap((from) =>
    from.exits.flatMap((exit) => {
      const to = places.get(exit.way.target ?? '')
      return to === undefined ? [] : [{ exit, from, to, ...sidesOf(from, to) }]
    }),
  )
  // Rows first: they have less room to give way than the side of a state.
  const begun = plans.map((plan) => ({
    ...plan,
    y: free(outer(plan.from.column, plan.side), middle(plan.exit), plan.exit.top + 2, plan.exit.bottom - 2),
  }))
  const routes = begun.map(({ exit, from, to, side, entry, inside, y }): Route => {
    const key = `${to.state.path}:${entry}`
    const last = outer(to.column, entry)
    const known = entries.get(key)
    const at = known ?? free(last, to.top + ENTRY, to.top + 4, to.top + Math.max(15, Math.min(to.height - 4, 30)))
    entries.set(key, at)
    const first = inside === null ? outer(from.column, side) : `in:${inside}:${side}`
    return {
      exit,
      source: { path: from.state.path, column: from.column, side, y },
      target: { path: to.state.path, column: to.column, side: entry, y: at },
      isInside: inside === from.state.path,
      bus: key,
      first,
      across: inside === null && first !== last ? { bus: key, row: y + at < height ? 'above' : 'below', last } : null,
    }
  })
  const agreed = sameRow(routes)
  return { routes: agreed, lanes: lanesOf(agreed) }
}

function middle({ top, bottom }: Exit): number {
  return (top + bottom) / 2 - 1
}

function outer(column: number, side: Side): Channel {
  return `out:${side === 'left' ? column : column + 1}`
}

/** Which sides an arrow uses, and the innermost state that both ends are in; null where that is the chart itself. */
function sidesOf(
  from: StackedState & { readonly column: number },
  to: StackedState & { readonly column: number },
): { readonly side: Side; readonly entry: Side; readonly inside: string | null } {
  if (from.column < to.column) return { side: 'right', entry: 'left', inside: null }
  if (from.column > to.column) return { side: 'left', entry: 'right', inside: null }
  const around = to.state.ancestors
  const both = [...from.state.ancestors, ...(around.includes(from.state.path) ? [from.state.path] : [])]
  const inside = both.filter((path) => around.includes(path)).at(-1) ?? null
  const side = to.top >= from.top ? 'right' : 'left'
  return { side, entry: side, inside }
}

/** What leads to one side of one target goes over the columns or under them, as most of it would. */
function sameRow(routes: readonly Route[]): readonly Route[] {
  const votes = new Map<string, number>()
  for (const { across } of routes)
    if (across !== null) votes.set(across.bus, (votes.get(across.bus) ?? 0) + (across.row === 'above' ? 1 : -1))
  return routes.map((one) => {
    if (one.across === null) return one
    const row = (votes.get(one.across.bus) ?? 0) >= 0 ? 'above' : 'below'
    return { ...one, across: { ...one.across, row } }
  })
}

function lanesOf(routes: readonly Route[]): Routed['lanes'] {
  const spans = new Map<Channel, Map<string, { from: number; to: number }>>()
  const add = (channel: Channel, bus: string, ...ys: readonly number[]) => {
    const buses = spans.get(channel) ?? new Map<string, { from: number; to: number }>()
    spans.set(channel, buses)
    const { from, to } = buses.get(bus) ?? { from: FAR, to: -FAR }
    buses.set(bus, { from: Math.min(from, ...ys), to: Math.max(to, ...ys) })
  }
  for (const { bus, first, source, target, across } of routes) {
    if (across === null) add(first, bus, source.y, target.y)
    else {
      const row = across.row === 'above' ? -FAR : FAR
      add(first, bus, source.y, row)
      add(across.last, bus, row, target.y)
      add(across.row, bus, Number(first.slice(4)), Number(across.last.slice(4)))
    }
  }
  return new Map([...spans].map(([channel, buses]) => [channel, rowLane(buses)] as const))
}
