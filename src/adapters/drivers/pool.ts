import { type ControllerConfig, type TargetSettings, targetsFor } from '../../core/config/index.ts'
import { configErrors } from '../../core/errors/config.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Driver } from '../../ports/driver.ts'
import type { Log } from '../../ports/log.ts'
import type { Secrets } from '../../ports/secrets.ts'
import { lookingThread } from './directory/looking/index.ts'
import { openDriver, type TargetConfig } from './index.ts'

export interface DriverPool {
  /** The drivers of an environment for the targets of these names, in the order of the configuration. */
  of(environment: string, names: readonly string[]): readonly Driver[]
  /** The configuration changed: from now on drivers are opened by the new one. Those that are in use go on. */
  renew(): void
  close(): Promise<void>
}

/** One driver for each environment and target, opened when first asked for, and anew after the configuration changed. */
export function driverPool(
  config: () => ControllerConfig,
  deps: { readonly clock: Clock; readonly secrets: Secrets; readonly log: Log },
): DriverPool {
  const { clock, secrets, log } = deps
  const looker = lookingThread(clock)
  let open = new Map<string, Driver>()
  let retired: Driver[] = []
  const resolveSecret = async (name: string): Promise<string> => {
    const value = await secrets.read(name)
    if (value === undefined) throw configErrors.secretMissing({ name })
    return value
  }
  return {
    of(environment: string, names: readonly string[]): readonly Driver[] {
      return targetsFor(config(), environment)
        .filter((target) => names.includes(target.name))
        .map((target) => {
          const key = `${environment}\n${target.name}`
          const driver =
            open.get(key) ??
            openDriver(driverSettings(target), environment, { clock, secrets, resolveSecret, log, looker })
          open.set(key, driver)
          return driver
        })
    },
    renew(): void {
      retired.push(...open.values())
      open = new Map()
    },
    async close(): Promise<void> {
      await Promise.all([...retired, ...open.values()].map((driver) => driver.close()))
      await looker.close()
      retired = []
      open = new Map()
    },
  }
}

/** What a driver is told of a target: the configuration with its durations named by their unit. */
function driverSettings(target: TargetSettings): TargetConfig {
  if (target.driver === 'directory') {
    const { name, driver, path, keep, health } = target
    return { name, driver, path, keep, ...(health === undefined ? {} : { health }) }
  }
  if (target.driver === 'http' || target.driver === 'command') {
    const { environments: _, timeout, ...settings } = target
    return { ...settings, timeoutMs: timeout }
  }
  if (target.driver === 'postgres') {
    const { environments: _, connectTimeout, lockTimeout, statementTimeout, ...settings } = target
    return {
      ...settings,
      connectTimeoutMs: connectTimeout,
      lockTimeoutMs: lockTimeout,
      statementTimeoutMs: statementTimeout,
    }
  }
  const { name, driver, url, credentials, generation, namespaces, timeout, maxInFlight, checks } = target
  return {
    name,
    driver,
    url,
    credentials,
    timeoutMs: timeout,
    maxInFlight,
    ...(generation === undefined ? {} : { generation }),
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(checks === undefined ? {} : { checks }),
  }
}
