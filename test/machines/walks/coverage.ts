/** What a chart defines, and which of it a walk has taken: measured on the chart itself, so that a new arrow counts at once. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'
import { inertScope, type State } from '../../../src/runtime/fold.ts'

/** Paths of all states that have no states inside, in the chart's order. */
export function leavesOf(machine: AnyStateMachine): readonly string[] {
  return nodesOf(machine.root)
    .filter((node) => Object.keys(node.states).length === 0)
    .map((node) => node.path.join('.'))
}

/**
 * Every transition of a chart with its name: where it starts, its event, its place among the answers to that event, and its guard,
 * e.g. `OutOfSync · timer.fired · 2 [the wait is over]`.
 */
export function transitionsOf(machine: AnyStateMachine): ReadonlyMap<AnyTransitionDefinition, string> {
  return new Map(
    nodesOf(machine.root).flatMap((node) =>
      [...node.transitions.values(), node.always ?? []].flatMap((branches) =>
        branches.map((branch, index) => [branch, nameOf(node, branch, index + 1)] as const),
      ),
    ),
  )
}

/** Notes which transitions a chart takes, and which its guards refuse. */
export class Coverage {
  readonly #machine: AnyStateMachine
  readonly #scope: ReturnType<typeof inertScope>
  readonly #names: ReadonlyMap<AnyTransitionDefinition, string>
  readonly #taken = new Set<string>()
  readonly #refused = new Set<string>()
  readonly #rested = new Set<string>()
  #last: readonly string[] = []

  constructor(machine: AnyStateMachine, input: unknown) {
    this.#machine = machine
    this.#names = transitionsOf(machine)
    this.#scope = inertScope(machine, input, (seen) => {
      if (seen.type !== '@xstate.microstep') return
      this.#last = [...this.#last, ...seen._transitions.map((one) => this.#names.get(one) ?? 'unknown')]
    })
  }

  /** The names of the transitions that the event takes, those that follow at once among them; none when nothing listens. */
  take(state: State<unknown>, event: { readonly type: string }): readonly string[] {
    this.#last = []
    const before = this.#machine.resolveState(state)
    const after = this.#machine.transition(before, event, this.#scope)
    for (const name of this.#last) this.#taken.add(name)
    const asked = before._nodes.toReversed().flatMap((node) => node.transitions.get(event.type) ?? [])
    this.#noteRefused(asked)
    for (const node of this.#entered(after._nodes)) this.#noteRefused(node.always ?? [])
    this.#rested.add(after._nodes.map((node) => node.path.join('.')).at(-1) ?? '')
    return this.#last
  }

  /** Transitions never taken so far. */
  get untaken(): readonly string[] {
    return [...this.#names.values()].filter((name) => !this.#taken.has(name))
  }

  /** Transitions with a guard that never said no so far. */
  get unrefused(): readonly string[] {
    return [...this.#names].flatMap(([{ guard }, name]) =>
      guard === undefined || this.#refused.has(name) ? [] : [name],
    )
  }

  /** Of transitions that are asked in turn, those before the one that is taken are refused; all, when none is. */
  #noteRefused(asked: readonly AnyTransitionDefinition[]): void {
    const names = asked.map((one) => this.#names.get(one) ?? 'unknown')
    const taken = names.findIndex((name) => this.#last.includes(name))
    for (const name of taken === -1 ? names : names.slice(0, taken)) this.#refused.add(name)
  }

  /** States that are active now, and those that were left at once. */
  #entered(active: readonly AnyStateNode[]): readonly AnyStateNode[] {
    const passed = [...this.#names].filter(([one, name]) => one.eventType === '' && this.#last.includes(name))
    return [...new Set([...active, ...passed.map(([{ source }]) => source)])]
  }

  /** States in which nothing ever came to rest. */
  get unreached(): readonly string[] {
    return leavesOf(this.#machine).filter((path) => !this.#rested.has(path))
  }
}

function nodesOf(node: AnyStateNode): readonly AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)]
}

function nameOf(node: AnyStateNode, transition: AnyTransitionDefinition, place: number): string {
  const { guard, eventType } = transition
  const name = typeof guard === 'object' && 'type' in guard ? guard.type : guard
  return [
    node.path.join('.') || node.key,
    eventType === '' ? 'at once' : eventType,
    `${place}${name === undefined ? '' : ` [${String(name)}]`}`,
  ].join(' · ')
}
