import { isDeepStrictEqual } from 'node:util'
import { type ControllerConfig, type TargetSettings, targetsFor } from '../../core/config/index.ts'
import { configErrors } from '../../core/errors/config.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Driver } from '../../ports/driver.ts'
import type { Log } from '../../ports/log.ts'
import type { Secrets } from '../../ports/secrets.ts'
import { lookingThread } from './directory/looking/index.ts'
import { openDriver, type TargetConfig } from './index.ts'

/** Longer than any step may take, in ms: who was given a driver before a change of the configuration may use it to the end. */
const RETIRED_MS = 24 * 60 * 60_000

export interface DriverPool {
  /** The drivers of an environment for the targets of these names, in the order of the configuration. */
  of(environment: string, names: readonly string[]): readonly Driver[]
  /** The configuration changed: a target with other settings gets a new driver, when it is asked for next. Drivers in use go on. */
  renew(): void
  close(): Promise<void>
}

export interface DriverPoolParts {
  readonly clock: Clock
  readonly secrets: Secrets
  readonly log: Log
  readonly open?: typeof openDriver
}

interface Opened {
  readonly driver: Driver
  readonly environment: string
  readonly settings: TargetConfig
}

/** One driver for each environment and target, opened when first asked for, and anew after its settings changed. */
export function driverPool(config: () => ControllerConfig, parts: DriverPoolParts): DriverPool {
  const { clock, secrets, log, open = openDriver } = parts
  const looker = lookingThread(clock)
  const drivers = new Map<string, Opened>()
  const retired = new Set<Driver>()
  const closing = new AbortController()
  const resolveSecret = async (name: string): Promise<string> => {
    const value = await secrets.read(name)
    if (value === undefined) throw configErrors.secretMissing({ name })
    return value
  }
  const settingsOf = (environment: string) => targetsFor(config(), environment).map(driverSettings)
  const retire = (driver: Driver): void => {
    retired.add(driver)
    clock.sleep(RETIRED_MS, closing.signal).then(
      () => {
        retired.delete(driver)
        driver.close().catch((error: unknown) => log.warn({ target: driver.name, error: String(error) }, 'not closed'))
      },
      () => undefined,
    )
  }
  return {
    of(environment, names) {
      return settingsOf(environment)
        .filter(({ name }) => names.includes(name))
        .map((settings) => {
          const key = `${environment}\n${settings.name}`
          const known = drivers.get(key)
          if (known !== undefined) return known.driver
          const driver = open(settings, environment, { clock, secrets, resolveSecret, log, looker })
          drivers.set(key, { driver, environment, settings })
          return driver
        })
    },
    renew() {
      for (const [key, { driver, environment, settings }] of drivers) {
        if (settingsOf(environment).some((now) => isDeepStrictEqual(now, settings))) continue
        drivers.delete(key)
        retire(driver)
      }
    },
    async close() {
      closing.abort()
      const all = [...retired, ...[...drivers.values()].map(({ driver }) => driver)]
      retired.clear()
      drivers.clear()
      await Promise.all(all.map((driver) => driver.close()))
      await looker.close()
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
