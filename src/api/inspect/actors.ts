/** What inspectors are shown: the source and every environment, as they are now. */
import type { AnyStateMachine, StateValue } from 'xstate'
import { environmentMachine } from '../../../machines/environment/machine.ts'
import { sourceMachine } from '../../../machines/source/machine.ts'
import { asJson, type JsonObject } from '../../core/json.ts'
import type { Facade } from '../../runtime/facade.ts'

/** One statechart at work. */
export interface Shown {
  /** Name of its journal: `source`, or `environment/<name>`. */
  readonly id: string
  readonly machine: AnyStateMachine
  readonly value: StateValue
  readonly context: JsonObject
}

/** One committed event, and the actor as it is after it. */
export interface Step {
  readonly actor: Shown
  readonly event: JsonObject
  /** Place in the actor's journal. */
  readonly sequence: number
}

/** The source first, then the environments in order of their names. */
export function idsOf(facade: Facade): readonly string[] {
  return ['source', ...facade.environments().map(({ name }) => `environment/${name}`)]
}

/** The actor of a journal; undefined for a journal of none. */
export function actorOf(facade: Facade, stream: string): Shown | undefined {
  if (stream === 'source') return sourceOf(facade)
  const status = facade.environment(stream.replace(/^environment\//, ''))
  return status === undefined ? undefined : environmentOf(status)
}

function sourceOf(facade: Facade): Shown {
  const { path, context } = facade.source()
  return { id: 'source', machine: sourceMachine, value: valueAt(path), context: asJson(context) }
}

function environmentOf({ name, path, context }: ReturnType<Facade['environments']>[number]): Shown {
  return { id: `environment/${name}`, machine: environmentMachine, value: valueAt(path), context: asJson(context) }
}

/** `{ OutOfSync: 'waiting' }` for `OutOfSync.waiting`. */
function valueAt(path: string): StateValue {
  const at = path.indexOf('.')
  return at === -1 ? path : { [path.slice(0, at)]: valueAt(path.slice(at + 1)) }
}
