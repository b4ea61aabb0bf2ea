import { isJsonObject, type Json } from '../json.ts'
import type { EnvironmentSettings, TimeWindow } from '../vocabulary.ts'
import type { ControllerConfig, TargetSettings } from './schema.ts'

type Spec = ControllerConfig['spec']
type EnvironmentConfig = NonNullable<Spec['sync']>[string]

/** An environment that the configuration does not name: nothing happens to it without approval. */
const CAUTIOUS: EnvironmentConfig = {
  autoSync: false,
  prune: false,
  conditions: [],
  outsideWindow: 'approval',
  approvalTtl: 86_400_000,
  maxDeletePercent: 50,
  ignore: [],
  verifyTimeout: 120_000,
}

/** The environments that the configuration names. */
export function environmentsOf({ spec }: ControllerConfig): readonly string[] {
  return Object.keys(spec.sync ?? spec.environments ?? {})
}

/** How one environment is run. */
export function settingsFor(config: ControllerConfig, environment: string): EnvironmentSettings {
  const { spec } = config
  const named = spec.sync ?? spec.environments ?? {}
  const own = Object.hasOwn(named, environment) ? (named[environment] ?? CAUTIOUS) : CAUTIOUS
  const { retry, interval } = spec.reconciliation
  return {
    autoSync: own.autoSync,
    prune: own.prune,
    windows: own.conditions.map(windowOf),
    outsideWindow: own.outsideWindow === 'wait' ? 'wait' : 'ask',
    retry: {
      enabled: retry.enabled,
      attemptsMax: retry.maxAttempts,
      backoff: retry.backoff,
      initialDelayMs: retry.initialDelay,
      maxDelayMs: retry.maxDelay,
    },
    reconcileIntervalMs: interval,
    approvalTtlMs: own.approvalTtl,
    maxDeletePercent: own.maxDeletePercent,
    ignore: own.ignore.map(({ kind, path }) => ({ kind, pointer: path })),
    targets: targetsFor(config, environment).map((target) => target.name),
    verifyTimeoutMs: own.verifyTimeout,
  }
}

/** The targets that an environment is deployed to: those that name it, and those that name none. */
export function targetsFor({ spec }: ControllerConfig, environment: string): readonly TargetSettings[] {
  return spec.targets.filter((target) => target.environments === undefined || target.environments.includes(environment))
}

/** Names of all secrets that the configuration refers to, each once. */
export function secretNames(config: ControllerConfig): readonly string[] {
  const names = new Set<string>()
  const walk = (value: Json | undefined, key: string): void => {
    if (typeof value === 'string') {
      if (key === 'secretRef') names.add(value)
      for (const [, name] of value.matchAll(/\$\{([A-Z][A-Z0-9_]*)\}/g)) if (name !== undefined) names.add(name)
    } else if (Array.isArray(value)) for (const item of value) walk(item, key)
    else if (isJsonObject(value)) for (const [name, item] of Object.entries(value)) walk(item, name)
  }
  walk(JSON.parse(JSON.stringify(config.spec)), '')
  return [...names]
}

/** What of a new configuration cannot be taken without a restart, a sentence each; empty when all of it can. */
export function restartReasons(running: ControllerConfig, next: ControllerConfig): readonly string[] {
  const fixed = ['dataDir', 'socket', 'secretsDir', 'git', 'limits'] as const
  return fixed
    .filter((key) => JSON.stringify(running.spec[key]) !== JSON.stringify(next.spec[key]))
    .map((key) => `spec.${key} changed; restart the controller to take the new configuration`)
}

function windowOf({ days, hours, timeZone }: EnvironmentConfig['conditions'][number]): TimeWindow {
  const [from = '', to = ''] = hours.split('-')
  return { days, fromMinute: minuteOf(from), toMinute: minuteOf(to), timeZone }
}

function minuteOf(clock: string): number {
  const [hour = '0', minute = '0'] = clock.split(':')
  return Number(hour) * 60 + Number(minute)
}
