import type { JsonObject } from '../../../src/core/json.ts'
import { makePlan, type PlanTarget } from '../../../src/core/plan/index.ts'
import { releaseDigest } from '../../../src/core/release.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type {
  DeclaredResource,
  DesiredState,
  EnvironmentSettings,
  LiveResource,
  Plan,
  Resource,
} from '../../../src/core/vocabulary.ts'
import { someSettings } from './environment.ts'

/** A layer in the seed's form, as a resource. */
export function aSeedLayer(
  name: string,
  over: { readonly spec?: JsonObject; readonly annotations?: Readonly<Record<string, string>> } = {},
): Resource {
  const { spec = { title: name, geometryType: 'Polygon', storage: { table: name, srid: 4326 } }, annotations } = over
  return makeResource({
    apiVersion: 'honua.io/v1',
    kind: 'Layer',
    namespace: 'default',
    name,
    metadata: annotations === undefined ? {} : { annotations },
    spec,
  })
}

/** A commit that declares exactly these, each in a file of its name. */
export function declared(resources: readonly Resource[]): DesiredState {
  const sorted: DeclaredResource[] = resources.map((one) => ({
    ...one,
    location: { path: `environments/dev/${one.name}.yaml`, line: 1, column: 1 },
  }))
  return {
    environment: 'dev',
    commit: 'a'.repeat(40),
    trees: { environment: 't', common: null, gitops: null },
    resources: sorted,
    release: releaseDigest(sorted),
  }
}

/** A target that holds these, all at version 1, and stores what it is given as it is. */
export function aTarget(
  live: readonly Resource[],
  abilities: Partial<PlanTarget['abilities']> = {},
  name = 'files',
): PlanTarget {
  const resources: LiveResource[] = live.map((one) => ({ ...one, version: '1' }))
  return {
    name,
    description: 'a target',
    abilities: { delete: 'delete', transactional: false, exclusive: false, ...abilities },
    live: { target: name, resources },
  }
}

/** The plan from what is live on one target to what is declared; what is live is ours unless `ours` says otherwise. */
export function planned(
  live: readonly Resource[],
  desired: readonly Resource[],
  over: {
    readonly settings?: Partial<EnvironmentSettings>
    readonly ours?: readonly Resource[]
    readonly abilities?: Partial<PlanTarget['abilities']>
  } = {},
): Plan {
  return makePlan({
    desired: declared(desired),
    reason: 'commit',
    targets: [aTarget(live, over.abilities)],
    inventory: (over.ours ?? live).map((one) => ({ target: 'files', key: one.key })),
    settings: someSettings(over.settings),
  })
}

/** What a plan does, in order: `create Layer/default/a`. */
export function actsOf(plan: Plan): readonly string[] {
  return plan.changes.map((change) => `${change.action} ${change.key}`)
}
