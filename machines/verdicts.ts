/** What a chart says to events in a state: which transitions are asked, and what their guards answer. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition, EventObject, StateValue } from 'xstate'
import { transitionsOf } from './chart-graph.ts'
import { guardName } from './diagram.ts'

export interface ChartMoment {
  readonly value: StateValue
  readonly context: unknown
}

/** One transition that was asked, in the order of asking. The first whose guard holds is taken. */
export interface Asked {
  /** Id in the graph of the chart. */
  readonly id: string
  /** Empty where it has none. */
  readonly guard: string
  readonly holds: boolean
}

/** `depends`: what the event carries decides. */
export type Verdict = 'yes' | 'no' | 'depends'

export interface Possible {
  readonly id: string
  readonly event: string
  readonly guard: string
  /** Path of the state it leads to; null where it changes the memory alone. */
  readonly target: string | null
  readonly verdict: Verdict
}

/** The transitions that an event asks, the innermost state first, down to the one that is taken. None where no state expects it. */
export function askedBy(machine: AnyStateMachine, moment: ChartMoment, event: EventObject): readonly Asked[] {
  const asked: Asked[] = []
  for (const { id, definition } of listening(machine, moment)) {
    if (definition.eventType !== event.type) continue
    const holds = guardHolds(machine, moment, event, definition.guard)
    asked.push({ id, guard: guardWords(definition.guard), holds })
    if (holds) return asked
  }
  return asked
}

/**
 * What the chart would take now. A guard that needs nothing of the event but its time is asked; an answer is possible while its effect is
 * owed. What an inner state takes in any case, no outer one gets to see.
 */
export function possibleIn(
  machine: AnyStateMachine,
  moment: ChartMoment,
  stamp: { readonly at: number; readonly sequence: number },
): readonly Possible[] {
  const possible: Possible[] = []
  const settled = new Map<string, Verdict>()
  for (const { id, definition } of listening(machine, moment)) {
    const { eventType: event, guard, target, actions } = definition
    const before = settled.get(event)
    if (event === '' || before === 'yes') continue
    const own = verdictOf(machine, moment, { type: event, ...stamp }, guard)
    const verdict = own === 'yes' && before === 'depends' ? 'depends' : own
    if (own !== 'no') settled.set(event, own)
    const [to] = target ?? []
    if (to === undefined && actions.length === 0) continue
    possible.push({ id, event, guard: guardWords(guard), target: to === undefined ? null : to.path.join('.'), verdict })
  }
  return possible
}

function verdictOf(machine: AnyStateMachine, moment: ChartMoment, event: EventObject, guard: unknown): Verdict {
  if (guard === undefined) return 'yes'
  const name = guardWords(guard)
  if (name === 'answers the effect owed') return owesSomething(moment) ? 'yes' : 'no'
  if (name === 'answers nothing owed') return owesSomething(moment) ? 'no' : 'yes'
  if (typeof guard !== 'string') return 'depends'
  return guardHolds(machine, moment, event, guard) ? 'yes' : 'no'
}

function owesSomething({ context }: ChartMoment): boolean {
  return (
    typeof context === 'object' &&
    context !== null &&
    'owed' in context &&
    Array.isArray(context.owed) &&
    context.owed.length > 0
  )
}

/** All transitions of the active states, the innermost first. */
function listening(
  machine: AnyStateMachine,
  { value, context }: ChartMoment,
): readonly { readonly id: string; readonly definition: AnyTransitionDefinition }[] {
  const nodes: readonly AnyStateNode[] = machine.resolveState({ value, context })._nodes
  return nodes.toSorted((one, other) => other.path.length - one.path.length).flatMap(transitionsOf)
}

/** Every guard of our charts is named: its parameters are what it gets beside the event. */
function guardHolds(machine: AnyStateMachine, { context }: ChartMoment, event: EventObject, guard: unknown): boolean {
  if (guard === undefined) return true
  const named = machine.implementations.guards[guardWords(guard)]
  if (typeof named !== 'function') throw new TypeError(`the chart has no guard "${guardWords(guard)}"`)
  const params = typeof guard === 'object' && guard !== null && 'params' in guard ? guard.params : undefined
  return named({ context, event }, typeof params === 'function' ? params({ context, event }) : params) === true
}

function guardWords(guard: unknown): string {
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return String(guard.type)
  return guardName(guard)
}
