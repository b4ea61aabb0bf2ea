/** The environment told a second time, flat: where each event leads, from wherever it comes. The chart tells it by state, this by event. */
import { triesOf } from '../../../machines/environment/memory.ts'
import type { EnvironmentContext, EnvironmentEvent } from '../../../machines/environment/types.ts'
import type { Configuration } from './explore.ts'

export type Here = Configuration<EnvironmentContext>

/** Where an event leads: `null` where it is refused, `same` where only memory changes, otherwise the state that is entered. */
export type Road = string | 'same' | null

const LOOKING = /^Unknown\.looking$|checking$|planning$/

/** Where the event leads, with what moved meanwhile looked at first. */
export function roadOf(before: Here, event: EnvironmentEvent): Road {
  if ('effect' in event && before.state.context.owed[0]?.id !== event.effect) return null
  const road = firstRoad(before, event)
  const isResting = road !== null && /^OutOfSync\.(held|waiting)$|^Synced\.quiet$/.test(road)
  return isResting && before.state.context.outdated ? 'OutOfSync.planning' : road
}

/** Whether a new look starts there. */
export function startsLook(road: Road): boolean {
  return road !== null && LOOKING.test(road)
}

function firstRoad(before: Here, event: EnvironmentEvent): Road {
  const { path } = before
  const { context } = before.state
  const [top = ''] = path.split('.')
  if (path === 'AwaitingApproval.askedToRecover') return whileAskedToRecover(before, event)
  switch (event.type) {
    case 'settings.changed':
      return context.head === null && top === 'Unknown' ? 'Unknown.waiting' : afterNews(top)
    case 'head.moved':
      return context.settings === null && top === 'Unknown' ? 'Unknown.waiting' : afterNews(top)
    case 'hold.placed':
      if (context.hold?.kind === 'intervention' && event.until !== null) return null
      return top === 'OutOfSync' ? 'OutOfSync.planning' : 'same'
    case 'hold.lifted':
      return top === 'OutOfSync' ? 'OutOfSync.planning' : 'same'
    case 'timer.fired':
      return afterTimer(before, event.at)
    case 'look.requested':
      if (/^(Unknown\.looking|OutOfSync\.planning|OutOfSync\.deciding)$/.test(path)) return 'same'
      if (top === 'Synced') return 'Synced.checking'
      return /^(Unknown\.waiting|Deploying|RollingBack)/.test(path) ? null : afterNews(top)
    case 'recovery.requested':
      return /^(Synced|OutOfSync)$/.test(top) ? 'AwaitingApproval.askedToRecover' : null
    case 'recovery.checked':
      return 'RollingBack.recovering'
    case 'rollback.requested':
      return /^(Synced|OutOfSync|AwaitingApproval)$/.test(top) ? 'RollingBack.restoring' : null
    case 'approval.granted': {
      const { attempt, hold, head } = context
      if (top !== 'AwaitingApproval' || attempt?.id !== event.deployment || hold !== null) return null
      const isInTime = attempt.expiresAt !== null && event.at < attempt.expiresAt
      return isInTime && head?.commit === attempt.plan.commit ? 'Deploying.validating' : null
    }
    case 'approval.rejected':
      return top === 'AwaitingApproval' && context.attempt?.id === event.deployment ? 'OutOfSync.held' : null
    case 'deployment.cancelled':
      if (!/^(AwaitingApproval|Deploying)$/.test(top) || context.attempt?.id !== event.deployment) return null
      return isWriting(path) ? 'RollingBack.restoring' : 'OutOfSync.held'
    case 'look.planned':
      return path === 'AwaitingApproval.checking' && context.attempt?.plan.digest === event.plan.digest
        ? 'AwaitingApproval.asked'
        : 'OutOfSync.deciding'
    case 'look.clean':
      return 'Synced.quiet'
    case 'look.invalid':
      return 'OutOfSync.blocked'
    case 'look.failed':
      if (top === 'AwaitingApproval') return 'AwaitingApproval.asked'
      return top === 'OutOfSync' ? 'OutOfSync.blocked' : 'Unknown.unreachable'
    case 'decision.made':
      return {
        deploy: 'Deploying.validating',
        ask: 'AwaitingApproval.asked',
        wait: 'OutOfSync.waiting',
        block: 'OutOfSync.held',
      }[event.decision.outcome]
    case 'validation.passed':
      return 'Deploying.backingUp'
    case 'plan.stale':
      return 'OutOfSync.planning'
    case 'validation.failed':
    case 'backup.failed':
      return isTriedAgain(context, event) ? 'OutOfSync.waiting' : 'OutOfSync.held'
    case 'backup.done':
      return 'Deploying.applying'
    case 'wave.applied':
      return isLastWave(context) ? 'Deploying.postValidating' : 'Deploying.applying'
    case 'verification.passed':
      return 'Synced.quiet'
    case 'wave.failed':
    case 'verification.failed':
      return 'RollingBack.restoring'
    case 'restore.done':
      return 'RollingBack.verifying'
    case 'restore.verified':
      return context.attempt?.restore?.release === context.seen?.release &&
        context.seen?.commit === context.head?.commit
        ? 'Synced.quiet'
        : 'OutOfSync.held'
    case 'restore.failed':
    case 'restore.unverified':
    case 'recovery.done':
    case 'recovery.failed':
      return 'OutOfSync.held'
  }
}

