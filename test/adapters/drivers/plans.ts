/** Plans as the controller makes them, of what a driver finds. */
import { makePlan } from '../../../src/core/plan/index.ts'
import type { Plan, Resource } from '../../../src/core/vocabulary.ts'
import type { Driver } from '../../../src/ports/driver.ts'
import { planTarget } from '../../../src/runtime/environment/planning.ts'
import { Reached } from '../../../src/runtime/environment/reached.ts'
import { observeAll, representedBy } from '../../../src/runtime/environment/world.ts'
import { calm } from '../../contract/driver.requests.ts'
import { someSettings } from '../../support/builders/environment.ts'
import { declared } from '../../support/builders/plans.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

/** What leads from what is live to `desired`; what is live and was `owned` before is ours. */
export async function planOn(
  driver: Driver,
  desired: readonly Resource[],
  owned: readonly Resource[] = [],
): Promise<Plan> {
  const observed = await observeAll(
    { reached: new Reached(), clock: virtualClock() },
    { environment: 'dev', drivers: [driver], desired },
    calm(),
  )
  return makePlan({
    desired: declared(desired),
    reason: 'commit',
    targets: observed.map(planTarget),
    inventory: owned.map(({ key }) => ({ target: driver.name, key })),
    settings: someSettings(),
  })
}

/** Plans and carries out. */
export async function deployTo(
  driver: Driver,
  desired: readonly Resource[],
  owned: readonly Resource[] = [],
  progress: (done: number, total: number) => void = () => undefined,
): Promise<Plan> {
  const plan = await planOn(driver, desired, owned)
  const wanted = new Map(desired.map((resource) => [resource.key, representedBy(driver, resource)]))
  const changes = plan.changes.map((change) => ({
    change,
    desired: change.action === 'delete' ? null : (wanted.get(change.key) ?? null),
  }))
  const request = { environment: 'production', idempotencyKey: 'd1/0', changes, result: [], progress }
  const refusals = await driver.dryRun(request, calm())
  if (refusals.length > 0) throw new Error(refusals.map(({ key, message }) => `${key}: ${message}`).join('; '))
  await driver.apply(request, calm())
  return plan
}

export const actsOn = (plan: Plan) => plan.changes.map(({ action, means, key }) => `${means ?? action} ${key}`)
