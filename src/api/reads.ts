/** Every route that only looks. */
import type { FastifyInstance } from 'fastify'
import { apiErrors } from '../core/errors/api.ts'
import type { Deployment } from '../core/vocabulary.ts'
import type { Facade } from '../runtime/facade.ts'
import type {
  DeploymentList,
  EnvironmentList,
  EnvironmentView,
  PlanAnswer,
  SourceView,
  StatusView,
} from './contract.ts'
import { addOverview } from './overview/index.ts'
import { countIn } from './query.ts'
import { environmentViewOf, planView, sourceView, statusView } from './views.ts'

/** How many deployments are listed when nobody says, and at most. */
const DEPLOYMENTS = { usual: 20, most: 500 }

interface Named {
  readonly Params: { readonly name: string }
  readonly Querystring: { readonly [key: string]: unknown }
}

export function addReads(app: FastifyInstance, facade: Facade): void {
  addOverview(app, facade)
  app.get('/v1/status', async (): Promise<StatusView> => statusView(facade))
  app.get('/v1/source', async (): Promise<SourceView> => sourceView(facade.source()))
  app.get(
    '/v1/environments',
    async (): Promise<EnvironmentList> => ({
      environments: await Promise.all(facade.environments().map((status) => environmentViewOf(facade, status))),
    }),
  )
  app.get<Named>('/v1/environments/:name', async ({ params }): Promise<EnvironmentView> => {
    return environmentViewOf(facade, statusOf(facade, params.name))
  })
  app.get<Named>('/v1/environments/:name/plan', async ({ params }): Promise<PlanAnswer> => {
    const found = await facade.plan(statusOf(facade, params.name).name)
    return { plan: found === null ? null : planView(found) }
  })
  app.get<Named>('/v1/environments/:name/history', async ({ params, query }): Promise<DeploymentList> => {
    const { name } = statusOf(facade, params.name)
    return { deployments: await newestOf(facade, name, countIn(query, 'limit', DEPLOYMENTS)) }
  })
  app.get<Named>('/v1/deployments', async ({ query }): Promise<DeploymentList> => {
    const limit = countIn(query, 'limit', DEPLOYMENTS)
    const asked = query['environment']
    const names =
      typeof asked === 'string' ? [statusOf(facade, asked).name] : facade.environments().map(({ name }) => name)
    const found: Deployment[] = []
    for (const name of names) found.push(...(await newestOf(facade, name, limit)))
    return { deployments: found.sort((one, other) => other.startedAt - one.startedAt).slice(0, limit) }
  })
  app.get<Named>('/v1/deployments/:name', async ({ params }): Promise<Deployment> => deploymentOf(facade, params.name))
  app.get<Named>('/v1/deployments/:name/plan', async ({ params }): Promise<PlanAnswer> => {
    const found = await facade.deploymentPlan((await deploymentOf(facade, params.name)).id)
    return { plan: found === null ? null : planView(found) }
  })
}

/** Throws HONUA_NOT_FOUND. */
export function statusOf(facade: Facade, name: string) {
  const found = facade.environment(name)
  if (found === undefined) throw apiErrors.notFound({ what: 'environment', name })
  return found
}

/** Throws HONUA_NOT_FOUND. */
export async function deploymentOf(facade: Facade, id: string): Promise<Deployment> {
  const found = await facade.deployment(id)
  if (found === undefined) throw apiErrors.notFound({ what: 'deployment', name: id })
  return found
}

/** Newest first. The prefix `prod-` also finds what belongs to `prod-eu`, so each is looked at. */
async function newestOf(facade: Facade, environment: string, limit: number): Promise<readonly Deployment[]> {
  const found: Deployment[] = []
  for await (const one of facade.deployments({ prefix: `${environment}-`, reverse: true }))
    if (one.environment === environment && found.push(one) >= limit) break
  return found
}
