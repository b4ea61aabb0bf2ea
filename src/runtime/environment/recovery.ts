/** A backup of a database is put back: never by itself, never by a rollback, once for each approval. */
import type { EnvironmentContext, EnvironmentFact } from '../../../machines/environment/types.ts'
import { HonuaError } from '../../core/errors/index.ts'
import { runtimeErrors } from '../../core/errors/runtime.ts'
import { summarizePlan } from '../../core/plan/index.ts'
import { planRecovery } from '../../core/plan/recovery.ts'
import { RESTORE_BACKUP } from '../../core/plan/risk.ts'
import type { CommitId, Digest, Plan, PlanSummary } from '../../core/vocabulary.ts'
import type { Driver } from '../../ports/driver.ts'
import { actInOrder } from './actions.ts'
import { attemptOf } from './deploy.ts'
import { driversOf, settingsOf, type World } from './world.ts'

/** A backup, by the name of its target and its id. */
export interface RecoveryOrder {
  readonly target: string
  readonly backup: string
}

interface RecoveryEffect {
  readonly id: string
  readonly plan: Digest
}

/** What putting a backup back means now, stored like any plan so that it can be shown. Throws what the target says against it. */
export async function askToRecover(
  world: World,
  context: EnvironmentContext,
  order: RecoveryOrder,
  signal: AbortSignal,
): Promise<PlanSummary> {
  const { name, applied, seen } = context
  const deployed = applied ?? seen
  if (deployed === null) throw runtimeErrors.nothingSeen({ environment: name })
  const plan = await recoveryPlan(world, context, order, deployed, signal)
  await world.bundles.savePlan(plan, null, [])
  return summarizePlan(plan)
}

/** Carries out a `checkRecovery`: the backup and what is live are just what was approved, or the approval is void. */
export async function checkRecovery(
  world: World,
  context: EnvironmentContext,
  effect: RecoveryEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const { plan: asked } = attemptOf(context)
  const order = orderOf(await world.bundles.plan(effect.plan))
  const stale = (message: string): EnvironmentFact => ({ type: 'plan.stale', effect: effect.id, message })
  try {
    const plan = await recoveryPlan(world, context, order, asked, signal)
    if (plan.digest === effect.plan) return { type: 'recovery.checked', effect: effect.id }
    return stale(runtimeErrors.recoveryDiffers(order).message)
  } catch (error) {
    if (error instanceof HonuaError && error.code === 'HONUA_TARGET_REFUSED') return stale(error.message)
    throw error
  }
}

/** Carries out a `recover`. After a restart it is asked for again by the same key, and the driver knows whether it was done. */
export async function recover(
  world: World,
  context: EnvironmentContext,
  effect: RecoveryEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const plan = await world.bundles.plan(effect.plan)
  const acting = { world, plan, desired: [], drivers: driversOf(world, context), idempotencyKey: effect.id, signal }
  const did = await actInOrder(
    acting,
    plan.steps.flatMap(({ action }) => action ?? []),
  )
  const message = did.map((deed) => `${deed.target}: ${deed.message}`).join('; ')
  return { type: 'recovery.done', effect: effect.id, message, did }
}

async function recoveryPlan(
  world: World,
  context: EnvironmentContext,
  { target, backup: id }: RecoveryOrder,
  deployed: { readonly commit: CommitId; readonly release: Digest },
  signal: AbortSignal,
): Promise<Plan> {
  const driver = driverOf(world, context, target)
  const { abilities } = await driver.probe(signal)
  if (driver.backup === undefined || abilities.actions?.includes(RESTORE_BACKUP) !== true)
    throw runtimeErrors.cannotRecover({ target })
  const backup = await driver.backup(id, signal)
  const live = await driver.observe([], signal)
  const { commit, release } = deployed
  const settings = settingsOf(context)
  return planRecovery({ environment: context.name, commit, release, target, backup, live, settings })
}

function driverOf(world: World, context: EnvironmentContext, target: string): Driver {
  const drivers = driversOf(world, context)
  const driver = drivers.find(({ name }) => name === target)
  if (driver !== undefined) return driver
  throw runtimeErrors.targetUnknown({ target, environment: context.name, known: drivers.map(({ name }) => name) })
}

function orderOf({ digest, steps: [step] }: Plan): RecoveryOrder {
  const backup = step?.action?.inputs['backup']
  if (step === undefined || typeof backup !== 'string') throw new TypeError(`the plan ${digest} puts no backup back`)
  return { target: step.target, backup }
}
