import { runtimeErrors } from '../../core/errors/runtime.ts'
import { resultOf } from '../../core/plan/index.ts'
import type { Deed, Plan, PlanStep, Resource } from '../../core/vocabulary.ts'
import type { ApplyRequest } from '../../ports/driver.ts'
import { retrying, withDeadline } from '../patience.ts'
import { actAtOnce } from './actions.ts'
import { type ObservedTarget, representedBy, takenBy, type World } from './world.ts'

/** A write that failed in passing is tried this often; each try looks first, so nothing is done twice. */
const APPLY_TRIES = 4
/** One target may take this long, in ms, for its part of a wave: servers may be slow, hung ones must end. */
const WRITE_LIMIT_MS = 900_000

/** Applies steps to their targets, those of one call side by side; tells what was done beside writing. */
export async function applySteps(
  world: World,
  plan: Plan,
  steps: readonly PlanStep[],
  desired: readonly Resource[],
  observed: readonly ObservedTarget[],
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<readonly Deed[]> {
  const requests = requestsOf(plan, steps, desired, observed, idempotencyKey)
  const writing = world.progress.begin(plan.environment)
  const results = await Promise.allSettled(
    requests.map(({ observed: { driver }, request }) => {
      const limit = { ms: WRITE_LIMIT_MS, what: `writing to "${driver.name}"`, signal }
      const progress = writing.reporter(driver.name)
      return withDeadline(world.clock, limit, (limited) =>
        retrying(world.clock, { tries: APPLY_TRIES, signal: limited }, () =>
          driver.apply({ ...request, progress }, limited),
        ),
      )
    }),
  )
  writing.end()
  for (const result of results) if (result.status === 'rejected') throw result.reason
  const drivers = observed.map(({ driver }) => driver)
  const actions = steps.flatMap(({ action }) => action ?? [])
  return actAtOnce({ world, plan, desired, drivers, idempotencyKey, signal }, actions)
}

interface TargetRequest {
  readonly observed: ObservedTarget
  readonly request: ApplyRequest
}

/** What each target is sent for the changes among the steps. */
export function requestsOf(
  plan: Plan,
  steps: readonly PlanStep[],
  desired: readonly Resource[],
  observed: readonly ObservedTarget[],
  idempotencyKey: string,
): readonly TargetRequest[] {
  return steps.flatMap((step) => {
    if (step.action !== undefined) return []
    const target = observed.find(({ driver }) => driver.name === step.target)
    if (target === undefined) throw runtimeErrors.noTarget({ environment: plan.environment })
    const taken = desired.filter((resource) => takenBy(target.driver, resource))
    const wanted = new Map(taken.map((resource) => [resource.key, representedBy(target.driver, resource)]))
    const changes = new Map(plan.changes.map((change) => [`${change.target}/${change.key}`, change]))
    return [
      {
        observed: target,
        request: {
          environment: plan.environment,
          idempotencyKey: `${idempotencyKey}/${step.target}`,
          changes: step.changes.flatMap((id) => {
            const change = changes.get(id)
            return change === undefined
              ? []
              : [{ change, desired: change.action === 'delete' ? null : (wanted.get(change.key) ?? null) }]
          }),
          result: resultOf(plan, step.target, [...wanted.values()], target.live),
        },
      },
    ]
  })
}