/** Until the request is answered or lapses, news and holds are only remembered; a rollback goes before it. */
function whileAskedToRecover({ path, state: { context } }: Here, event: EnvironmentEvent): Road {
  const { attempt, hold } = context
  switch (event.type) {
    case 'settings.changed':
    case 'head.moved':
    case 'hold.lifted':
      return 'same'
    case 'hold.placed':
      return hold?.kind === 'intervention' && event.until !== null ? null : 'same'
    case 'rollback.requested':
      return 'RollingBack.restoring'
    case 'approval.granted':
      return attempt?.id === event.deployment && (attempt.expiresAt ?? 0) > event.at
        ? 'RollingBack.checkingRecovery'
        : null
    case 'approval.rejected':
    case 'deployment.cancelled':
      return attempt?.id === event.deployment ? 'OutOfSync.planning' : null
    case 'timer.fired':
      if (attempt?.expiresAt != null && attempt.expiresAt <= event.at) return 'OutOfSync.planning'
      return hold?.until != null && hold.until <= event.at ? 'same' : null
    case 'recovery.requested':
    case 'look.requested':
      return null
    default:
      throw new Error(`${event.type} is no answer that ${path} waits for`)
  }
}

/** News start a new look, except while something is written: then it waits. */
function afterNews(top: string): Road {
  switch (top) {
    case 'Unknown':
      return 'Unknown.looking'
    case 'Synced':
    case 'OutOfSync':
      return 'OutOfSync.planning'
    case 'AwaitingApproval':
      return 'AwaitingApproval.checking'
    default:
      return 'same'
  }
}

/** A request that lapses goes before everything; then a look that is due, then a hold that ends. */
function afterTimer({ path, state: { context } }: Here, at: number): Road {
  const { nextLookAt, waiting, hold, attempt } = context
  const isDue = (moment: number | null | undefined) => moment != null && moment <= at
  if (path.startsWith('AwaitingApproval.')) {
    if (isDue(attempt?.expiresAt)) return 'OutOfSync.held'
    if (isDue(nextLookAt)) return 'AwaitingApproval.checking'
  }
  if (path.startsWith('OutOfSync.')) return isDue(hold?.until) || isDue(waiting?.until) ? 'OutOfSync.planning' : null
  if (path === 'Unknown.unreachable' && isDue(nextLookAt)) return 'Unknown.looking'
  if (path === 'Synced.quiet' && isDue(nextLookAt)) return 'Synced.checking'
  return isDue(hold?.until) ? 'same' : null
}

/** Whether something may have been written already. */
export function isWriting(path: string): boolean {
  return /^Deploying\.(applying|postValidating)$/.test(path)
}

export function isLastWave({ attempt }: EnvironmentContext): boolean {
  return attempt === null || attempt.wave === attempt.plan.waves - 1
}

/** Only what passes by itself is tried again, and only so often. */
export function isTriedAgain(context: EnvironmentContext, failure: { readonly transient: boolean }): boolean {
  const { settings } = context
  if (settings === null || !settings.retry.enabled || !failure.transient) return false
  return settings.retry.attemptsMax - triesOf(context) > 1
}
