import type { Clock } from '../../ports/clock.ts'
import type { ResolveSecret } from '../../ports/driver.ts'
import type { Log } from '../../ports/log.ts'
import type { Secrets } from '../../ports/secrets.ts'
import type { CheckSettings } from './checks/settings.ts'
import type { CommandTarget } from './command/settings.ts'
import type { Looker } from './directory/looking/index.ts'
import type { HttpTarget } from './http/settings.ts'
import type { PostgresTarget } from './postgres/settings.ts'

/** Which page says whether what a directory serves is well. */
export interface HealthCheckSettings {
  readonly url: string
  readonly timeoutMs: number
}

/** `{environment}` in `path` and in `health.url` stands for the environment's name. */
export interface DirectoryTarget {
  readonly name: string
  readonly driver: 'directory'
  readonly path: string
  /** Releases kept on the disk, the current one included; at least 1. */
  readonly keep: number
  readonly health?: HealthCheckSettings
}

/** How a Honua server is told who calls; `secretRef` names a secret, never holds one. */
export type HonuaCredentials =
  | { readonly type: 'api-key'; readonly secretRef: string }
  | { readonly type: 'bearer'; readonly secretRef: string }
  | { readonly type: 'none' }

/** `{environment}` in `url` and in `namespaces` stands for the environment's name. */
export interface HonuaTarget {
  readonly name: string
  readonly driver: 'honua'
  readonly url: string
  readonly credentials: HonuaCredentials
  /** Believed instead of probed, where probing misleads. */
  readonly generation?: 'A' | 'B' | 'C'
  /** Only these namespaces are looked at and written; absent means all. */
  readonly namespaces?: readonly string[]
  /** For one request, the whole answer included. */
  readonly timeoutMs: number
  /** Requests in flight at once. */
  readonly maxInFlight: number
  /** Where checking steps look; absent: at `url`. */
  readonly checks?: CheckSettings
}

export type TargetConfig = DirectoryTarget | HonuaTarget | HttpTarget | CommandTarget | PostgresTarget

/** What drivers are given. `secrets` is for the target's own credentials, `resolveSecret` for `${NAME}` in resources. */
export interface DriverDeps {
  readonly clock: Clock
  readonly secrets: Secrets
  readonly resolveSecret: ResolveSecret
  readonly log: Log
  /** How folders are looked at; absent: through Node's own pool. */
  readonly looker?: Looker
}

/** Puts the environment's name where `{environment}` stands. */
export function forEnvironment(text: string, environment: string): string {
  return text.replaceAll('{environment}', environment)
}
