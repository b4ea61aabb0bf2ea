import { openDriver } from '../../../../src/adapters/drivers/index.ts'
import type { PostgresTarget } from '../../../../src/adapters/drivers/postgres/settings.ts'
import type { Clock } from '../../../../src/ports/clock.ts'
import type { Driver } from '../../../../src/ports/driver.ts'
import { PASSWORD, USER } from '../../../support/postgres/server.ts'
import { testDeps } from '../deps.ts'

/** A target on a server of the tests. Time-outs are longer than what the clock of tests lets pass at once. */
export function aTarget(port: number, database: string, over: Partial<PostgresTarget> = {}): PostgresTarget {
  return {
    name: 'db',
    driver: 'postgres',
    host: '127.0.0.1',
    port,
    database,
    user: USER,
    credentials: { type: 'password', secretRef: 'db-password' },
    tls: { mode: 'off' },
    connectTimeoutMs: 20_000,
    lockTimeoutMs: 1_000,
    statementTimeoutMs: 20_000,
    analyze: [],
    reindex: [],
    checks: [],
    ...over,
  }
}

export function open(
  target: PostgresTarget,
  options: { readonly clock?: Clock; readonly secret?: string } = {},
): Driver {
  const { secret = PASSWORD, clock } = options
  return openDriver(
    target,
    'production',
    testDeps({ own: new Map([['db-password', secret]]), ...(clock === undefined ? {} : { clock }) }),
  )
}
