import { backupText } from '../core/backup.ts'
import { HonuaError } from '../core/errors/index.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import { summarizePlan } from '../core/plan/index.ts'
import { comparePairs } from '../core/release.ts'
import { resourceBody } from '../core/resource.ts'
import { compositionIn, TOPOLOGY } from '../core/topology/index.ts'
import type { Actor, Deployment, Plan, Resource } from '../core/vocabulary.ts'
import type { DocumentQuery } from '../ports/store.ts'
import { CommitCounts } from './commit-counts.ts'
import type { Controller } from './controller.ts'
import type { EnvironmentHost } from './environment/host.ts'
import { askToRecover, type RecoveryOrder } from './environment/recovery.ts'
import { planRollback } from './environment/restore.ts'
import type { Answer, EnvironmentStatus, Facade, PlanWithBodies, Refused } from './facade.ts'
import { failureFacts } from './failure.ts'
import {
  approvalObstacle,
  done,
  holdObstacle,
  notFound,
  order,
  previousRelease,
  refused,
  syncObstacle,
} from './orders.ts'
import { withDeadline } from './patience.ts'

/** How long an order may look at the targets before it is answered, in ms. */
const ORDER_LIMIT_MS = 60_000
/** How many of the newest deployments a rollback without a target looks through. */
const HISTORY_MAX = 200

/** What the faces may ask of the controller, answered from its actors and its store. */
export function facadeOf(controller: Controller, version: string): Facade {
  const { store, clock, source, world } = controller.parts

  const counts = new CommitCounts(source.git)

  const withHost = async (name: string, task: (host: EnvironmentHost) => Promise<Answer>): Promise<Answer> => {
    const host = controller.host(name)
    return host === undefined ? notFound('environment', name) : guarded(controller, () => task(host))
  }
  const withDeployment = async (
    id: string,
    task: (host: EnvironmentHost, deployment: Deployment) => Promise<Answer>,
  ): Promise<Answer> => {
    const deployment = await deploymentOf(controller, id)
    const host = deployment === undefined ? undefined : controller.host(deployment.environment)
    if (deployment === undefined || host === undefined) return notFound('deployment', id)
    return guarded(controller, () => task(host, deployment))
  }
  const planOf = async (digest: string | undefined): Promise<PlanWithBodies | null> =>
    digest === undefined ? null : withBodies(controller, await world.bundles.plan(digest))

  return {
    version,
    startedAt: controller.startedAt,
    now: () => clock.now(),
    state: () => (store.health().state === 'disk-full' ? 'DiskFull' : controller.state),
    storeHealth: () => store.health(),
    notices: () => controller.setup.notices,
    environments: () => controller.hosts.map(statusOf),
    environment(name) {
      const host = controller.host(name)
      return host === undefined ? undefined : statusOf(host)
    },
    drift: (environment) => world.bundles.drift(controller.host(environment)?.context.drift),
    progress: (environment) => world.progress.of(environment),
    targets: (environment) => world.reached.of(environment),
    order: () => controller.setup.environments,
    notYetActive: () => controller.setup.notYetActive,
    room: () => store.room(),
    commitsBetween: (environment, from, to) => counts.between(environment, from, to),
    async commit(id) {
      return (await source.git.has(id)) ? source.git.commitInfo(id) : null
    },
    async compareReleases(one, other) {
      const [mine, theirs] = await Promise.all([world.bundles.pairs(one), world.bundles.pairs(other)])
      return mine === null || theirs === null ? null : comparePairs(mine, theirs)
    },
    composition: async (release) => compositionIn(await world.bundles.ofKind(release, TOPOLOGY)),
    async owned(environment) {
      const counts = new Map<string, number>()
      const owned = await world.bundles.inventory(controller.host(environment)?.context.inventory ?? null)
      for (const { target } of owned) counts.set(target, (counts.get(target) ?? 0) + 1)
      return counts
    },
    source: () => source.status(controller.nextPollAt),
    async plan(environment) {
      const context = controller.host(environment)?.context
      return planOf(context?.attempt?.plan.digest ?? context?.plan?.digest)
    },
    deploymentPlan: async (id) => planOf((await deploymentOf(controller, id))?.plan.digest),
    deployments: (query) => deployments(controller, query),
    deployment: (id) => deploymentOf(controller, id),
    journal: (stream, from, to) => store.journal(stream, from, to),
    base: (stream) => store.base(stream),
    snapshot: (stream) => store.snapshot(stream),
    audit: (from) => store.audit(from),
    backup: () => backupText({ by: version, at: clock.now() }, store.everything()),
    committed$: controller.committed$,

    sync: (environment, by) =>
      withHost(environment, async (host) => {
        await controller.pollNow()
        return syncObstacle(host.context) ?? order(host, { type: 'look.requested', by }, 'a sync')
      }),
    hold: (environment, { reason, until }, by) =>
      withHost(
        environment,
        async (host) =>
          holdObstacle(host.context, until) ?? order(host, { type: 'hold.placed', reason, until, by }, 'a hold'),
      ),
    unhold: (environment, { reason }, by) =>
      withHost(environment, (host) => order(host, { type: 'hold.lifted', reason, by }, 'lifting the hold')),
    approve: (id, { reason, plan }, by) =>
      withDeployment(
        id,
        async (host, deployment) =>
          approvalObstacle(deployment, host.context, { plan, now: clock.now() }) ??
          order(host, { type: 'approval.granted', deployment: id, reason, by }, 'approving'),
      ),
    reject: (id, { reason }, by) =>
      withDeployment(
        id,
        async (host, deployment) =>
          pendingObstacle(deployment) ??
          order(host, { type: 'approval.rejected', deployment: id, reason, by }, 'rejecting'),
      ),
    cancel: (id, { reason }, by) =>
      withDeployment(id, (host) =>
        order(host, { type: 'deployment.cancelled', deployment: id, reason, by }, 'cancelling'),
      ),
    async rollbackPlan(environment, { to }) {
      const host = controller.host(environment)
      if (host === undefined) return notFound('environment', environment)
      return guarded(controller, async () => {
        const planned = await plannedRollback(controller, host, to)
        return planned.ok ? { ok: true, value: await withBodies(controller, planned.value) } : planned
      })
    },
    async rollback(environment, asked, by) {
      const host = controller.host(environment)
      if (host === undefined) return notFound('environment', environment)
      return guarded(controller, () => rollback(controller, host, { ...asked, by }))
    },
    async restore(environment, asked, by) {
      const host = controller.host(environment)
      if (host === undefined) return notFound('environment', environment)
      return guarded(controller, () => restore(controller, host, { ...asked, by }))
    },
    acceptRewrite: (commit, { reason }, by) =>
      guarded(controller, async () => {
        const { pending } = source.actor.state.context
        const full = pending?.startsWith(commit) && commit.length >= 7 ? pending : commit
        const sent = await source.actor.send({ type: 'rewrite.accepted', commit: full, reason, by })
        if (sent.taken) return done
        return refused(
          'refused',
          'HONUA_GIT_NOTHING_WAITS',
          `no rewritten history waits at ${commit}`,
          'see: honua source show',
        )
      }),
  }
}

