import { runtimeErrors } from '../../core/errors/runtime.ts'
import type { Deed, Plan, PlannedAction } from '../../core/vocabulary.ts'
import type { Driver } from '../../ports/driver.ts'
import { failureFacts } from '../failure.ts'
import { retrying, withDeadline } from '../patience.ts'
import type { World } from './world.ts'

/** What the steps of a topology are done with. */
export interface Acting {
  readonly world: World
  readonly plan: Plan
  readonly drivers: readonly Driver[]
  /** Of the effect: each step's own key is made from it. */
  readonly idempotencyKey: string
  readonly signal: AbortSignal
}

/** Does steps one after the other; throws at the first that fails, once its tries are used up. */
export async function actInOrder(acting: Acting, actions: readonly PlannedAction[]): Promise<readonly Deed[]> {
  const deeds: Deed[] = []
  for (const action of actions) deeds.push(await act(acting, action))
  return deeds
}

/** Does steps side by side; all are waited for, then the first failure is thrown. */
export async function actAtOnce(acting: Acting, actions: readonly PlannedAction[]): Promise<readonly Deed[]> {
  const results = await Promise.allSettled(actions.map((action) => act(acting, action)))
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

/** Does steps one after the other, whatever becomes of each: what failed is told, and nothing is thrown unless the signal aborts. */
export async function actAnyway(acting: Acting, actions: readonly PlannedAction[]): Promise<readonly Deed[]> {
  const deeds: Deed[] = []
  for (const action of actions) {
    const began = acting.world.clock.now()
    deeds.push(
      await act(acting, action).catch((error: unknown): Deed => {
        acting.signal.throwIfAborted()
        return {
          ...named(action),
          ok: false,
          message: failureFacts(error).message,
          ms: acting.world.clock.now() - began,
        }
      }),
    )
  }
  return deeds
}

async function act(acting: Acting, action: PlannedAction): Promise<Deed> {
  const { world, drivers, signal } = acting
  const driver = drivers.find(({ name }) => name === action.target)
  if (driver === undefined) throw runtimeErrors.noTarget({ environment: acting.plan.environment })
  const began = world.clock.now()
  const limit = { ms: action.timeoutMs, what: `the step ${action.step} on "${action.target}"`, signal }
  try {
    const message = await retrying(world.clock, { tries: action.tries, signal }, () =>
      withDeadline(world.clock, limit, (limited) => done(acting, driver, action, limited)),
    )
    return { ...named(action), ok: true, message, ms: world.clock.now() - began }
  } catch (error) {
    signal.throwIfAborted()
    throw runtimeErrors.stepFailed({ step: action.step, target: action.target, cause: error })
  }
}

function named({ step, component, instance, target }: PlannedAction) {
  return { step, component, instance, target }
}

async function done(acting: Acting, driver: Driver, action: PlannedAction, signal: AbortSignal): Promise<string> {
  switch (action.means) {
    case 'probe':
      return (await driver.probe(signal)).description
    case 'health':
      return untilHealthy(acting.world, driver, signal)
    case 'act': {
      const { plan, idempotencyKey } = acting
      const request = {
        environment: plan.environment,
        idempotencyKey: `${idempotencyKey}/${action.target}/${action.step}/${action.instance}`,
        action: action.step,
        inputs: action.inputs,
        changed: [...new Set(plan.changes.map(({ key }) => key))],
      }
      if (driver.act === undefined) throw runtimeErrors.cannotAct({ step: action.step, target: driver.name })
      return (await driver.act(request, signal)).message
    }
  }
}

/** Asks until the target is well; whoever calls bounds the time. */
async function untilHealthy(world: World, driver: Driver, signal: AbortSignal): Promise<string> {
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 10_000)) {
    const health = await driver.health(signal)
    if (health.healthy) return 'healthy'
    await world.clock.sleep(pauseMs, signal)
  }
}
