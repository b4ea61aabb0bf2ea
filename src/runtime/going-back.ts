/** Orders that go back: to an earlier release, or a database to a backup of it. They look at the targets before they are answered. */
import { HonuaError } from '../core/errors/index.ts'
import { summarizePlan } from '../core/plan/index.ts'
import type { Actor, Deployment, Plan } from '../core/vocabulary.ts'
import type { Controller } from './controller.ts'
import { deployments } from './deployments.ts'
import type { EnvironmentHost } from './environment/host.ts'
import { askToRecover, type RecoveryOrder } from './environment/recovery.ts'
import { planRollback } from './environment/restore.ts'
import type { Answer } from './facade.ts'
import { order, previousRelease, refused } from './orders.ts'
import { withDeadline } from './patience.ts'

/** How long an order may look at the targets before it is answered, in ms. */
const ORDER_LIMIT_MS = 60_000
/** How many of the newest deployments a rollback without a target looks through. */
const HISTORY_MAX = 200

/** What going back comes to now. */
export async function plannedRollback(
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

/** Orders a rollback that comes to the plan that was named, where one was. */
export async function rollback(
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

/** Asks that a backup is put back. */
export async function restore(
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
  for await (const one of deployments(controller.parts.store, { prefix: `${environment}-`, reverse: true }))
    if (one.environment === environment && found.push(one) >= HISTORY_MAX) break
  return found
}
