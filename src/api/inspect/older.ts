import type { AnyStateMachine } from 'xstate'
import type { JsonObject } from '../../core/json.ts'
import type { Shown } from './actors.ts'
import { olderMachineOf } from './charts.ts'
import type { Protocol } from './protocol.ts'

/** What an actor that nothing has happened to yet is said to come from. */
const BEGINNING: JsonObject = { type: 'xstate.init' }

/** The protocol of `@xstate/inspect` 0.8 for xstate 4: `service.register`, `.event`, `.state` and `.stop`, with JSON inside of JSON. */
export function olderProtocol(): Protocol {
  const machines = new Map<AnyStateMachine, string>()
  const machineText = (machine: AnyStateMachine): string => {
    const known = machines.get(machine) ?? JSON.stringify(olderMachineOf(machine))
    machines.set(machine, known)
    return known
  }
  return {
    opening: 'xstate.inspecting',
    isEvent: (type) => type === 'xstate.event',
    registered(actor) {
      const { id: sessionId, machine } = actor
      const state = stateText(actor, scxml(BEGINNING))
      return [
        JSON.stringify({ type: 'service.register', machine: machineText(machine), state, sessionId, id: sessionId }),
      ]
    },
    moved({ actor, event, sequence }) {
      const { id: sessionId } = actor
      const told = scxml(event, `${sessionId}:${sequence}`)
      return [
        JSON.stringify({ type: 'service.event', event: JSON.stringify(told), sessionId }),
        JSON.stringify({ type: 'service.state', state: stateText(actor, told), sessionId }),
      ]
    },
    stopped: (sessionId) => [JSON.stringify({ type: 'service.stop', sessionId })],
  }
}

/** A state of xstate 4, without what its receivers work out from the machine. */
function stateText({ machine, value, context }: Shown, told: JsonObject): string {
  const tags = [...machine.resolveState({ value, context }).tags]
  return JSON.stringify({ value, context, _event: told, event: told['data'], tags, changed: true, done: false })
}

/** An event in its envelope; `sendid` is its place in the journal. */
function scxml(event: JsonObject, sendid?: string): JsonObject {
  const name = event['type'] ?? ''
  return { name, data: event, $$type: 'scxml', type: 'external', ...(sendid === undefined ? {} : { sendid }) }
}
