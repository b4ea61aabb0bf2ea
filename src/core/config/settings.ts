import type { EnvironmentSettings, NotYetActive, TimeWindow } from '../vocabulary.ts'
import { parseHours } from './hours.ts'
import { CAUTIOUS, type ControllerConfig, MAX_DELAY_MS, type TargetSettings } from './schema.ts'

type Spec = ControllerConfig['spec']
type EnvironmentConfig = NonNullable<Spec['sync']>[string]

/** The environments that the configuration names. */
export function environmentsOf({ spec }: ControllerConfig): readonly string[] {
  return Object.keys(spec.sync ?? spec.environments ?? {})
}

/** How one environment is run. */
export function settingsFor(config: ControllerConfig, environment: string): EnvironmentSettings {
  const { spec } = config
  const named = spec.sync ?? spec.environments ?? {}
  const own = Object.hasOwn(named, environment) ? (named[environment] ?? CAUTIOUS) : CAUTIOUS
  const { retry, interval, heal } = spec.reconciliation
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
      maxDelayMs: retry.maxDelay ?? Math.max(MAX_DELAY_MS, retry.initialDelay),
    },
    reconcileIntervalMs: interval,
    approvalTtlMs: own.approvalTtl,
    maxDeletePercent: own.maxDeletePercent,
    ignore: own.ignore.map(({ kind, path }) => ({ kind, pointer: path })),
    targets: targetsFor(config, environment).map((target) => target.name),
    verifyTimeoutMs: own.verifyTimeout,
    drift: {
      mode: own.drift,
      initialDelayMs: heal.initialDelay,
      maxDelayMs: Math.max(heal.maxDelay, heal.initialDelay),
    },
  }
}

/** What of the configuration is accepted and does nothing yet. */
export function notYetActive({ spec: { notifications, health } }: ControllerConfig): NotYetActive {
  const { slack } = notifications
  return {
    slack:
      slack === undefined
        ? null
        : {
            enabled: slack.enabled,
            channel: slack.channel ?? null,
            events: slack.events,
            hasAddress: slack.webhook !== undefined,
          },
    healthChecks: health.checks.map(({ type, interval }) => ({ type, intervalMs: interval })),
  }
}

/** How much of the past is kept. Each environment counts for itself. */
export interface HistorySettings {
  /** Newest journal entries that are kept in any case. */
  readonly entries: number
  /** Younger entries are kept too. */
  readonly ageMs: number
  /** Newest deployment records. */
  readonly deployments: number
  /** Newest records of completed deployments, whose releases are kept with them. */
  readonly releases: number
}

export function historyOf({ spec: { history } }: ControllerConfig): HistorySettings {
  const { entries, age, deployments, releases } = history
  return { entries, ageMs: age, deployments, releases }
}

/** The targets that an environment is deployed to: those that name it, and those that name none. */
export function targetsFor({ spec }: ControllerConfig, environment: string): readonly TargetSettings[] {
  return spec.targets.filter((target) => target.environments === undefined || target.environments.includes(environment))
}

/** What of a new configuration cannot be taken without a restart, a sentence each; empty when all of it can. */
export function restartReasons(running: ControllerConfig, next: ControllerConfig): readonly string[] {
  const fixed = ['dataDir', 'socket', 'secretsDir', 'git', 'limits', 'web'] as const
  return fixed
    .filter((key) => JSON.stringify(running.spec[key]) !== JSON.stringify(next.spec[key]))
    .map((key) => `spec.${key} changed; restart the controller to take the new configuration`)
}

function windowOf({ days, hours, timeZone }: EnvironmentConfig['conditions'][number]): TimeWindow {
  // The schema has checked the hours; what it would not take opens for no minute.
  const { fromMinute, toMinute } = parseHours(hours) ?? { fromMinute: 0, toMinute: 0 }
  return { days, fromMinute, toMinute, timeZone }
}
