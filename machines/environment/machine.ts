import { it, known } from '../common.ts'
import { cancelledBy, lapsed, nothingKnown, rejectedBy } from './memory.ts'
import type { Attempt, EnvironmentContext, EnvironmentWork } from './types.ts'
import { words } from './vocabulary.ts'

/** Raised whenever an older version's snapshots or journals could fold differently. */
export const environmentVersion = 1

const oweLook = {
  type: 'owe',
  params: ({ context }: { context: EnvironmentContext }): EnvironmentWork => ({
    kind: 'look',
    commit: known(context.head).commit,
  }),
} as const

/** Owes work about the open attempt. */
function oweFor(work: (attempt: Attempt) => EnvironmentWork) {
  return {
    type: 'owe',
    params: ({ context }: { context: EnvironmentContext }) => work(known(context.attempt)),
  } as const
}

const isAnswer = { type: 'answers the effect owed', params: it } as const
/** Stands first among several branches: an answer that nobody waits for takes none of them. */
const isNoAnswer = { type: 'answers nothing owed', params: it } as const
/** A rollback that failed waits for a person: a hold that ends by itself would end that wait too. */
const unlessCutShort = { guard: { type: 'nobody waits for a person, or it has no end', params: it } } as const
const unlessOutdated = { guard: 'something moved meanwhile', target: 'planning' } as const

