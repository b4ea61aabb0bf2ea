import { digestOf } from '../canonical.ts'
import type { PlanTarget } from '../plan/target.ts'
import type { PlannedAction, PlanStep, ResourceChange } from '../vocabulary.ts'
import { type Coordinated, coordinate } from './coordinate.ts'
import { stepMeaning } from './library.ts'
import { phases } from './phases.ts'
import type { Topology } from './read.ts'

/** How targets are put back. */
export interface Retreat {
  /** In the order in which they are written back, one at a time. */
  readonly targets: readonly string[]
  /** Steps that are done again once all are. */
  readonly again: readonly PlannedAction[]
}

/** The way that these steps take, backwards, to a release with the topology `to`: null where it has none. */
export function retreatFrom(steps: readonly PlanStep[], to: Topology | null): Retreat {
  const { targets, again } = retreatAlong(steps)
  return { targets: targets.toReversed(), again: asPutBack(again, to) }
}

/** What the steps of a plan that leads back say themselves. */
export function retreatAlong(steps: readonly PlanStep[]): Retreat {
  return {
    targets: [...new Set(steps.flatMap(({ target, action }) => (action === undefined ? [target] : [])))],
    again: steps.flatMap(({ action }) => (action?.undo === 'again' ? [action] : [])),
  }
}

/** Lays the changes of a rollback along the way back from a release with the topology `from` to one with `to`. */
export function coordinateBack(
  from: Topology,
  to: Topology | null,
  changes: readonly ResourceChange[],
  targets: readonly PlanTarget[],
): Coordinated {
  const forth = coordinate(from, changes, targets)
  const back = retreatFrom(forth.steps, to)
  const writes = back.targets.flatMap((name) =>
    forth.steps.filter(({ target, action }) => target === name && action === undefined),
  )
  const again = back.again.map((action) => ({ target: action.target, changes: [], action }))
  const { topology, impact } = forth.coordination
  return {
    steps: [...writes, ...again].map((step, wave) => ({ ...step, wave })),
    coordination: {
      ...{ topology, preFlight: [], validation: [], postDeployment: [] },
      impact: impact.map((one) => ({ ...one, steps: stepsOn(one, back.again) })),
    },
    // What cannot be done again is told afterwards: it keeps nobody from going back.
    refused: [],
  }
}

/**
 * Steps done again with what the release that is put back gives them: settings as it has them, and none where it says nothing of them: those
 * of the release that is left may never have been made, and are not to be. What was cached is dropped both as the
 * release that is left asks for it and as the other does, since either may have come into a cache.
 */
function asPutBack(again: readonly PlannedAction[], to: Topology | null): readonly PlannedAction[] {
  const listed = to === null ? [] : phases.flatMap((phase) => to.steps[phase])
  const all = again.flatMap((action) => {
    const anew = listed
      .filter(({ meaning, only }) => meaning.name === action.step && (only === null || only === action.component))
      .map(({ inputs }) => ({ ...action, inputs }))
    if (stepMeaning(action.step)?.sets !== true) return [action, ...anew]
    return anew.length === 0 && Object.keys(action.inputs).length === 0 ? [action] : anew
  })
  return [...new Map(all.map((action) => [workOf(action), action])).values()]
}

function workOf({ step, target, instance, inputs }: PlannedAction): string {
  return [step, target, instance, digestOf(inputs)].join('\t')
}

function stepsOn(
  { target, component }: { readonly target: string; readonly component: string },
  actions: readonly PlannedAction[],
): readonly string[] {
  const own = actions.filter((one) => one.target === target && one.component === component)
  return [...new Set(own.map(({ step }) => step))]
}
