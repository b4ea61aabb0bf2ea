/** What a person may order of an environment, and why not: reads the state, then sends the event; the chart has the last word. */
import type { EnvironmentContext, EnvironmentFact } from '../../machines/environment/types.ts'
import type { Actor, Deployment, Instant } from '../core/vocabulary.ts'
import type { Doing } from './environment/doing.ts'
import type { EnvironmentHost } from './environment/host.ts'
import type { Answer, Refused } from './facade.ts'

type Why = Refused['why']

/** An order that cannot be carried out. */
export function refused(why: Why, code: string, message: string, remedy: string): Refused {
  return { ok: false, why, code, message, remedy }
}

export const done: Answer = { ok: true, value: null }

export function notFound(what: string, name: string): Refused {
  return refused(
    'not-found',
    'HONUA_NOT_FOUND',
    `there is no ${what} "${name}"`,
    `list them with: honua ${what === 'deployment' ? 'deployment' : 'env'} list`,
  )
}

/** Sends the event; says that the state does not allow it when the chart does not take it. */
export async function order(host: EnvironmentHost, fact: EnvironmentFact, what: string): Promise<Answer> {
  const sent = await host.actor.send(fact)
  if (sent.taken) return done
  const isBusy = sent.path.startsWith('Deploying') || sent.path.startsWith('RollingBack')
  return refused(
    isBusy ? 'busy' : 'refused',
    isBusy ? 'HONUA_ENVIRONMENT_BUSY' : 'HONUA_STATE_REFUSES',
    `${what} is not possible while "${host.name}" is ${sent.path}`,
    isBusy ? `follow it with: honua events --follow; then try again` : `see: honua env show ${host.name}`,
  )
}

/** Orders that a deployment is broken off, with the steps that are broken off by it: nothing else would tell of them. */
export function cancel(
  doing: Doing,
  host: EnvironmentHost,
  { deployment, reason, by }: { readonly deployment: string; readonly reason: string; readonly by: Actor },
  now: Instant,
): Promise<Answer> {
  const effect = host.context.owed[0]?.id
  return doing.breakingOff({ environment: host.name, effect, now }, (did) => {
    const broken = effect === undefined || did.length === 0 ? {} : { brokenOff: { effect, did } }
    return order(host, { type: 'deployment.cancelled', deployment, reason, by, ...broken }, 'cancelling')
  })
}

/** Why a pending request may not be approved now; null when it may. */
export function approvalObstacle(
  deployment: Deployment,
  context: EnvironmentContext,
  asked: { readonly plan: string | null; readonly now: Instant },
): Refused | null {
  const { attempt, hold, head } = context
  if (attempt?.id !== deployment.id || deployment.state !== 'AwaitingApproval')
    return notPending(deployment, attempt?.expiresAt == null ? null : attempt.id)
  // A database is put back when things went wrong: neither a hold nor a newer commit stands against it.
  const isRecovery = attempt.kind === 'recovery'
  if (hold !== null && !isRecovery)
    return refused(
      'blocked',
      'HONUA_ENVIRONMENT_HELD',
      `"${context.name}" is held by ${hold.by.name}: ${hold.reason}`,
      `lift the hold first: honua env unhold ${context.name}`,
    )
  if (attempt.expiresAt !== null && attempt.expiresAt <= asked.now)
    return refused(
      'refused',
      'HONUA_APPROVAL_EXPIRED',
      `the request ${deployment.id} expired`,
      isRecovery
        ? `ask again with: honua restore ${context.name}`
        : `ask again with: honua controller sync ${context.name}`,
    )
  if (asked.plan !== null && (asked.plan.length < 8 || !attempt.plan.digest.startsWith(asked.plan)))
    return refused(
      'blocked',
      'HONUA_PLAN_VOID',
      `the plan of ${deployment.id} is ${attempt.plan.digest.slice(0, 12)}, not ${asked.plan.slice(0, 12)}`,
      `look at the plan as it is now: honua deployment show ${deployment.id}`,
    )
  if (head?.commit !== attempt.plan.commit && !isRecovery)
    return refused(
      'refused',
      'HONUA_PLAN_SUPERSEDED',
      `a newer commit ${head?.commit.slice(0, 12)} is being planned`,
      'approve the request made for it',
    )
  return null
}

function notPending(deployment: Deployment, open: string | null): Refused {
  const how = deployment.outcome === null ? deployment.state : `${deployment.state} (${deployment.outcome})`
  return refused(
    'refused',
    'HONUA_APPROVAL_NOT_PENDING',
    `${deployment.id} does not wait for approval: it is ${how}`,
    open === null ? `see: honua deployment list` : `the request that waits is ${open}: honua deployment show ${open}`,
  )
}

/**
 * Why a hold may not be placed now; null when it may. One without an end would take the place of the wait for a person, and one with an
 * end that came later would then end both.
 */
export function holdObstacle({ name, hold }: EnvironmentContext): Refused | null {
  if (hold?.kind !== 'intervention') return null
  return refused(
    'blocked',
    'HONUA_ENVIRONMENT_HELD',
    `"${name}" waits for a person, and is held until one lets it go on: ${hold.reason}`,
    `let it go on when it is mended: honua env unhold ${name}`,
  )
}

/** Why a sync leads nowhere now; null when it may be asked for. */
export function syncObstacle(context: EnvironmentContext): Refused | null {
  const { name, hold } = context
  if (hold !== null)
    return refused(
      'blocked',
      'HONUA_ENVIRONMENT_HELD',
      `"${name}" is held by ${hold.by.name}: ${hold.reason}`,
      `lift the hold first: honua env unhold ${name}`,
    )
  const quarantine = context.quarantine.find(
    (one) => one.release === context.seen?.release && one.commit === context.head?.commit,
  )
  if (quarantine !== undefined)
    return refused(
      'blocked',
      'HONUA_RELEASE_QUARANTINED',
      `what Git declares for "${name}" is quarantined: ${quarantine.reason}`,
      `push a newer commit, or try it again with: honua env unhold ${name}`,
    )
  return null
}

/** The deployment whose release a rollback without a target goes to: the last one that completed with another release. */
export function previousRelease(
  deployments: readonly Deployment[],
  context: EnvironmentContext,
): Deployment | undefined {
  return deployments.find((one) => one.state === 'Completed' && one.release !== context.applied?.release)
}
