/** What holds for every event at every configuration of an environment, however it was reached. */
import { isDeepStrictEqual } from 'node:util'
import { wakeAt } from '../../../machines/environment/memory.ts'
import type { EnvironmentContext, EnvironmentFact } from '../../../machines/environment/types.ts'
import type { Configuration, Promised } from './explore.ts'

type Context = EnvironmentContext
/** The one kind of work that each working state owes. States that are not named here owe nothing. */
const workOf: Readonly<Record<string, Context['owed'][number]['kind']>> = {
  'Unknown.looking': 'look',
  'Synced.checking': 'look',
  'OutOfSync.planning': 'look',
  'OutOfSync.deciding': 'decide',
  'AwaitingApproval.checking': 'look',
  'Deploying.validating': 'validate',
  'Deploying.backingUp': 'backUp',
  'Deploying.applying': 'applyWave',
  'Deploying.postValidating': 'verify',
  'RollingBack.restoring': 'restore',
  'RollingBack.verifying': 'verifyRestore',
  'RollingBack.checkingRecovery': 'checkRecovery',
  'RollingBack.recovering': 'recover',
}

/** Where a person must act, by the reason given: the order that leads on. A newer commit leads on from each as well. */
const orderAfter: Readonly<Record<string, string>> = {
  'approval-expired': 'look.requested',
  invalid: 'look.requested',
  held: 'hold.lifted',
  quarantined: 'hold.lifted',
  rejected: 'hold.lifted',
  cancelled: 'hold.lifted',
  'rollback-failed': 'hold.lifted',
  recovered: 'hold.lifted',
  'recovery-failed': 'hold.lifted',
}

const WAITS = /^OutOfSync\.(waiting|held|blocked)$|^Unknown\.unreachable$/

