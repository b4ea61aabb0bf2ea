/** The named guards and actions that the chart is written in. */
import { assign, setup } from 'xstate'
import type { DeploymentOutcome } from '../../src/core/vocabulary.ts'
import { known } from '../common.ts'
import {
  attempted,
  begin,
  beginRecovery,
  beginRollback,
  cancelledBy,
  completed,
  fail,
  finish,
  isDue,
  lapsed,
  nextDriftCheck,
  nextLook,
  pauseAfter,
  postponed,
  recovered,
  refused,
  rejectedBy,
  released,
  restorePoint,
  rolledBack,
  triesOf,
  undrifted,
  wait,
  waitingFor,
} from './memory.ts'
import type { EnvironmentContext, EnvironmentEvent, EnvironmentInput, EnvironmentWork, Failure } from './types.ts'

export type EventOf<Type extends EnvironmentEvent['type']> = Extract<EnvironmentEvent, { type: Type }>
type Failing = Extract<EnvironmentEvent, { readonly code: string }>
type Answering = Extract<EnvironmentEvent, { readonly effect: string }>

/** Where the environment stands when a deployment ends without anything written. */
function failureOf(outcome: DeploymentOutcome, event: Failing) {
  return fail(outcome, event.code, event.message)
}

export const words = setup({
  types: {
    context: {} as EnvironmentContext,
    events: {} as EnvironmentEvent,
    input: {} as EnvironmentInput,
  },
  guards: {
    'answers the effect owed': ({ context }, answer: Answering) =>
      context.owed.some((effect) => effect.id === answer.effect),
    'answers nothing owed': ({ context }, answer: Answering) =>
      context.owed.every((effect) => effect.id !== answer.effect),
    'may work later': ({ context }, failure: Failing) =>
      failure.transient &&
      context.settings?.retry.enabled === true &&
      triesOf(context) + 1 < context.settings.retry.attemptsMax,
    'head and settings are known': ({ context }) => context.head !== null && context.settings !== null,
    'something moved meanwhile': ({ context }) => context.outdated,
    'a look is due': ({ context, event }) => isDue(context.nextLookAt, event.at),
    'the wait is over': ({ context, event }) => isDue(context.waiting?.until, event.at),
    'the hold is over': ({ context, event }) => isDue(context.hold?.until, event.at),
    'nobody waits for a person, or it has no end': ({ context }, placed: EventOf<'hold.placed'>) =>
      context.hold?.kind !== 'intervention' || placed.until === null,
    'the request expired': ({ context, event }) => isDue(context.attempt?.expiresAt, event.at),
    'approves the open request': ({ context, event }, approval: EventOf<'approval.granted'>) =>
      context.attempt?.id === approval.deployment &&
      context.hold === null &&
      !isDue(context.attempt.expiresAt, event.at) &&
      context.head?.commit === context.attempt.plan.commit,
    // Neither a hold nor a newer commit stands against it: a database is put back when things went wrong.
    'approves the open recovery': ({ context, event }, approval: EventOf<'approval.granted'>) =>
      context.attempt?.id === approval.deployment && !isDue(context.attempt.expiresAt, event.at),
    'names the open attempt': ({ context }, named: EventOf<'approval.rejected' | 'deployment.cancelled'>) =>
      context.attempt?.id === named.deployment,
    'the plan is still the same': ({ context }, planned: EventOf<'look.planned'>) =>
      context.attempt?.plan.digest === planned.plan.digest,
    deploy: (_, made: EventOf<'decision.made'>) => made.decision.outcome === 'deploy',
    ask: (_, made: EventOf<'decision.made'>) => made.decision.outcome === 'ask',
    wait: (_, made: EventOf<'decision.made'>) => made.decision.outcome === 'wait',
    'another wave follows': ({ context }) => {
      const { wave, plan } = known(context.attempt)
      return wave + 1 < plan.waves
    },
    // What was seen is of the head only where the newest look at it worked.
    'Git declares what was restored': ({ context }) =>
      !context.outdated &&
      context.seen !== null &&
      context.seen.commit === context.head?.commit &&
      known(context.ended).attempt.restore?.release === context.seen.release,
  },
  actions: {
    owe: assign(({ context, event }, work: EnvironmentWork) => ({
      owed: [{ ...work, id: `${context.name}/${event.sequence}/1` }],
    })),
    'owe nothing': assign({ owed: [] }),
    'take settings': assign((_, event: EventOf<'settings.changed'>) => ({ settings: event.settings })),
    // A newer commit is looked at because it is there, not because somebody asked before.
    'take head': assign((_, event: EventOf<'head.moved'>) => ({ head: event.head, requestedBy: null })),
    'look again afterwards': assign({ outdated: true }),
    'is up to date': assign({ outdated: false }),
    // What was due is being done: a deadline that stays in the past would wake the environment again and again.
    'start looking': assign(({ context }) => ({
      nextLookAt: null,
      waiting: context.waiting === null ? null : { ...context.waiting, until: null },
    })),
    'note who asked': assign((_, event: EventOf<'look.requested'>) => ({
      requestedBy: event.by.how === 'controller' ? null : event.by,
    })),
    'place hold': assign((_, event: EventOf<'hold.placed'>) => ({
      hold: { kind: 'person' as const, by: event.by, reason: event.reason, since: event.at, until: event.until },
    })),
    'lift hold and quarantine': assign(({ context }) => released(context)),
    'end hold': assign({ hold: null }),
    'ask for a person': assign(({ event }, failed: Failing) => ({
      hold: {
        kind: 'intervention' as const,
        by: { name: 'controller', how: 'controller' as const },
        reason: failed.message,
        since: event.at,
        until: null,
      },
    })),
    'take plan': assign((_, event: EventOf<'look.planned'>) => ({
      plan: event.plan,
      seen: { commit: event.plan.commit, release: event.plan.release, at: event.at },
      misses: 0,
      problems: [],
      waiting: null,
      ...(event.drift === undefined ? {} : { drift: event.drift }),
    })),
    'note that nothing differs': assign(({ context }, event: EventOf<'look.clean'>) => ({
      seen: { commit: event.commit, release: event.release, at: event.at },
      applied:
        context.applied?.release === event.release
          ? context.applied
          : { commit: event.commit, release: event.release, deployment: null, at: event.at },
      inventory: event.inventory,
      plan: null,
      decision: null,
      waiting: null,
      requestedBy: null,
      problems: [],
      misses: 0,
      series: null,
      ...undrifted(context, event.at),
      nextLookAt: nextDriftCheck(context, event.at),
    })),
    'note that nothing is left to do': assign(({ context, event }) => ({
      decision: null,
      waiting: null,
      nextLookAt: nextDriftCheck(context, event.at),
    })),
    'note that the request still stands': assign(({ context }, event: EventOf<'look.planned'>) => ({
      requestedBy: null,
      misses: 0,
      waiting: null,
      nextLookAt: nextLook(context, event.at),
    })),
    'note the miss': assign(({ context }, event: EventOf<'look.failed'>) => {
      const until = event.at + pauseAfter(context, context.misses + 1)
      return {
        misses: context.misses + 1,
        waiting: wait(event.code, event.message, context.waiting?.since ?? event.at, until),
        nextLookAt: until,
      }
    }),
    'note the problems': assign((_, event: EventOf<'look.invalid'>) => ({
      problems: event.problems,
      plan: null,
      decision: null,
      misses: 0,
      waiting: wait('invalid', event.problems[0]?.message ?? 'the desired state is invalid', event.at, null),
    })),
    'take decision': assign((_, event: EventOf<'decision.made'>) => ({ decision: event.decision })),
    'wait as decided': assign(({ event }, made: EventOf<'decision.made'>) => ({
      waiting: waitingFor(made.decision, event.at),
    })),
    begin: assign(({ context, event }) => begin(context, event.at, false)),
    'begin with a request': assign(({ context, event }) => begin(context, event.at, true)),
    'begin rollback': assign(({ context, event }, asked: EventOf<'rollback.requested'>) =>
      beginRollback(context, event.at, asked.plan, asked.by),
    ),
    'begin recovery': assign(({ context, event }, asked: EventOf<'recovery.requested'>) =>
      beginRecovery(context, event.at, asked.plan, asked.by),
    ),
    'leave it as it is': assign(({ context, event }, failure: Failure) => finish(context, event.at, 'Failed', failure)),
    'end recovered': assign(({ context, event }, done: EventOf<'recovery.done'>) =>
      recovered(context, event.at, { reason: 'recovered', message: `${done.message}; check it, then unhold` }),
    ),
    'end with the recovery failed': assign(({ context, event }, failed: EventOf<'recovery.failed'>) =>
      recovered(
        context,
        event.at,
        { reason: 'recovery-failed', message: `${failed.message}; check what is there, then unhold` },
        failureOf('recovery-failed', failed),
      ),
    ),
    'note approval': assign(({ context }, approval: EventOf<'approval.granted'>) => ({
      ...attempted(context, { approvedBy: approval.by }),
      waiting: null,
      nextLookAt: null,
    })),
    supersede: assign(({ context, event }) =>
      finish(
        context,
        event.at,
        'Failed',
        fail('superseded', 'HONUA_PLAN_SUPERSEDED', 'what would be deployed changed before it was approved'),
      ),
    ),
    void: assign(({ context, event }, stale: EventOf<'plan.stale'>) =>
      finish(context, event.at, 'Failed', fail('stale', 'HONUA_PLAN_STALE', stale.message)),
    ),
    expire: assign(({ context, event }) => ({
      ...finish(context, event.at, 'Failed', lapsed),
      waiting: wait('approval-expired', 'nobody approved in time; a newer commit or a sync asks again', event.at, null),
    })),
    reject: assign(({ context, event }, answer: EventOf<'approval.rejected'>) => ({
      ...refused(context, event.at, rejectedBy(answer)),
      waiting: wait('rejected', `rejected by ${answer.by.name}: ${answer.reason}`, event.at, null),
    })),
    cancel: assign(({ context, event }, order: EventOf<'deployment.cancelled'>) => ({
      ...refused(context, event.at, cancelledBy(order)),
      waiting: wait('cancelled', `cancelled by ${order.by.name}: ${order.reason}`, event.at, null),
    })),
    'break off for a person': assign(({ context }, order: EventOf<'deployment.cancelled'>) =>
      attempted(context, {
        failure: cancelledBy(order),
        restore: restorePoint(context),
      }),
    ),
    postpone: assign(({ context, event }, how: { readonly outcome: DeploymentOutcome; readonly failure: Failing }) =>
      postponed(context, event.at, failureOf(how.outcome, how.failure)),
    ),
    refuse: assign(({ context, event }, how: { readonly outcome: DeploymentOutcome; readonly failure: Failing }) => ({
      ...refused(context, event.at, failureOf(how.outcome, how.failure)),
      waiting: wait('quarantined', how.failure.message, event.at, null),
    })),
    'break off': assign(({ context }, how: { readonly outcome: DeploymentOutcome; readonly failure: Failing }) =>
      attempted(context, { failure: failureOf(how.outcome, how.failure), restore: restorePoint(context) }),
    ),
    'note backup': assign(({ context }, event: EventOf<'backup.done'>) => attempted(context, { backup: event.bundle })),
    'next wave': assign(({ context }) => attempted(context, { wave: known(context.attempt).wave + 1 })),
    complete: assign(({ context, event }, verified: EventOf<'verification.passed'>) =>
      completed(context, event.at, verified.inventory),
    ),
    'end rolled back': assign(({ context, event }, restored: EventOf<'restore.verified'>) => ({
      ...rolledBack(context, event.at, restored.inventory),
      waiting: wait('quarantined', context.attempt?.failure?.message ?? 'rolled back by a person', event.at, null),
    })),
    'end with the rollback failed': assign(
      ({ context, event }, how: EventOf<'restore.failed' | 'restore.unverified'>) => ({
        ...refused(context, event.at, fail('rollback-failed', how.code, how.message)),
        inventory: how.inventory ?? context.inventory,
        waiting: wait('rollback-failed', how.message, event.at, null),
      }),
    ),
  },
})