export const environmentMachine = words.createMachine({
  id: 'environment',
  description:
    'One environment: what Git declares for it, what its targets hold, and what is done about the difference.',
  context: ({ input }) => nothingKnown(input.name),
  initial: 'Unknown',
  on: {
    'settings.changed': { actions: [{ type: 'take settings', params: it }, 'look again afterwards'] },
    'head.moved': { actions: [{ type: 'take head', params: it }, 'look again afterwards'] },
    'hold.placed': { ...unlessCutShort, actions: { type: 'place hold', params: it } },
    'hold.lifted': { actions: 'lift hold and quarantine' },
    'timer.fired': { guard: 'the hold is over', actions: 'end hold' },
  },
  states: {
    Unknown: {
      description: 'Nothing observed yet, or the last look failed. Unknown is never read as empty.',
      initial: 'waiting',
      on: {
        'settings.changed': { target: '.waiting', actions: { type: 'take settings', params: it } },
        'head.moved': { target: '.waiting', actions: { type: 'take head', params: it } },
      },
      states: {
        waiting: {
          description: 'No commit or no settings for this environment yet.',
          always: { guard: 'head and settings are known', target: 'looking' },
        },
        looking: {
          description: 'Reads what Git declares and what the targets hold, and compares.',
          entry: ['start looking', oweLook],
          on: {
            'look.requested': { actions: { type: 'note who asked', params: it } },
            'look.planned': {
              guard: isAnswer,
              target: '#environment.OutOfSync.deciding',
              actions: { type: 'take plan', params: it },
            },
            'look.clean': {
              guard: isAnswer,
              target: '#environment.Synced',
              actions: { type: 'note that nothing differs', params: it },
            },
            'look.invalid': {
              guard: isAnswer,
              target: '#environment.OutOfSync.blocked',
              actions: { type: 'note the problems', params: it },
            },
            'look.failed': { guard: isAnswer, target: 'unreachable', actions: { type: 'note the miss', params: it } },
          },
        },
        unreachable: {
          description: 'A target or the cache did not answer; the next look is timed.',
          entry: 'owe nothing',
          on: {
            'timer.fired': { guard: 'a look is due', target: 'looking' },
            'look.requested': { target: 'looking', actions: { type: 'note who asked', params: it } },
          },
        },
      },
    },
    Synced: {
      description: 'Live equals desired, read back after the last effect. Drift checks and new commits arrive here.',
      initial: 'quiet',
      on: {
        'settings.changed': { target: 'OutOfSync.planning', actions: { type: 'take settings', params: it } },
        'head.moved': { target: 'OutOfSync.planning', actions: { type: 'take head', params: it } },
        'look.requested': { target: '.checking', actions: { type: 'note who asked', params: it } },
        'rollback.requested': { target: 'RollingBack', actions: { type: 'begin rollback', params: it } },
        'recovery.requested': {
          target: 'AwaitingApproval.askedToRecover',
          actions: { type: 'begin recovery', params: it },
        },
      },
      states: {
        quiet: {
          description: 'Nothing to do until the next drift check.',
          entry: 'owe nothing',
          on: { 'timer.fired': { guard: 'a look is due', target: 'checking' } },
        },
        checking: {
          description: 'Looks whether the targets still hold what was deployed.',
          entry: ['start looking', oweLook],
          on: {
            'look.planned': {
              guard: isAnswer,
              target: '#environment.OutOfSync.deciding',
              actions: { type: 'take plan', params: it },
            },
            'look.clean': {
              guard: isAnswer,
              target: 'quiet',
              actions: { type: 'note that nothing differs', params: it },
            },
            'look.invalid': {
              guard: isAnswer,
              target: '#environment.OutOfSync.blocked',
              actions: { type: 'note the problems', params: it },
            },
            'look.failed': {
              guard: isAnswer,
              target: '#environment.Unknown.unreachable',
              actions: { type: 'note the miss', params: it },
            },
          },
        },
      },
    },
    OutOfSync: {
      description: 'Live differs from desired, or the desired state cannot be deployed. Always with a reason.',
      initial: 'planning',
      on: {
        'settings.changed': { target: '.planning', actions: { type: 'take settings', params: it } },
        'head.moved': { target: '.planning', actions: { type: 'take head', params: it } },
        'look.requested': { target: '.planning', actions: { type: 'note who asked', params: it } },
        'rollback.requested': { target: 'RollingBack', actions: { type: 'begin rollback', params: it } },
        'recovery.requested': {
          target: 'AwaitingApproval.askedToRecover',
          actions: { type: 'begin recovery', params: it },
        },
        'hold.placed': { ...unlessCutShort, target: '.planning', actions: { type: 'place hold', params: it } },
        'hold.lifted': { target: '.planning', actions: 'lift hold and quarantine' },
        'timer.fired': [
          { guard: 'the hold is over', target: '.planning', actions: 'end hold' },
          { guard: 'the wait is over', target: '.planning' },
        ],
      },
      states: {
        planning: {
          description: 'Reads what Git declares and what the targets hold, and plans the difference.',
          entry: ['is up to date', 'start looking', oweLook],
          on: {
            'look.requested': { actions: { type: 'note who asked', params: it } },
            'look.planned': { guard: isAnswer, target: 'deciding', actions: { type: 'take plan', params: it } },
            'look.clean': {
              guard: isAnswer,
              target: '#environment.Synced',
              actions: { type: 'note that nothing differs', params: it },
            },
            'look.invalid': { guard: isAnswer, target: 'blocked', actions: { type: 'note the problems', params: it } },
            'look.failed': { guard: isAnswer, target: 'blocked', actions: { type: 'note the miss', params: it } },
          },
        },
        deciding: {
          description: 'All gates are asked: hold, quarantine, window, limits, approval.',
          entry: {
            type: 'owe',
            params: ({ context }): EnvironmentWork => ({ kind: 'decide', plan: known(context.plan).digest }),
          },
          on: {
            'look.requested': { actions: { type: 'note who asked', params: it } },
            'decision.made': [
              { guard: isNoAnswer },
              {
                guard: { type: 'deploy', params: it },
                target: '#environment.Deploying',
                actions: [{ type: 'take decision', params: it }, 'begin'],
              },
              {
                guard: { type: 'ask', params: it },
                target: '#environment.AwaitingApproval',
                actions: [{ type: 'take decision', params: it }, 'begin with a request'],
              },
              {
                guard: { type: 'wait', params: it },
                target: 'waiting',
                actions: [
                  { type: 'take decision', params: it },
                  { type: 'wait as decided', params: it },
                ],
              },
              {
                target: 'held',
                actions: [
                  { type: 'take decision', params: it },
                  { type: 'wait as decided', params: it },
                ],
              },
            ],
          },
        },
        waiting: {
          description: 'A gate named a moment: a window opens, a retry is due.',
          entry: 'owe nothing',
          always: unlessOutdated,
        },
        held: {
          description:
            'Paused by a person, by a quarantined release, by a request that nobody answered, because a rollback failed, or because a backup was put back. A newer commit or a person goes on.',
          entry: 'owe nothing',
          always: unlessOutdated,
        },
        blocked: {
          description:
            'The desired state is invalid and waits for a newer commit, or a target does not answer and the next look is timed.',
          entry: 'owe nothing',
        },
      },
    },
    AwaitingApproval: {
      description: 'Nothing changes on the targets until a person answers. The request is bound to one plan.',
      initial: 'asked',
      on: {
        'settings.changed': { target: '.checking', actions: { type: 'take settings', params: it } },
        'head.moved': { target: '.checking', actions: { type: 'take head', params: it } },
        'look.requested': { target: '.checking', actions: { type: 'note who asked', params: it } },
        'approval.granted': {
          guard: { type: 'approves the open request', params: it },
          target: 'Deploying',
          actions: { type: 'note approval', params: it },
        },
        'approval.rejected': {
          guard: { type: 'names the open attempt', params: it },
          target: 'OutOfSync.held',
          actions: { type: 'reject', params: it },
        },
        'deployment.cancelled': {
          guard: { type: 'names the open attempt', params: it },
          target: 'OutOfSync.held',
          actions: { type: 'cancel', params: it },
        },
        'rollback.requested': { target: 'RollingBack', actions: { type: 'begin rollback', params: it } },
        'timer.fired': [
          { guard: 'the request expired', target: 'OutOfSync.held', actions: 'expire' },
          { guard: 'a look is due', target: '.checking' },
        ],
      },
      states: {
        asked: {
          description: 'The request stands.',
          entry: 'owe nothing',
        },
        checking: {
          description: 'Looks whether the plan is still the one that was asked about.',
          entry: ['start looking', oweLook],
          on: {
            'look.planned': [
              { guard: isNoAnswer },
              {
                guard: { type: 'the plan is still the same', params: it },
                target: 'asked',
                actions: { type: 'note that the request still stands', params: it },
              },
              { target: '#environment.OutOfSync.deciding', actions: ['supersede', { type: 'take plan', params: it }] },
            ],
            'look.clean': {
              guard: isAnswer,
              target: '#environment.Synced',
              actions: ['supersede', { type: 'note that nothing differs', params: it }],
            },
            'look.invalid': {
              guard: isAnswer,
              target: '#environment.OutOfSync.blocked',
              actions: ['supersede', { type: 'note the problems', params: it }],
            },
            'look.failed': { guard: isAnswer, target: 'asked', actions: { type: 'note the miss', params: it } },
          },
        },
        askedToRecover: {
          description:
            'A person asks that a database goes back to a backup. Nothing is looked at or deployed until a person answers, or the request lapses.',
          entry: 'owe nothing',
          on: {
            'settings.changed': { actions: [{ type: 'take settings', params: it }, 'look again afterwards'] },
            'head.moved': { actions: [{ type: 'take head', params: it }, 'look again afterwards'] },
            'look.requested': {},
            'approval.granted': {
              guard: { type: 'approves the open recovery', params: it },
              target: '#environment.RollingBack.checkingRecovery',
              actions: { type: 'note approval', params: it },
            },
            'approval.rejected': {
              guard: { type: 'names the open attempt', params: it },
              target: '#environment.OutOfSync.planning',
              actions: { type: 'leave it as it is', params: ({ event }) => rejectedBy(event) },
            },
            'deployment.cancelled': {
              guard: { type: 'names the open attempt', params: it },
              target: '#environment.OutOfSync.planning',
              actions: { type: 'leave it as it is', params: ({ event }) => cancelledBy(event) },
            },
            'timer.fired': {
              guard: 'the request expired',
              target: '#environment.OutOfSync.planning',
              actions: { type: 'leave it as it is', params: lapsed },
            },
          },
        },
      },
    },
    Deploying: {
      description: 'The plan is carried out: checked, backed up, applied wave by wave, read back.',
      initial: 'validating',
      states: {
        validating: {
          description: 'The plan must still be true and the targets must accept it; nothing is written.',
          entry: oweFor(({ id, plan }) => ({ kind: 'validate', deployment: id, plan: plan.digest })),
          on: {
            'validation.passed': { guard: isAnswer, target: 'backingUp' },
            'plan.stale': {
              guard: isAnswer,
              target: '#environment.OutOfSync.planning',
              actions: { type: 'void', params: it },
            },
            'validation.failed': [
              { guard: isNoAnswer },
              {
                guard: { type: 'may work later', params: it },
                target: '#environment.OutOfSync.waiting',
                actions: {
                  type: 'postpone',
                  params: ({ event }) => ({ outcome: 'validation-failed', failure: event }),
                },
              },
              {
                target: '#environment.OutOfSync.held',
                actions: { type: 'refuse', params: ({ event }) => ({ outcome: 'validation-failed', failure: event }) },
              },
            ],
            'deployment.cancelled': {
              guard: { type: 'names the open attempt', params: it },
              target: '#environment.OutOfSync.held',
              actions: { type: 'cancel', params: it },
            },
          },
        },
        backingUp: {
          description: 'What is live now is stored as a bundle before the first write.',
          entry: oweFor(({ id, plan }) => ({ kind: 'backUp', deployment: id, plan: plan.digest })),
          on: {
            'backup.done': { guard: isAnswer, target: 'applying', actions: { type: 'note backup', params: it } },
            'backup.failed': [
              { guard: isNoAnswer },
              {
                guard: { type: 'may work later', params: it },
                target: '#environment.OutOfSync.waiting',
                actions: { type: 'postpone', params: ({ event }) => ({ outcome: 'backup-failed', failure: event }) },
              },
              {
                target: '#environment.OutOfSync.held',
                actions: { type: 'refuse', params: ({ event }) => ({ outcome: 'backup-failed', failure: event }) },
              },
            ],
            'deployment.cancelled': {
              guard: { type: 'names the open attempt', params: it },
              target: '#environment.OutOfSync.held',
              actions: { type: 'cancel', params: it },
            },
          },
        },
        applying: {
          description: 'One wave of changes is being written.',
          entry: oweFor(({ id, plan, wave }) => ({ kind: 'applyWave', deployment: id, plan: plan.digest, wave })),
          on: {
            'wave.applied': [
              { guard: isNoAnswer },
              { guard: 'another wave follows', target: 'applying', reenter: true, actions: 'next wave' },
              { target: 'postValidating' },
            ],
            'wave.failed': {
              guard: isAnswer,
              target: '#environment.RollingBack',
              actions: { type: 'break off', params: ({ event }) => ({ outcome: 'apply-failed', failure: event }) },
            },
            'deployment.cancelled': {
              guard: { type: 'names the open attempt', params: it },
              target: '#environment.RollingBack',
              actions: { type: 'break off for a person', params: it },
            },
          },
        },
        postValidating: {
          description: 'Reads everything back and asks for health: a success message is not believed.',
          entry: oweFor(({ id, plan }) => ({ kind: 'verify', deployment: id, plan: plan.digest })),
          on: {
            'verification.passed': [
              { guard: isNoAnswer },
              {
                guard: 'something moved meanwhile',
                target: '#environment.OutOfSync.planning',
                actions: { type: 'complete', params: it },
              },
              { target: '#environment.Synced', actions: { type: 'complete', params: it } },
            ],
            'verification.failed': {
              guard: isAnswer,
              target: '#environment.RollingBack',
              actions: { type: 'break off', params: ({ event }) => ({ outcome: 'verify-failed', failure: event }) },
            },
            'deployment.cancelled': {
              guard: { type: 'names the open attempt', params: it },
              target: '#environment.RollingBack',
              actions: { type: 'break off for a person', params: it },
            },
          },
        },
      },
    },
    RollingBack: {
      description:
        'The last good release is re-applied from its stored bundle; Git is not needed. Failure ends held, never in a loop.',
      initial: 'restoring',
      states: {
        restoring: {
          description: 'Writes the stored bundle back.',
          entry: oweFor(({ id, restore }) => ({ kind: 'restore', deployment: id, release: known(restore).release })),
          on: {
            'restore.done': { guard: isAnswer, target: 'verifying' },
            'restore.failed': {
              guard: isAnswer,
              target: '#environment.OutOfSync.held',
              actions: [
                { type: 'end with the rollback failed', params: it },
                { type: 'ask for a person', params: it },
              ],
            },
          },
        },
        verifying: {
          description: 'Reads everything back and asks for health.',
          entry: oweFor(({ id, restore }) => ({
            kind: 'verifyRestore',
            deployment: id,
            release: known(restore).release,
          })),
          on: {
            'restore.verified': { guard: isAnswer, target: 'ended', actions: { type: 'end rolled back', params: it } },
            'restore.unverified': {
              guard: isAnswer,
              target: '#environment.OutOfSync.held',
              actions: [
                { type: 'end with the rollback failed', params: it },
                { type: 'ask for a person', params: it },
              ],
            },
          },
        },
        checkingRecovery: {
          description: 'The backup and what is live must be what was asked about; nothing is written.',
          entry: oweFor(({ id, plan }) => ({ kind: 'checkRecovery', deployment: id, plan: plan.digest })),
          on: {
            'recovery.checked': { guard: isAnswer, target: 'recovering' },
            'plan.stale': {
              guard: isAnswer,
              target: '#environment.OutOfSync.planning',
              actions: { type: 'void', params: it },
            },
            'recovery.failed': {
              guard: isAnswer,
              target: '#environment.OutOfSync.held',
              actions: { type: 'end with the recovery failed', params: it },
            },
          },
        },
        recovering: {
          description: 'The backup is put back, once. It ends held, well or not: a person looks at it.',
          entry: oweFor(({ id, plan }) => ({ kind: 'recover', deployment: id, plan: plan.digest })),
          on: {
            'recovery.done': {
              guard: isAnswer,
              target: '#environment.OutOfSync.held',
              actions: { type: 'end recovered', params: it },
            },
            'recovery.failed': {
              guard: isAnswer,
              target: '#environment.OutOfSync.held',
              actions: { type: 'end with the recovery failed', params: it },
            },
          },
        },
        ended: {
          description: 'Where to go next is decided at once.',
          always: [
            {
              guard: 'Git declares what was restored',
              target: '#environment.Synced',
              actions: 'note that nothing is left to do',
            },
            { target: '#environment.OutOfSync.held' },
          ],
        },
      },
    },
  },
})
