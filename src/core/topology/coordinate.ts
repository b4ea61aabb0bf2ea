import { stepsOf } from '../plan/order.ts'
import type { PlanTarget } from '../plan/target.ts'
import type { Coordination, Impact, PlannedAction, PlanStep, Refused, ResourceChange } from '../vocabulary.ts'
import type { DRAINS } from './library.ts'
import { type Component, componentPhases, type Phase } from './phases.ts'
import { type Place, type Topology, type TopologyStep, writingPhases } from './read.ts'

/** The steps of a plan in the order of a topology. */
export interface Coordinated {
  readonly steps: readonly PlanStep[]
  readonly coordination: Coordination
  /** Steps that no target can do, and components whose target is not there. */
  readonly refused: readonly Refused[]
}

/** Where targets are changed that a topology does not name. */
const UNNAMED: Component = 'applicationServers'

/**
 * Lays the ordered changes of a plan along a topology: phase by phase, in each the steps that are listed, servers one after the other or
 * `maxUnavailable` at a time, drained while they are changed or restarted, and each well before the next; what no listed step writes comes at the end of its phase. Deletions
 * run mirrored, last, inside a phase.
 */
export function coordinate(
  topology: Topology,
  changes: readonly ResourceChange[],
  targets: readonly PlanTarget[],
): Coordinated {
  const present = new Map(targets.map((target) => [target.name, target]))
  const changed = new Set(changes.map(({ target }) => target))
  const places = [...topology.places, ...unnamed(topology, targets)]
  const isChanged = (component: Component) =>
    places.some((place) => place.component === component && changed.has(place.target))
  const slots: Slot[] = []
  const written = new Set<string>()

  const actions = (phase: Phase, step: TopologyStep): readonly PlannedAction[] => {
    const { meaning, only } = step
    if (meaning.means === 'planned' || meaning.means === 'changes') return []
    if (meaning.when !== undefined && !meaning.when.some(isChanged)) return []
    const about = places.filter(
      ({ component, target }) =>
        present.has(target) && ((meaning.on.length === 0 && only === null) || isAbout(step, component)),
    )
    const means = meaning.means
    return oncePerTarget(about).map((place) => ({ phase, step: meaning.name, means, ...place, ...knobs(step) }))
  }
  const write = (some: readonly Place[]) => {
    const names = new Set(some.map(({ target }) => target).filter((name) => changed.has(name) && !written.has(name)))
    for (const name of names) written.add(name)
    if (names.size === 0) return
    const own = changes.filter(({ target }) => names.has(target))
    for (const group of byWave(stepsOf(own, targets))) slots.push({ steps: group, actions: [] })
  }
  const roll = (phase: Phase, servers: readonly Place[]) => {
    const due = oncePerTarget(servers).filter(({ target }) => changed.has(target) && !written.has(target))
    for (let at = 0; at < due.length; at += topology.maxUnavailable) {
      const batch = due.slice(at, at + topology.maxUnavailable)
      act(drains(topology, batch, 'drain'))
      write(batch)
      // One server alone is verified with everything else; of several, each is before the next is touched, and none is used before.
      if (due.length > 1 || topology.drain)
        act(batch.map((place) => ({ phase, step: 'health-check', means: 'health' as const, ...place, ...HEALTH })))
      act(drains(topology, batch, 'undrain'))
    }
  }
  const act = (some: readonly PlannedAction[]) => {
    if (some.length > 0) slots.push({ steps: [], actions: some })
  }

  for (const phase of writingPhases) {
    const here = places.filter(({ component }) => componentPhases[component] === phase)
    const writeAll = (some: readonly Place[]) => {
      write(some.filter(({ component }) => component !== 'applicationServers'))
      roll(
        phase,
        some.filter(({ component }) => component === 'applicationServers'),
      )
    }
    for (const step of topology.steps[phase]) {
      if (step.meaning.means === 'changes') writeAll(here.filter(({ component }) => isAbout(step, component)))
      else if (step.meaning.name === 'rolling-restart')
        for (const batch of inBatches(actions(phase, step), topology.maxUnavailable)) {
          const servers = batch.filter(({ component }) => component === 'applicationServers')
          act(drains(topology, servers, 'drain'))
          act(batch)
          act(batch.map((one) => ({ ...one, step: 'health-check', means: 'health' as const, ...HEALTH })))
          act(drains(topology, servers, 'undrain'))
        }
      else act(actions(phase, step))
    }
    writeAll(here)
  }
  // What belongs to no phase in which anything is written (monitoring) is written all the same.
  write(places)
  const listed = (phase: Phase) => topology.steps[phase].flatMap((step) => actions(phase, step))
  const coordination: Coordination = {
    topology: topology.digest,
    preFlight: listed('pre-flight'),
    validation: listed('validation'),
    postDeployment: listed('post-deployment'),
    impact: impactOf(
      places,
      changes,
      slots.flatMap((slot) => slot.actions),
    ),
  }
  return {
    steps: usedAgainOnce(numbered(slots)),
    coordination,
    refused: refusalsOf(topology, present, coordination, slots),
  }
}

