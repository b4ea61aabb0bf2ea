import type { ParsedReceiverEvent } from '@xstate/inspect'
import type { AnyState, AnyStateMachine } from 'xstate'

/** Events that are kept of each actor, newest first. */
const EVENTS_MAX = 50

/** One event that an actor took. */
export interface Taken {
  /** Its place in the journal, e.g. `environment/dev:7`. */
  readonly place: string
  readonly name: string
  readonly data: unknown
}

/** One statechart, as the receiver last told of it. */
export interface Actor {
  readonly id: string
  readonly machine: AnyStateMachine
  /** With the active state nodes, as its machine resolves it. */
  readonly state: AnyState
  readonly events: readonly Taken[]
  readonly isStopped: boolean
}

export type Actors = ReadonlyMap<string, Actor>

/** The actors after one more message of the receiver. What is told of an actor that was never shown changes nothing. */
export function next(actors: Actors, told: ParsedReceiverEvent): Actors {
  const actor = changed(actors.get(told.sessionId), told)
  return actor === undefined ? actors : new Map(actors).set(told.sessionId, actor)
}

function changed(known: Actor | undefined, told: ParsedReceiverEvent): Actor | undefined {
  if (told.type === 'service.register') {
    const { sessionId: id, machine, state } = told
    return { id, machine, state: machine.resolveState(state), events: [], isStopped: false }
  }
  if (known === undefined) return undefined
  switch (told.type) {
    case 'service.state':
      return { ...known, state: known.machine.resolveState(told.state) }
    case 'service.event': {
      const { name, data, sendid = '' } = told.event
      return { ...known, events: [{ place: sendid, name, data }, ...known.events].slice(0, EVENTS_MAX) }
    }
    case 'service.stop':
      return { ...known, isStopped: true }
  }
}

/** `OutOfSync.waiting`. */
export function pathOf({ state }: Actor): string {
  return state.toStrings().at(-1) ?? ''
}
