import type { EnvironmentContext, EnvironmentEffect, EnvironmentFact } from '../../../machines/environment/types.ts'
import { RECOVERY_MS_MAX } from '../../core/plan/recovery.ts'
import type { Deed, Digest, Remains } from '../../core/vocabulary.ts'
import type { Carry } from '../effects.ts'
import { type FailureFacts, failureFacts } from '../failure.ts'
import { withDeadline } from '../patience.ts'
import { FailedStep } from './actions.ts'
import { decide } from './decide.ts'
import { applyWave, backUp, validate, verify } from './deploy.ts'
import { look } from './look.ts'
import { checkRecovery, recover } from './recovery.ts'
import { remainsOf, remainsWords } from './remains.ts'
import { restore, verifyRestore } from './restore.ts'
import { type SightedWorld, sighted } from './sights.ts'
import { STEP_LIMIT_MS, settingsOf, type World } from './world.ts'

/** Extra time, in ms, that reading back may take on top of the wait for health. */
const READ_BACK_MS = 60_000

/** Carries out the effects of an environment; every failure becomes the event that says so. */
export function environmentCarry(world: World): Carry<EnvironmentContext, EnvironmentEffect, EnvironmentFact> {
  const seeing = sighted(world)
  return async (effect, context, signal) => {
    try {
      const ms = limitOf(effect, context)
      return await withDeadline(world.clock, { ms, what: `${effect.kind} of "${context.name}"`, signal }, (limited) =>
        carryOut(seeing, effect, context, limited),
      )
    } catch (error) {
      if (signal.aborted) throw error
      const failure = failureFacts(error)
      world.log.warn(
        { environment: context.name, effect: effect.id, kind: effect.kind, code: failure.code },
        failure.message,
      )
      const did = error instanceof FailedStep ? { did: error.did } : begunBy(world, context, effect)
      const { remains, message } = await lookBack(world, context, effect, failure.message, signal)
      return failed(effect, { ...failure, message, ...did }, { ...(await claim(world, context, effect)), ...remains })
    }
  }
}

/** What an effect that ran out of time had begun. */
function begunBy(
  world: World,
  { name }: EnvironmentContext,
  { id }: EnvironmentEffect,
): { readonly did?: readonly Deed[] } {
  const did = world.doing.of(name, id, world.clock.now())
  return did.length === 0 ? {} : { did }
}

function carryOut(
  world: SightedWorld,
  effect: EnvironmentEffect,
  context: EnvironmentContext,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  switch (effect.kind) {
    case 'look':
      return look(world, context, effect, signal)
    case 'decide':
      return Promise.resolve(decide(context, effect, world.clock.now()))
    case 'validate':
      return validate(world, context, effect, signal)
    case 'backUp':
      return backUp(world, context, effect, signal)
    case 'applyWave':
      return applyWave(world, context, effect, signal)
    case 'verify':
      return verify(world, context, effect, signal)
    case 'restore':
      return restore(world, context, effect, signal)
    case 'verifyRestore':
      return verifyRestore(world, context, effect, signal)
    case 'checkRecovery':
      return checkRecovery(world, context, effect, signal)
    case 'recover':
      return recover(world, context, effect, signal)
  }
}

function limitOf(effect: EnvironmentEffect, context: EnvironmentContext): number {
  switch (effect.kind) {
    case 'validate':
      return STEP_LIMIT_MS.validate + (context.attempt?.plan.stepsMs ?? 0)
    case 'applyWave':
      return Math.max(STEP_LIMIT_MS.applyWave, (context.attempt?.plan.waveMs ?? 0) + READ_BACK_MS)
    case 'look':
    case 'backUp':
    case 'restore':
      return STEP_LIMIT_MS[effect.kind]
    case 'decide':
    case 'checkRecovery':
      return STEP_LIMIT_MS.look
    case 'recover':
      return RECOVERY_MS_MAX + READ_BACK_MS
    case 'verify':
    case 'verifyRestore':
      return settingsOf(context).verifyTimeoutMs + READ_BACK_MS + (context.attempt?.plan.stepsMs ?? 0)
  }
}

/** What is where after a rollback failed, in full for the event and in few words for the message. */
async function lookBack(
  world: World,
  context: EnvironmentContext,
  effect: EnvironmentEffect,
  message: string,
  signal: AbortSignal,
): Promise<{ readonly message: string; readonly remains: { readonly remains?: readonly Remains[] } }> {
  if (effect.kind !== 'restore' && effect.kind !== 'verifyRestore') return { message, remains: {} }
  try {
    const remains = await remainsOf(world, context, effect.release, signal)
    return { message: `${message}; now ${remainsWords(remains)}`, remains: { remains } }
  } catch (error) {
    signal.throwIfAborted()
    const { code, message: why } = failureFacts(error)
    world.log.warn(
      { environment: context.name, code },
      `what is where after the failed rollback cannot be told: ${why}`,
    )
    return { message, remains: {} }
  }
}

/** What may be ours although a rollback failed: else what it had brought back would be nobody's to delete, for ever. */
async function claim(
  world: World,
  { name, attempt, inventory }: EnvironmentContext,
  effect: EnvironmentEffect,
): Promise<{ readonly inventory?: Digest }> {
  if (attempt === null || (effect.kind !== 'restore' && effect.kind !== 'verifyRestore')) return {}
  try {
    const { changes } = await world.bundles.plan(attempt.plan.digest)
    const created = changes.filter(({ action }) => action === 'create').map(({ target, key }) => ({ target, key }))
    return { inventory: await world.bundles.saveInventory([...(await world.bundles.inventory(inventory)), ...created]) }
  } catch (error) {
    const { code, message } = failureFacts(error)
    world.log.warn({ environment: name, code }, `what is ours after the failed rollback cannot be told: ${message}`)
    return {}
  }
}

function failed(
  effect: EnvironmentEffect,
  failure: FailureFacts & { readonly did?: readonly Deed[] },
  told: { readonly inventory?: Digest; readonly remains?: readonly Remains[] },
): EnvironmentFact {
  const answer = { effect: effect.id, ...failure }
  switch (effect.kind) {
    case 'look':
      return { type: 'look.failed', ...answer }
    case 'decide':
      return {
        type: 'decision.made',
        effect: effect.id,
        decision: {
          outcome: 'block',
          reason: failure.message,
          until: null,
          verdicts: [{ gate: 'internal', answer: 'deny', reason: failure.message }],
        },
      }
    case 'validate':
      return { type: 'validation.failed', ...answer }
    case 'backUp':
      return { type: 'backup.failed', ...answer }
    case 'applyWave':
      return { type: 'wave.failed', ...answer }
    case 'verify':
      return { type: 'verification.failed', ...answer }
    case 'restore':
      return { type: 'restore.failed', ...answer, ...told }
    case 'verifyRestore':
      return { type: 'restore.unverified', ...answer, ...told }
    case 'checkRecovery':
    case 'recover':
      return { type: 'recovery.failed', ...answer }
  }
}
