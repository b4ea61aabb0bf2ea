import { parseDuration } from '../duration.ts'
import { GroupedDigests } from '../grouped.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Digest, Resource } from '../vocabulary.ts'
import { type StepMeaning, stepMeaning } from './library.ts'
import { type Component, components, isComponent, type Phase, phases } from './phases.ts'
import { withReferences } from './references.ts'

export const TOPOLOGY = 'Topology'

/** One server, database or other thing of a component, and the target that reaches it. */
export interface Place {
  readonly component: Component
  /** Its name; that of the component where it has only one. */
  readonly instance: string
  readonly target: string
}

/** A step as a topology asks for it, references resolved. */
export interface TopologyStep {
  readonly meaning: StepMeaning
  /** Only this component; null for all that the meaning names. */
  readonly only: Component | null
  readonly inputs: JsonObject
  readonly timeoutMs: number
  readonly tries: number
}

/** What an environment is made of, and in which order it is changed. */
export interface Topology {
  readonly key: string
  readonly digest: Digest
  /** In the order of the phases, then of the file. */
  readonly places: readonly Place[]
  /** Servers that are changed at the same time. */
  readonly maxUnavailable: number
  /** Whether the load balancer is asked to leave a server alone while it is changed or restarted. */
  readonly drain: boolean
  readonly steps: Readonly<Record<Phase, readonly TopologyStep[]>>
}

/** The topology among the resources of an environment; null where it has none. Their specs were checked when they were read. */
export function topologyIn(resources: readonly Resource[]): Topology | null {
  for (const { items } of groups.groups(resources)) {
    const found = searched.get(items) ?? items.filter(({ kind }) => kind === TOPOLOGY)
    searched.set(items, found)
    const [first] = found
    if (first !== undefined) return topologyOf(first)
  }
  return null
}

/** One among ten thousand that hardly change: a group that was searched for an earlier commit is not searched again. */
const groups = new GroupedDigests<Resource>(({ digest }) => digest)
const searched = new WeakMap<readonly Resource[], readonly Resource[]>()

function topologyOf({ key, digest, spec }: Resource): Topology {
  const strategy = objectAt(objectAt(spec, 'applicationServers'), 'deploymentStrategy')
  const { maxUnavailable, drain } = strategy
  return {
    key,
    digest,
    places: components.flatMap((name) => (isComponent(name) ? placesOf(name, objectAt(spec, name)) : [])),
    maxUnavailable: typeof maxUnavailable === 'number' ? maxUnavailable : 1,
    drain: drain === true,
    steps: stepsOf(spec),
  }
}

function placesOf(component: Component, section: JsonObject): readonly Place[] {
  const { target, instances } = section
  const listed: readonly Json[] = Array.isArray(instances) ? instances : []
  const places = listed.flatMap((item): readonly Place[] => {
    if (!isJsonObject(item)) return []
    return typeof item['name'] === 'string' && typeof item['target'] === 'string'
      ? [{ component, instance: item['name'], target: item['target'] }]
      : []
  })
  return typeof target === 'string' ? [{ component, instance: component, target }, ...places] : places
}

function stepsOf(spec: JsonObject): Topology['steps'] {
  const given = objectAt(spec, 'deploymentCoordination')['phases']
  const list: readonly Json[] = Array.isArray(given) ? given : []
  const lists = isJsonObject(given)
    ? Object.entries(given)
    : list.flatMap((item) => (isJsonObject(item) ? [[String(item['name']), item['steps'] ?? []] as const] : []))
  const of = (phase: Phase) =>
    lists.flatMap(([name, steps]) => {
      const items: readonly Json[] = name === phase && Array.isArray(steps) ? steps : []
      return items.flatMap((item) => stepOf(item, spec) ?? [])
    })
  return {
    'pre-flight': of('pre-flight'),
    database: of('database'),
    application: of('application'),
    edge: of('edge'),
    validation: of('validation'),
    'post-deployment': of('post-deployment'),
  }
}

function stepOf(item: Json, spec: JsonObject): TopologyStep | null {
  const fields = isJsonObject(item) ? item : { step: item }
  const meaning = stepMeaning(String(fields['step']))
  if (meaning === undefined) return null
  const { component, timeout, tries } = fields
  const inputs = withReferences(objectAt(fields, 'with'), spec)
  return {
    meaning,
    only: typeof component === 'string' && isComponent(component) ? component : null,
    inputs: isJsonObject(inputs) ? inputs : {},
    timeoutMs: (typeof timeout === 'string' ? parseDuration(timeout) : undefined) ?? meaning.timeoutMs,
    tries: typeof tries === 'number' ? tries : meaning.tries,
  }
}

function objectAt(value: JsonObject, field: string): JsonObject {
  const found = value[field]
  return isJsonObject(found) ? found : {}
}

/** Phases in which targets are changed; the others look, before and after. */
export const writingPhases = phases.filter(
  (phase): phase is 'database' | 'application' | 'edge' =>
    phase === 'database' || phase === 'application' || phase === 'edge',
)
