import { digestOf } from '../../core/canonical.ts'
import { FailedChecks, keptOf } from '../../core/errors/failed-checks.ts'
import { HonuaError } from '../../core/errors/index.ts'
import { runtimeErrors } from '../../core/errors/runtime.ts'
import type { JsonObject } from '../../core/json.ts'
import { DRAINS } from '../../core/topology/library.ts'
import type { Deed, Plan, PlannedAction, Resource } from '../../core/vocabulary.ts'
import type { Acted, ActRequest, Driver, Refusal } from '../../ports/driver.ts'
import { failureFacts } from '../failure.ts'
import { retrying, withDeadline } from '../patience.ts'
import { untilHealthy } from './health.ts'
import type { World } from './world.ts'

/** What the steps of a topology are done with. */
export interface Acting {
  readonly world: World
  readonly plan: Plan
  /** What the plan leads to. */
  readonly desired: readonly Resource[]
  readonly drivers: readonly Driver[]
  /** Of the effect: each step's own key is made from it. */
  readonly idempotencyKey: string
  readonly signal: AbortSignal
}

/** A step failed: `did` holds what was done until then, and the failure itself. */
export class FailedStep extends HonuaError {
  readonly did: readonly Deed[]

  constructor({ code, retry, message, remedy }: HonuaError, did: readonly Deed[], cause?: unknown) {
    super(code, retry, message, remedy, { cause })
    this.did = did
  }
}

/** Does steps one after the other; throws a FailedStep at the first that fails, once its tries are used up. */
export async function actInOrder(acting: Acting, actions: readonly PlannedAction[]): Promise<readonly Deed[]> {
  const deeds: Deed[] = []
  for (const action of actions)
    deeds.push(
      await act(acting, action).catch((error: unknown) => {
        throw error instanceof FailedStep ? new FailedStep(error, [...deeds, ...error.did], error) : error
      }),
    )
  return deeds
}

/** Waits for what follows steps that were done; should it fail, the failure tells of them too. */
export async function afterSteps<Value>(did: readonly Deed[], work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    throw error instanceof HonuaError ? new FailedStep(error, did, error) : error
  }
}

/** Does steps side by side; all are waited for, then the first failure is thrown, with what became of each. */
export async function actAtOnce(acting: Acting, actions: readonly PlannedAction[]): Promise<readonly Deed[]> {
  const results = await Promise.allSettled(actions.map((action) => act(acting, action)))
  const did = results.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value]
    return result.reason instanceof FailedStep ? result.reason.did : []
  })
  for (const result of results)
    if (result.status === 'rejected')
      throw result.reason instanceof FailedStep ? new FailedStep(result.reason, did, result.reason) : result.reason
  return did
}

/** Does steps one after the other, whatever becomes of each: what failed is told, and nothing is thrown unless the signal aborts. */
export async function actAnyway(acting: Acting, actions: readonly PlannedAction[]): Promise<readonly Deed[]> {
  const deeds: Deed[] = []
  for (const action of actions)
    deeds.push(
      ...(await act(acting, action).then(
        (deed) => [deed],
        (error: unknown) => {
          if (error instanceof FailedStep) return error.did
          throw error
        },
      )),
    )
  return deeds
}

/** Steps that the targets' drivers see to be impossible as they are asked for, before anything is done. */
export function stepRefusals(acting: Acting, actions: readonly PlannedAction[]): readonly (Refusal & Target)[] {
  return actions.flatMap((action) => {
    if (action.means !== 'act') return []
    const driver = acting.drivers.find(({ name }) => name === action.target)
    const fault = driver?.actFault?.(requestOf(acting, action)) ?? null
    return fault === null ? [] : [{ target: action.target, key: action.step, message: fault }]
  })
}

interface Target {
  readonly target: string
}

async function act(acting: Acting, action: PlannedAction): Promise<Deed> {
  const { world, plan, idempotencyKey, signal } = acting
  const work = { environment: plan.environment, effect: idempotencyKey, signal }
  const { at: began, done: told } = await world.doing.begin(work, named(action), () => world.clock.now())
  const limit = { ms: action.timeoutMs, what: `the step ${action.step} on "${action.target}"`, signal }
  try {
    const acted = await retrying(world.clock, { tries: action.tries, signal }, () =>
      withDeadline(world.clock, limit, (limited) => done(acting, action, limited)),
    )
    const checks = acted.checks === undefined ? {} : { checks: keptOf(acted.checks) }
    return told({ ...named(action), ok: true, message: acted.message, ms: world.clock.now() - began, ...checks })
  } catch (error) {
    signal.throwIfAborted()
    const failure = runtimeErrors.stepFailed({ step: action.step, target: action.target, cause: error })
    const checks = error instanceof FailedChecks ? { checks: error.results } : {}
    const { message } = failureFacts(failure)
    const deed = told({ ...named(action), ok: false, message, ms: world.clock.now() - began, ...checks })
    throw new FailedStep(failure, [deed], error)
  }
}

function named({ step, component, instance, target, inputs }: PlannedAction) {
  return { step, component, instance, target, ...serverOf(step, inputs) }
}

/** Of a drain, or its end: the server. */
function serverOf(step: string, { instance }: JsonObject): { readonly server?: string } {
  return DRAINS.some((one) => one === step) && typeof instance === 'string' ? { server: instance } : {}
}

function requestOf({ plan, desired, idempotencyKey }: Acting, action: PlannedAction): ActRequest {
  const changed = new Set(plan.changes.map(({ key }) => key))
  return {
    environment: plan.environment,
    idempotencyKey: `${idempotencyKey}/${action.target}/${action.step}/${partOf(action)}`,
    action: action.step,
    inputs: action.inputs,
    changed: [...changed],
    desired: desired.filter(({ key }) => changed.has(key)),
  }
}

/** Tells steps of one name on one target apart: several servers are drained at one balancer, a cache is flushed twice for other tiles. */
function partOf({ instance, inputs }: PlannedAction): string {
  return Object.keys(inputs).length === 0 ? instance : `${instance}/${digestOf(inputs).slice(0, 12)}`
}

async function done(acting: Acting, action: PlannedAction, signal: AbortSignal): Promise<Acted> {
  const driver = acting.drivers.find(({ name }) => name === action.target)
  if (driver === undefined) throw runtimeErrors.noTarget({ environment: acting.plan.environment })
  switch (action.means) {
    case 'probe':
      return { message: (await driver.probe(signal)).description }
    case 'health':
      await untilHealthy(acting.world, driver, action.timeoutMs, signal)
      return { message: 'healthy' }
    case 'act':
      if (driver.act === undefined) throw runtimeErrors.cannotAct({ step: action.step, target: driver.name })
      return driver.act(requestOf(acting, action), signal)
  }
}
