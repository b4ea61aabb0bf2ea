/** A chart as plain data, read from the machine itself: what is drawn is what runs. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'
import { allNodes, childrenOf, guardName, pathOf } from './diagram.ts'

export interface ChartState {
  /** `OutOfSync.waiting`. */
  readonly path: string
  readonly name: string
  readonly description: string
  /** The state around it; empty for the outermost. */
  readonly parent: string
  /** The state inside that is entered with it; null where there is none inside. */
  readonly initial: string | null
}

export interface ChartTransition {
  /** `<source>/<event>/<place among those of the same event>`. */
  readonly id: string
  /** Path of the state that takes it; empty where the chart does so in every state. */
  readonly source: string
  /** Null where it changes the memory alone. */
  readonly target: string | null
  /** Empty for one that is taken at once, without an event. */
  readonly event: string
  /** Empty where there is none, or only the one that every answer has. */
  readonly guard: string
  /** Whether the event must answer an effect that is owed. */
  readonly isAnswer: boolean
}

export interface ChartGraph {
  readonly name: string
  /** The state that the chart begins in. */
  readonly initial: string
  readonly states: readonly ChartState[]
  readonly transitions: readonly ChartTransition[]
}

/** Branches that do nothing (an answer that nobody waits for) are left out. */
export function graphOf(machine: AnyStateMachine): ChartGraph {
  const nodes = [machine.root, ...allNodes(machine.root)]
  return {
    name: machine.id,
    initial: initialOf(machine.root) ?? '',
    states: nodes.slice(1).map((node) => ({
      path: pathOf(node),
      name: node.key,
      description: node.description ?? '',
      parent: node.parent === undefined ? '' : pathOf(node.parent),
      initial: initialOf(node),
    })),
    transitions: nodes
      .flatMap(transitionsOf)
      .filter(({ definition }) => definition.target !== undefined || definition.actions.length > 0)
      .map(({ id, definition }) => {
        const { eventType, guard, source, target } = definition
        const [to] = target ?? []
        return {
          id,
          source: pathOf(source),
          target: to === undefined ? null : pathOf(to),
          event: eventType,
          guard: guardName(guard),
          isAnswer: guardType(guard) === 'answers the effect owed',
        }
      }),
  }
}

/** The transitions that one state takes itself, in the order in which they are tried, with their ids in the graph. */
export function transitionsOf(
  node: AnyStateNode,
): readonly { readonly id: string; readonly definition: AnyTransitionDefinition }[] {
  return [...node.transitions.values(), node.always ?? []].flatMap((branches) =>
    branches.map((definition, place) => ({ id: `${pathOf(node)}/${definition.eventType}/${place}`, definition })),
  )
}

function guardType(guard: unknown): string {
  return typeof guard === 'object' && guard !== null && 'type' in guard ? String(guard.type) : ''
}

function initialOf(node: AnyStateNode): string | null {
  const [target] = childrenOf(node).length === 0 ? [] : node.initial.target
  return target === undefined ? null : pathOf(target)
}