export const environmentPromises: readonly Promised<Context, EnvironmentFact>[] = [
  {
    title: 'a working state owes exactly its one kind of work, a resting state owes nothing',
    broken: ({ after }) => {
      const expected = workOf[after.path]
      const owed = after.state.context.owed.map((work) => work.kind)
      return isDeepStrictEqual(owed, expected === undefined ? [] : [expected]) ? null : `owes ${owed.join()}`
    },
  },
  {
    title: 'new work gets an id of its own: environment, sequence of the event, number; old work keeps its id',
    broken: ({ before, event, after }) => {
      const [work] = after.state.context.owed
      if (work === undefined) return null
      const isOld = before.state.context.owed.some((old) => isDeepStrictEqual(old, work))
      return isOld || work.id === `production/${event.sequence}/1` ? null : `the id is ${work.id}`
    },
  },
  {
    title: 'work names the head, the plan, the attempt and the release that it is for',
    broken: ({ after }) => {
      const { owed, attempt, plan, head } = after.state.context
      const [work] = owed
      switch (work?.kind) {
        case undefined:
          return null
        case 'look':
          return work.commit === head?.commit ? null : `looks at ${work.commit}`
        case 'decide':
          return work.plan === plan?.digest ? null : `decides on ${work.plan}`
        case 'restore':
        case 'verifyRestore':
          return work.deployment === attempt?.id && work.release === attempt.restore?.release
            ? null
            : 'names another restore'
        case 'applyWave':
          if (work.wave !== attempt?.wave) return 'names another wave'
          return work.deployment === attempt.id && work.plan === attempt.plan.digest ? null : 'names another attempt'
        case 'validate':
        case 'backUp':
        case 'verify':
        case 'checkRecovery':
        case 'recover':
          return work.deployment === attempt?.id && work.plan === attempt.plan.digest ? null : 'names another attempt'
      }
    },
  },
  {
    title: 'an attempt is open exactly while it is asked for, deployed or rolled back',
    broken: ({ after }) => {
      const isOpen = after.state.context.attempt !== null
      return isOpen === /^(AwaitingApproval|Deploying|RollingBack)\./.test(after.path) ? null : `open: ${isOpen}`
    },
  },
  {
    title: 'an attempt that goes away is told as ended, with a failure unless it completed or a person rolled back',
    broken: ({ before, event, after }) => {
      const gone = before.state.context.attempt
      const { ended, attempt } = after.state.context
      if (gone === null || attempt?.id === gone.id) return ended === before.state.context.ended ? null : 'ended twice'
      if (ended?.attempt.id !== gone.id || ended.at !== event.at) return 'nothing told'
      const isGood = ended.result === 'Completed' || (ended.result === 'RolledBack' && gone.kind !== 'apply')
      return isGood === (ended.attempt.failure === null) ? null : `ended ${ended.result}`
    },
  },
  {
    title:
      'a deployment starts by a decision to deploy or by an approval, of exactly the plan that was decided on or approved',
    broken: ({ before, event, after }) => {
      if (!enters(before, after, 'Deploying')) return null
      const { attempt } = after.state.context
      if (event.type === 'decision.made')
        return event.decision.outcome === 'deploy' && attempt?.plan === before.state.context.plan
          ? null
          : 'decided otherwise'
      if (event.type !== 'approval.granted') return `started by ${event.type}`
      const asked = before.state.context.attempt
      const isBound = event.deployment === asked?.id && attempt?.plan === asked.plan && attempt.approvedBy === event.by
      return isBound && asked.plan.commit === before.state.context.head?.commit ? null : 'approved something else'
    },
  },
  {
    title: 'what is written is written in order: checked, backed up, then wave by wave, then read back',
    broken: ({ before, after }) => {
      if (!after.path.startsWith('Deploying.') || after.path === before.path) return null
      const order = ['Deploying.validating', 'Deploying.backingUp', 'Deploying.applying', 'Deploying.postValidating']
      const from = enters(before, after, 'Deploying') ? -1 : order.indexOf(before.path)
      return order.indexOf(after.path) === from + 1 ? null : `from ${before.path}`
    },
  },
  {
    title: 'nothing is applied without a backup, and waves go up by one',
    broken: ({ before, after }) => {
      if (after.path !== 'Deploying.applying') return null
      const { attempt } = after.state.context
      const former = before.path === after.path ? before.state.context.attempt?.wave : -1
      const isNext = attempt?.wave === (former ?? -1) + 1 || attempt === before.state.context.attempt
      return attempt?.backup != null && isNext && attempt.wave < attempt.plan.waves
        ? null
        : 'no backup, or a wave left out'
    },
  },
  {
    title:
      'a backup is put back only by the approval of the request for it, once it was checked, and then a person is waited for',
    broken: ({ before, event, after }) => {
      const asked = before.state.context.attempt
      if (after.path === 'RollingBack.checkingRecovery' && before.path !== after.path) {
        const isAsked = asked?.kind === 'recovery' && asked.plan === after.state.context.attempt?.plan
        const isApproved = event.type === 'approval.granted' && event.deployment === asked?.id
        return isAsked && isApproved ? null : `begun by ${event.type}`
      }
      if (after.path === 'RollingBack.recovering' && before.path !== after.path)
        return before.path === 'RollingBack.checkingRecovery' ? null : 'not checked'
      if (before.path !== 'RollingBack.recovering' || after.path === before.path) return null
      return after.state.context.hold?.kind === 'intervention' ? null : 'nobody is waited for'
    },
  },
  {
    title: 'a hold is respected: nothing starts by itself or by approval while it lasts',
    broken: ({ before, event, after }) => {
      const { hold } = before.state.context
      const lasts = hold !== null && (hold.until === null || hold.until > event.at)
      return lasts && enters(before, after, 'Deploying') ? `started while held (${hold.kind})` : null
    },
  },
  {
    title:
      'a hold ends by its own end or by a person only; a rollback that fails, and any recovery, makes it one without an end',
    broken: ({ before, event, after }) => {
      const { hold } = before.state.context
      const later = after.state.context.hold
      if (hold === null || later === hold || later?.kind === 'intervention') return null
      if (event.type === 'hold.lifted') return null
      if (event.type === 'hold.placed')
        return hold.kind === 'person' || event.until === null ? null : 'the wait for a person was given an end'
      return event.type === 'timer.fired' && hold.until !== null && hold.until <= event.at
        ? null
        : `ended by ${event.type}`
    },
  },
  {
    title: 'a quarantined release is neither deployed nor asked about, and leaves quarantine by a person only',
    broken: ({ before, event, after }) => {
      const kept = before.state.context.quarantine.map((one) => one.release)
      const release = after.state.context.attempt?.plan.release ?? ''
      if (event.type === 'decision.made' && after.state.context.attempt !== null && kept.includes(release))
        return 'came back'
      const left = kept.filter((one) => !after.state.context.quarantine.some((still) => still.release === one))
      return left.length === 0 || event.type === 'hold.lifted' ? null : `${left.join()} left by ${event.type}`
    },
  },
  {
    title: 'a state that waits says why, and names a moment or an order that leads on',
    broken: ({ after }) => {
      if (!WAITS.test(after.path)) return null
      const { waiting } = after.state.context
      if (waiting === null) return 'no reason'
      if (after.path === 'OutOfSync.waiting' && waiting.until === null) return `waits for no moment: ${waiting.reason}`
      if (waiting.until !== null || orderAfter[waiting.reason] !== undefined) return null
      return `"${waiting.reason}" without a moment or an order`
    },
  },
  {
    title: 'a request says until when it stands, and is looked at again before that',
    broken: ({ after }) => {
      if (after.path !== 'AwaitingApproval.asked') return null
      const { attempt, nextLookAt } = after.state.context
      return attempt?.expiresAt != null && nextLookAt !== null ? null : 'no end, or no next look'
    },
  },
  {
    title:
      'a Synced environment knows when it looks next unless drift is ignored, waits for nothing, and says what is applied',
    broken: ({ after }) => {
      const { nextLookAt, waiting, applied, plan, outdated, settings } = after.state.context
      if (after.path !== 'Synced.quiet') return null
      if ((nextLookAt === null) !== (settings?.drift?.mode === 'ignore')) return `the next look: ${nextLookAt}`
      if (waiting !== null) return `waits: ${waiting.reason}`
      return applied !== null && plan === null && !outdated ? null : 'nothing applied, or something planned'
    },
  },
  {
    title: 'a deadline that has come is not carried into a working state',
    broken: ({ event, after }) => {
      const { nextLookAt, waiting, hold } = after.state.context
      if (workOf[after.path] === undefined) return null
      const moments = [nextLookAt, waiting?.until ?? null].filter((one) => one !== null && one <= event.at)
      return moments.length === 0 || hold !== null ? null : 'a timer would fire again and again'
    },
  },
  {
    title: 'what is applied changes only by what was read back from the targets',
    broken: ({ before, event, after }) => {
      const { applied, inventory } = after.state.context
      if (applied === before.state.context.applied && inventory === before.state.context.inventory) return null
      const reads = ['look.clean', 'verification.passed', 'restore.verified']
      return reads.includes(event.type) ? null : `changed by ${event.type}`
    },
  },
  {
    title: 'news that arrive during a deployment or a rollback are looked at right after it',
    broken: ({ before, after }) => {
      const { outdated } = before.state.context
      const leaves = /^(Deploying|RollingBack)\./.test(before.path) && !/^(Deploying|RollingBack)\./.test(after.path)
      return !outdated || !leaves || after.path === 'OutOfSync.planning' ? null : `left for ${after.path}`
    },
  },
]

/** The order that leads on from where an environment waits without an end; null where time does it. */
export function orderThatLeadsOn({ path, state: { context } }: Configuration<Context>): string | null {
  if (!WAITS.test(path) || wakeAt(context) !== null) return null
  return orderAfter[context.waiting?.reason ?? ''] ?? null
}

function enters(before: Configuration<Context>, after: Configuration<Context>, top: string): boolean {
  return after.path.startsWith(`${top}.`) && !before.path.startsWith(`${top}.`)
}
