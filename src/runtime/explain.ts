import type { AnyStateMachine, EventObject } from 'xstate'
import { transitionsOf } from '../../machines/chart-graph.ts'
import { allNodes } from '../../machines/diagram.ts'
import { type Asked, askedBy } from '../../machines/verdicts.ts'
import type { JsonObject } from '../core/json.ts'
import { inertScope, type State } from './fold.ts'

export interface Explained {
  /** The transitions that were asked, in that order; the last one was taken. */
  readonly asked: readonly Asked[]
  /** Ids of what was taken, in that order: by the event, and at once behind it. */
  readonly taken: readonly string[]
}

/** Why a chart goes where it goes. Pure, and slower than the fold: for what a person looks at. */
export class Explainer {
  readonly #machine: AnyStateMachine
  readonly #scope: ReturnType<typeof inertScope>
  #taken: string[] = []

  constructor(machine: AnyStateMachine, input: JsonObject) {
    this.#machine = machine
    const ids = new Map(
      [machine.root, ...allNodes(machine.root)].flatMap(transitionsOf).map(({ id, definition }) => [definition, id]),
    )
    this.#scope = inertScope(machine, input, (seen) => {
      if (seen.type === '@xstate.microstep')
        this.#taken.push(...seen._transitions.flatMap((definition) => ids.get(definition) ?? []))
    })
  }

  explain(state: State<JsonObject>, event: EventObject): Explained {
    this.#taken = []
    this.#machine.transition(this.#machine.resolveState(state), event, this.#scope)
    return { asked: askedBy(this.#machine, state, event), taken: this.#taken }
  }
}