/** Answers `unavailable` instead of waiting while nothing can be made durable, and never lets an error out raw. */
async function guarded<Value>(controller: Controller, task: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
  const health = controller.parts.store.health()
  if (health.state === 'disk-full')
    return refused(
      'unavailable',
      'HONUA_STORE_DISK_FULL',
      health.message,
      'free some space; the controller goes on by itself',
    )
  try {
    return await task()
  } catch (error) {
    const { code, message } = failureFacts(error)
    return refused('unavailable', code, message, 'see the controller’s log')
  }
}

function pendingObstacle(deployment: Deployment): Refused | null {
  if (deployment.state === 'AwaitingApproval') return null
  const how = deployment.outcome === null ? deployment.state : `${deployment.state} (${deployment.outcome})`
  return refused(
    'refused',
    'HONUA_APPROVAL_NOT_PENDING',
    `${deployment.id} does not wait for approval: it is ${how}`,
    'see: honua deployment list',
  )
}

/** What going back comes to now. */
async function plannedRollback(
  controller: Controller,
  host: EnvironmentHost,
  to: string | null,
): Promise<Answer<Plan>> {
  const history = await newest(controller, host.name)
  const target = to === null ? previousRelease(history, host.context) : named(history, to)
  if (target === undefined)
    return refused(
      'not-found',
      'HONUA_ROLLBACK_NO_RELEASE',
      to === null
        ? `"${host.name}" has no earlier release to go back to`
        : `no completed deployment of "${host.name}" matches ${to}`,
      `list them with: honua deployment list --env ${host.name}`,
    )
  const { world } = controller.parts
  const plan = await looking(controller, host.name, (signal) => planRollback(world, host.context, target, signal))
  if (plan.changes.length === 0)
    return refused(
      'invalid',
      'HONUA_ROLLBACK_NOTHING',
      `"${host.name}" holds that release already`,
      'name another one with --to',
    )
  return { ok: true, value: plan }
}

