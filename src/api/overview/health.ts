import { environmentVersion } from '../../../machines/environment/machine.ts'
import { sourceVersion } from '../../../machines/source/machine.ts'
import type { Deployment } from '../../core/vocabulary.ts'
import type { Facade } from '../../runtime/facade.ts'
import type { CheckedView, HealthView } from '../contract.ts'
import { inOrder } from './order.ts'

/** Deployments of an environment that are looked through for checks. */
const LOOKED_THROUGH_MAX = 20
/** Checks that failed and are told one by one. */
const FAILED_MAX = 20

/** What is known of the controller itself and of what it reaches. */
export async function healthView(facade: Facade): Promise<HealthView> {
  const health = facade.storeHealth()
  const environments = inOrder(facade)
  const checked = await Promise.all(environments.map(({ name }) => checkedIn(facade, name)))
  return {
    version: facade.version,
    platform: `Node.js ${process.version}`,
    charts: { environment: environmentVersion, source: sourceVersion },
    store:
      health.state === 'ok'
        ? { state: 'ok', since: null, message: null }
        : { state: health.state, since: health.since, message: health.message },
    room: await facade.room(),
    targets: environments.map(({ name, context }) => {
      const configured = context.settings?.targets ?? []
      // What is no longer configured is no longer looked at.
      const seen = facade.targets(name).filter(({ target }) => configured.includes(target))
      return {
        environment: name,
        seen,
        unseen: configured.filter((target) => !seen.some((one) => one.target === target)),
      }
    }),
    checked: checked.filter((one) => one !== null),
    configured: facade.notYetActive().healthChecks,
  }
}

/** The checks of the newest deployment that made any; null where none of the newest did. */
async function checkedIn(facade: Facade, environment: string): Promise<CheckedView | null> {
  let looked = 0
  for await (const deployment of facade.deployments({ prefix: `${environment}-`, reverse: true })) {
    if (deployment.environment !== environment) continue
    const found = checksOf(deployment)
    if (found !== null) return found
    looked += 1
    if (looked >= LOOKED_THROUGH_MAX) return null
  }
  return null
}

function checksOf({ id, environment, updatedAt, deeds = [] }: Deployment): CheckedView | null {
  const checks = deeds.flatMap(({ target, checks: made = [] }) => made.map((check) => ({ target, ...check })))
  if (checks.length === 0) return null
  const failed = checks.filter(({ ok }) => !ok).slice(0, FAILED_MAX)
  return {
    environment,
    deployment: id,
    at: updatedAt,
    passed: checks.filter(({ ok }) => ok).length,
    failed: failed.map(({ target, name, message }) => ({ target, name, message })),
  }
}
