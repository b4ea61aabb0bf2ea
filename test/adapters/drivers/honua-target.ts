/** A Honua target for tests: a stand-in, and drivers that look at it. */
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import type { HonuaTarget } from '../../../src/adapters/drivers/settings.ts'
import type { Driver } from '../../../src/ports/driver.ts'
import type { Letter } from '../../support/honua-server/exchange.ts'
import { type HonuaServer, startHonuaServer } from '../../support/honua-server/server.ts'
import { TestClock, testDeps } from './deps.ts'

const API_KEY = 'api-key-canary'

/** Writes so slow that what may be in flight at once is. */
export const SLOW = { kind: 'delay', ms: 50, on: 'writes' } as const

export interface Opening {
  /** What `${NAME}` resolves to. */
  readonly secrets?: ReadonlyMap<string, string>
  readonly settings?: Partial<HonuaTarget>
}

export interface StandIn {
  readonly server: HonuaServer
  readonly clock: TestClock
  /** A new driver on it, as after a restart. */
  open(opening?: Opening): Driver
  /** Method and path of every request that was no read. */
  writes(): readonly string[]
}

export async function standIn(generation: Letter): Promise<StandIn> {
  const server = await startHonuaServer({ apiKey: API_KEY, generation })
  const clock = new TestClock()
  return {
    server,
    clock,
    open: ({ secrets = new Map(), settings = {} } = {}) => {
      const target: HonuaTarget = {
        name: 'gis',
        driver: 'honua',
        url: server.url,
        credentials: { type: 'api-key', secretRef: 'gis-key' },
        timeoutMs: 60_000,
        maxInFlight: 4,
        ...settings,
      }
      const own = new Map([['gis-key', API_KEY]])
      return openDriver(target, 'production', testDeps({ resolvable: secrets, own, clock }))
    },
    writes: () =>
      server.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
  }
}
