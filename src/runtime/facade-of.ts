import { backupText } from '../core/backup.ts'
import type { JsonObject } from '../core/json.ts'
import { comparePairs } from '../core/release.ts'
import { resourceBody } from '../core/resource.ts'
import { compositionIn, TOPOLOGY } from '../core/topology/index.ts'
import type { Deployment, Plan, Resource } from '../core/vocabulary.ts'
import { CommitCounts } from './commit-counts.ts'
import type { Controller } from './controller.ts'
import { deploymentOf, deployments } from './deployments.ts'
import type { EnvironmentHost } from './environment/host.ts'
import type { Answer, EnvironmentStatus, Facade, PlanWithBodies, Refused } from './facade.ts'
import { failureFacts } from './failure.ts'
import { plannedRollback, restore, rollback } from './going-back.ts'
import { approvalObstacle, cancel, done, holdObstacle, notFound, order, refused, syncObstacle } from './orders.ts'

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
    const deployment = await deploymentOf(store, id)
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
    deploymentPlan: async (id) => planOf((await deploymentOf(store, id))?.plan.digest),
    deployments: (query) => deployments(store, query),
    deployment: (id) => deploymentOf(store, id),
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
      withHost(environment, async (host) => {
        // A wait for a person may be on its way to the disk.
        await host.actor.settled()
        return holdObstacle(host.context) ?? order(host, { type: 'hold.placed', reason, until, by }, 'a hold')
      }),
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
      withDeployment(id, (host) => cancel(world.doing, host, { deployment: id, reason, by }, clock.now())),
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
