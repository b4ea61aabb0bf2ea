import { EngineStore } from '../../../src/adapters/store/engine-store.ts'
import { keys, SCHEMA } from '../../../src/adapters/store/keys.ts'
import { verifyHistory } from '../../../src/adapters/store/verify.ts'
import type { HistorySettings } from '../../../src/core/config/index.ts'
import type { EnvironmentSettings } from '../../../src/core/vocabulary.ts'
import type { Log } from '../../../src/ports/log.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type RuntimeWorld, startRuntime } from '../../support/runtime-world.ts'
import { Prng } from '../prng.ts'
import type { SimDisk } from './disk.ts'
import type { SimGit } from './git.ts'
import type { Life } from './life.ts'
import type { SimTarget } from './target.ts'
import type { SimTime } from './time.ts'

/** A short memory, so that hours of simulation see what keeping it short does. */
export const HISTORY: HistorySettings = { entries: 60, ageMs: 30 * 60_000, deployments: 15, releases: 4 }

export interface ControllerWorld {
  readonly seed: number
  readonly time: SimTime
  readonly disk: SimDisk
  readonly git: SimGit
  readonly targets: ReadonlyMap<string, readonly SimTarget[]>
  readonly settings: (environment: string) => Partial<EnvironmentSettings>
  readonly environments: readonly string[]
  readonly pollMs: number
  readonly log: Log
  readonly onStreamError: (error: unknown) => void
}

/** A run of the controller; `runtime` is null until it has started. */
export interface Run {
  readonly life: Life
  readonly store: Store
  readonly runtime: RuntimeWorld
}

/** Starts the real controller from what is on the disk. Throws what opening the store throws; never returns when it crashes amid it. */
export async function startController(life: Life, world: ControllerWorld): Promise<Run> {
  const { disk, time, git, targets } = world
  // What the adapter of LevelDB writes into a new database.
  disk.pairs.set(keys.schema, String(SCHEMA))
  const engine = disk.open(life)
  const verified = await verifyHistory(engine)
  const store = new EngineStore(engine, verified, { synced: () => undefined, closed: () => Promise.resolve() })
  const drivers = new Map(
    [...targets].map(([environment, all]) => [environment, all.map((target) => target.driverOf(life))]),
  )
  const runtime = await startRuntime({
    clock: time.clockOf(life, Prng.named(world.seed, `clock of run ${life.number}`)),
    git: git.sourceOf(life),
    store,
    settings: (environment) => ({
      targets: (targets.get(environment) ?? []).map(({ name }) => name),
      ...world.settings(environment),
    }),
    history: HISTORY,
    pollMs: world.pollMs,
    tidyEveryMs: 600_000,
    collectEveryMs: 3_600_000,
    drivers: (environment) => drivers.get(environment) ?? [],
    log: world.log,
    onStreamError: world.onStreamError,
  })
  return { life, store, runtime }
}
