import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import { runtimeErrors } from '../../core/errors/runtime.ts'
import type { Driver } from '../../ports/driver.ts'
import { failureFacts } from '../failure.ts'
import { driversOf, settingsOf, type World } from './world.ts'

/** Asks every target for its health until all are well; throws HONUA_TARGET_UNHEALTHY when the time allowed is over. */
export async function awaitHealth(world: World, context: EnvironmentContext, signal: AbortSignal): Promise<void> {
  const { verifyTimeoutMs } = settingsOf(context)
  await Promise.all(driversOf(world, context).map((driver) => untilHealthy(world, driver, verifyTimeoutMs, signal)))
}

/**
 * Asks until the target says that it is well, `ms` at most; then throws HONUA_TARGET_UNHEALTHY with what it said last. One that does not
 * answer may be starting again: that is no reason to stop asking.
 */
export async function untilHealthy(world: World, driver: Driver, ms: number, signal: AbortSignal): Promise<void> {
  const until = world.clock.now() + ms
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 10_000)) {
    const health = await driver
      .health(signal)
      .catch((error: unknown) => ({ healthy: false as const, message: failureFacts(error).message }))
    if (health.healthy) return
    signal.throwIfAborted()
    if (world.clock.now() + pauseMs > until)
      throw runtimeErrors.notHealthy({ target: driver.name, message: health.message })
    await world.clock.sleep(pauseMs, signal)
  }
}