interface Slot {
  readonly steps: readonly PlanStep[]
  readonly actions: readonly PlannedAction[]
}

const HEALTH = { inputs: {}, timeoutMs: 120_000, tries: 1, undo: 'nothing' } as const

function knobs({ inputs, timeoutMs, tries, meaning: { undo } }: TopologyStep) {
  return { inputs, timeoutMs, tries, undo }
}

function isAbout({ meaning, only }: TopologyStep, component: Component): boolean {
  return only === null ? meaning.on.includes(component) : component === only
}

/** Targets that the environment has and the topology does not name. */
function unnamed(topology: Topology, targets: readonly PlanTarget[]): readonly Place[] {
  const named = new Set(topology.places.map(({ target }) => target))
  return targets.flatMap(({ name }) => (named.has(name) ? [] : [{ component: UNNAMED, instance: name, target: name }]))
}

function oncePerTarget(places: readonly Place[]): readonly Place[] {
  const seen = new Set<string>()
  return places.filter(({ target }) => !seen.has(target) && seen.add(target) !== undefined)
}

function drains(
  topology: Topology,
  servers: readonly Pick<Place, 'instance'>[],
  step: (typeof DRAINS)[number],
): readonly PlannedAction[] {
  if (!topology.drain) return []
  return topology.places
    .filter(({ component }) => component === 'loadBalancer')
    .flatMap((balancer) =>
      servers.map(
        ({ instance }): PlannedAction => ({
          ...{ phase: 'application', step, means: 'act', ...balancer },
          // A server that was drained when the deployment failed is used again once it is restored.
          ...{ inputs: { instance }, timeoutMs: 120_000, tries: 3, undo: step === 'undrain' ? 'again' : 'nothing' },
        }),
      ),
    )
}

function byWave(steps: readonly PlanStep[]): readonly (readonly PlanStep[])[] {
  const waves = [...new Set(steps.map(({ wave }) => wave))]
  return waves.map((wave) => steps.filter((step) => step.wave === wave))
}

function inBatches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

function numbered(slots: readonly Slot[]): readonly PlanStep[] {
  return slots.flatMap(({ steps, actions }, wave) => [
    ...steps.map((step) => ({ ...step, wave })),
    ...actions.map((action) => ({ wave, target: action.target, changes: [], action })),
  ])
}

/** A server that is drained to be restarted and to be changed is used again once when the deployment is rolled back. */
function usedAgainOnce(steps: readonly PlanStep[]): readonly PlanStep[] {
  const known = new Set<string>()
  return steps.map((one) => {
    const { target, action } = one
    if (action?.undo !== 'again' || action.step !== 'undrain') return one
    const server = `${target} ${String(action.inputs['instance'])}`
    if (known.has(server)) return { ...one, action: { ...action, undo: 'nothing' } }
    known.add(server)
    return one
  })
}

/** What the plan means for each component: the table that people read first. */
function impactOf(
  places: readonly Place[],
  changes: readonly ResourceChange[],
  actions: readonly PlannedAction[],
): readonly Impact[] {
  return places.map(({ component, instance, target }) => {
    const own = changes.filter((change) => change.target === target)
    const count = (action: ResourceChange['action']) => own.filter((change) => change.action === action).length
    return {
      ...{ component, instance, target },
      ...{ creates: count('create'), updates: count('update'), deletes: count('delete') },
      steps: [
        ...new Set(
          actions.filter((one) => one.target === target && one.component === component).map(({ step }) => step),
        ),
      ],
    }
  })
}

function refusalsOf(
  { key, places }: Topology,
  present: ReadonlyMap<string, PlanTarget>,
  { preFlight, validation, postDeployment }: Coordination,
  slots: readonly Slot[],
): readonly Refused[] {
  const absent = places
    .filter(({ target }) => !present.has(target))
    .map(({ component, target }) => ({
      target,
      key,
      why: `is the target of ${component}, and not one of this environment`,
    }))
  const planned = [...preFlight, ...slots.flatMap(({ actions }) => actions), ...validation, ...postDeployment]
  const unable = planned
    .filter(
      ({ means, step, target }) => means === 'act' && !(present.get(target)?.abilities.actions ?? []).includes(step),
    )
    .map(({ target, step }) => ({ target, key, why: `cannot do the step ${step}` }))
  return [...new Map([...absent, ...unable].map((one) => [`${one.target} ${one.why}`, one])).values()]
}
