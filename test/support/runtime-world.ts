import { type Observable, Subscription } from 'rxjs'
import type { HistorySettings } from '../../src/core/config/index.ts'
import type { Actor, EnvironmentSettings } from '../../src/core/vocabulary.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Driver } from '../../src/ports/driver.ts'
import type { GitSource } from '../../src/ports/git.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Store } from '../../src/ports/store.ts'
import { Bundles } from '../../src/runtime/bundles.ts'
import { Controller } from '../../src/runtime/controller.ts'
import { Doing } from '../../src/runtime/environment/doing.ts'
import { Progress } from '../../src/runtime/environment/progress.ts'
import { Reached } from '../../src/runtime/environment/reached.ts'
import type { Facade } from '../../src/runtime/facade.ts'
import { facadeOf } from '../../src/runtime/facade-of.ts'
import { HistoryKeeper } from '../../src/runtime/history/keeper.ts'
import { createLimiter } from '../../src/runtime/limiter.ts'
import { createDesiredLoader } from '../../src/runtime/load-desired.ts'
import { SourceHost } from '../../src/runtime/source.ts'
import { polls$ } from '../../src/streams/polls.ts'
import { rounds$ } from '../../src/streams/rounds.ts'
import { alarms$ } from '../../src/streams/wakes.ts'
import { someSettings } from './builders/environment.ts'
import { MemoryTarget } from './memory-target.ts'
import { silentLog } from './silent-log.ts'

export const OTTO: Actor = { name: 'otto', how: 'token' }

export interface RuntimeOptions {
  readonly clock: Clock
  readonly git: GitSource
  readonly store: Store
  /** Environments whose settings differ from `someSettings({ targets: ['memory'] })`. */
  readonly settings?: (environment: string) => Partial<EnvironmentSettings>
  readonly history?: HistorySettings
  readonly pollMs?: number
  readonly tidyEveryMs?: number
  readonly collectEveryMs?: number
  /** Parsed files kept in memory, by the size of their text; the loader's own bound unless said otherwise. */
  readonly cacheBytesMax?: number
  /** What targets hold from before; they outlive a restart. */
  readonly targets?: Map<string, MemoryTarget>
  /** The drivers of an environment; its target in memory unless given. */
  readonly drivers?: (environment: string) => readonly Driver[]
  readonly log?: Log
  /** Hears of a stream that broke off, which none may; rxjs throws it unless given. */
  readonly onStreamError?: (error: unknown) => void
}

/** The real runtime with its streams, as main wires it, on a virtual clock, a given store and targets in memory. */
export interface RuntimeWorld {
  readonly controller: Controller
  readonly facade: Facade
  readonly keeper: HistoryKeeper
  readonly targets: ReadonlyMap<string, MemoryTarget>
  target(environment: string): MemoryTarget
  stop(): Promise<void>
}

const KEEP: HistorySettings = { entries: 500, ageMs: 86_400_000, deployments: 200, releases: 20 }

export async function startRuntime(options: RuntimeOptions): Promise<RuntimeWorld> {
  const { clock, git, store, targets = new Map<string, MemoryTarget>() } = options
  const { log = silentLog, onStreamError } = options
  const target = (environment: string): MemoryTarget => {
    const known = targets.get(environment) ?? new MemoryTarget()
    targets.set(environment, known)
    return known
  }
  const source = await SourceHost.open({
    store,
    clock,
    log,
    git,
    settings: { url: git.displayUrl, branch: git.branch, historyRewrite: 'hold' },
  })
  const controller = new Controller({
    store,
    clock,
    log,
    source,
    setup: {
      environments: [],
      settings: (name) => someSettings({ targets: ['memory'], ...options.settings?.(name) }),
      notices: [],
      notYetActive: { slack: null, healthChecks: [] },
    },
    world: {
      clock,
      log,
      loader: createDesiredLoader({
        git,
        limits: options.cacheBytesMax === undefined ? {} : { cacheBytesMax: options.cacheBytesMax },
      }),
      bundles: new Bundles(store),
      drivers: options.drivers ?? ((environment) => [target(environment)]),
      limiter: createLimiter(16),
      progress: new Progress(),
      doing: new Doing(),
      reached: new Reached(),
    },
  })
  const keeper = new HistoryKeeper({
    store,
    clock,
    log,
    limits: () => options.history ?? KEEP,
    ...(options.collectEveryMs === undefined ? {} : { collectEveryMs: options.collectEveryMs }),
  })
  await controller.start()
  const streams = new Subscription()
  const stopping = new AbortController()
  const { trigger$ } = controller
  const run = (stream$: Observable<unknown>) =>
    streams.add(onStreamError === undefined ? stream$.subscribe() : stream$.subscribe({ error: onStreamError }))
  const pace = { enabled: true, intervalMs: options.pollMs ?? 30_000, maxBackoffMs: 300_000 }
  run(polls$({ clock, pace, trigger$, poll: () => controller.poll(stopping.signal) }))
  run(rounds$(clock, options.tidyEveryMs ?? 600_000, () => keeper.round()))
  run(alarms$(controller.hosts$, clock, log))
  return {
    controller,
    facade: facadeOf(controller, 'test'),
    keeper,
    targets,
    target,
    async stop() {
      streams.unsubscribe()
      stopping.abort(new Error('the world stops'))
      await keeper.stop()
      await controller.stop()
    },
  }
}
