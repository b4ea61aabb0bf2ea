import type { AnyStateMachine } from 'xstate'
import type { JsonObject } from '../../core/json.ts'
import type { Shown, Step } from './actors.ts'
import { definitionOf } from './charts.ts'
import type { Protocol } from './protocol.ts'

/** The version of `@statelyai/inspect` that is spoken; it goes with each message. */
const VERSION = '0.7.2'

/** Stately's protocol for xstate 5: `@xstate.actor`, `@xstate.event` and `@xstate.snapshot`. */
export function statelyProtocol(): Protocol {
  const definitions = new Map<AnyStateMachine, string>()
  const definition = (machine: AnyStateMachine): string => {
    const known = definitions.get(machine) ?? JSON.stringify(definitionOf(machine))
    definitions.set(machine, known)
    return known
  }
  const message = (type: string, { id, at }: { readonly id: string; readonly at: number }, rest: object) =>
    JSON.stringify({ type, sessionId: id, rootId: id, createdAt: String(at), _version: VERSION, ...rest })

  return {
    opening: null,
    isEvent: (type) => type.startsWith('@xstate.'),
    registered(actor, at) {
      const { id, machine } = actor
      const rest = { id: null, name: id, definition: definition(machine), snapshot: snapshotOf(actor) }
      return [message('@xstate.actor', { id, at }, rest)]
    },
    moved({ actor, event, sequence }: Step, at) {
      const about = { id: actor.id, at }
      const id = `${actor.id}:${sequence}`
      return [
        message('@xstate.event', about, { id, event }),
        message('@xstate.snapshot', about, { id, event, snapshot: snapshotOf(actor) }),
      ]
    },
    // The protocol has no word for the end of an actor: the connection's end tells it.
    stopped: () => [],
  }
}

/** A snapshot as xstate itself writes it. */
function snapshotOf({ machine, value, context }: Shown): JsonObject {
  return JSON.parse(JSON.stringify(machine.resolveState({ value, context })))
}