async function rollback(
  controller: Controller,
  host: EnvironmentHost,
  asked: {
    readonly reason: string
    readonly to: string | null
    readonly plan: string | null
    readonly by: Actor
  },
): Promise<Answer<{ readonly deployment: string }>> {
  const planned = await plannedRollback(controller, host, asked.to)
  if (!planned.ok) return planned
  const plan = summarizePlan(planned.value)
  if (asked.plan !== null && (asked.plan.length < 8 || !plan.digest.startsWith(asked.plan)))
    return refused(
      'blocked',
      'HONUA_PLAN_VOID',
      `going back comes to the plan ${plan.digest.slice(0, 12)} now, not ${asked.plan.slice(0, 12)}`,
      'look at what would be applied as it is now, and order it again',
    )
  const sent = await order(host, { type: 'rollback.requested', plan, reason: asked.reason, by: asked.by }, 'a rollback')
  if (!sent.ok) return sent
  return { ok: true, value: { deployment: host.context.attempt?.id ?? host.context.ended?.attempt.id ?? '' } }
}

/** What an order needs to know first; throws HONUA_TIMEOUT when that takes too long. */
function looking<Value>(controller: Controller, at: string, task: (signal: AbortSignal) => Promise<Value>) {
  const { signal } = new AbortController()
  return withDeadline(controller.parts.clock, { ms: ORDER_LIMIT_MS, what: `the look at "${at}"`, signal }, task)
}

async function restore(
  controller: Controller,
  host: EnvironmentHost,
  asked: RecoveryOrder & { readonly reason: string; readonly by: Actor },
): Promise<Answer<{ readonly deployment: string }>> {
  const { world } = controller.parts
  const { target, backup, reason, by } = asked
  try {
    const plan = await looking(controller, target, (signal) => askToRecover(world, host.context, asked, signal))
    const sent = await order(host, { type: 'recovery.requested', plan, target, backup, reason, by }, 'a restore')
    return sent.ok ? { ok: true, value: { deployment: host.context.attempt?.id ?? '' } } : sent
  } catch (error) {
    if (!(error instanceof HonuaError) || error.retry === 'later') throw error
    return refused(
      error.code === 'HONUA_TARGET_UNKNOWN' ? 'not-found' : 'invalid',
      error.code,
      error.message,
      error.remedy,
    )
  }
}

/** A completed deployment by its id, or the newest one of a commit. */
function named(history: readonly Deployment[], to: string): Deployment | undefined {
  const completed = history.filter((one) => one.state === 'Completed')
  return (
    completed.find((one) => one.id === to) ??
    (to.length >= 7 ? completed.find((one) => one.commit.startsWith(to)) : undefined)
  )
}

async function newest(controller: Controller, environment: string): Promise<readonly Deployment[]> {
  const found: Deployment[] = []
  for await (const one of deployments(controller, { prefix: `${environment}-`, reverse: true }))
    if (one.environment === environment && found.push(one) >= HISTORY_MAX) break
  return found
}

async function* deployments(controller: Controller, query?: DocumentQuery): AsyncIterable<Deployment> {
  for await (const { value } of controller.parts.store.documents('deployments', query))
    if (isJsonObject(value)) yield asDeployment(value)
}

async function deploymentOf(controller: Controller, id: string): Promise<Deployment | undefined> {
  const value = await controller.parts.store.document('deployments', id)
  return value !== undefined && isJsonObject(value) ? asDeployment(value) : undefined
}

/** Only records.ts writes this collection, and it writes deployments. */
function asDeployment(value: JsonObject): Deployment {
  return value as object as Deployment
}

async function withBodies(controller: Controller, plan: Plan): Promise<PlanWithBodies> {
  const digests = plan.changes.flatMap((change) => [change.before, change.after]).filter((digest) => digest !== null)
  const bodies = await controller.parts.world.bundles.bodies([...new Set(digests)])
  const body = (digest: string | null): JsonObject | null => {
    const resource: Resource | undefined = digest === null ? undefined : bodies.get(digest)
    return resource === undefined ? null : JSON.parse(resourceBody(resource))
  }
  return {
    plan,
    bodies: plan.changes.map(({ target, key, action, before, after }) => ({
      target,
      key,
      action,
      before: body(before),
      after: body(after),
    })),
  }
}

function statusOf(host: EnvironmentHost): EnvironmentStatus {
  return { name: host.name, path: host.actor.path, context: host.context }
}
