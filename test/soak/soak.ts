import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wakeAt } from '../../machines/environment/memory.ts'
import { openLevelStore } from '../../src/adapters/store/index.ts'
import type { HistorySettings } from '../../src/core/config/index.ts'
import type { Store } from '../../src/ports/store.ts'
import { slackOf } from '../../src/runtime/history/journals.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { silentLog } from '../support/silent-log.ts'
import { settle, type VirtualClock, virtualClock } from '../support/virtual-clock.ts'
import { type Done, Load } from './load.ts'
import { rollingGit } from './rolling-git.ts'
import { folderMb, heapMb, openHandles, type Sample } from './samples.ts'

const MINUTE = 60_000
/** Far below every time limit of the runtime. */
const STEP_MS = 5_000
const TIDY_EVERY_MS = 10 * MINUTE
/** Small, so that an hour shows what would take a day. */
const LIMITS: HistorySettings = { entries: 40, ageMs: 60 * MINUTE, deployments: 3, releases: 2 }

/** Parsed files kept for each environment: little more than it has, so that the cache is full after minutes and not after days. */
const CACHED_BYTES = 1_024

export interface SoakOptions {
  readonly hours: number
  readonly environments: number
  readonly samples: number
  readonly seed?: number
  readonly onSample?: (sample: Sample) => void
}

export interface Soaked {
  readonly samples: readonly Sample[]
  readonly done: Done
  /** Journal entries that are beyond every limit and were not let go though it was time. */
  readonly overdue: number
  /** Environments that are at rest at the end, once nothing happens any more. */
  readonly atRest: number
  readonly seconds: number
}

/** Hours of virtual load on the real runtime and a real LevelDB store; targets and Git are in memory. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const { hours, environments, samples: count, seed = 1 } = options
  const started = performance.now()
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'honua-soak-'))
  const clock = virtualClock(undefined, seed)
  const names = Array.from({ length: environments }, (_, at) => `env-${String(at).padStart(4, '0')}`)
  const git = rollingGit(names, (name, revision) =>
    Object.fromEntries(
      [0, 1, 2, 3].map((at) => [
        `l${at}.yaml`,
        layerFile(`l${at}`, { title: `${name} ${at === revision % 4 ? revision : 0}` }),
      ]),
    ),
  )
  const store = counting(await openLevelStore({ dataDir: folder, clock, log: silentLog, ballastBytes: 0 }))
  try {
    const world = await startRuntime({
      clock,
      git,
      store,
      history: LIMITS,
      cacheBytesMax: environments * CACHED_BYTES,
      tidyEveryMs: TIDY_EVERY_MS,
      collectEveryMs: 30 * MINUTE,
      settings: (name) => ({ autoSync: !name.endsWith('3') }),
    })
    const late = lateness(world)
    const load = new Load(clock, git, names)
    const samples: Sample[] = []
    let auditLines = 0
    for (let minute = 1; minute <= hours * 60; minute += 1) {
      load.minute(world)
      await passes(clock, store, MINUTE)
      if (load.failure !== undefined) throw load.failure
      if (minute % Math.max(1, Math.round((hours * 60) / count)) !== 0) continue
      for await (const line of store.audit(auditLines + 1)) auditLines = line.sequence
      const sample = sampled(minute / 60, { clock, store, folder, auditLines, late })
      samples.push(sample)
      options.onSample?.(sample)
    }
    await passes(clock, store, TIDY_EVERY_MS + MINUTE)
    // The first may be one that began a while ago, with the clock as it was then.
    await world.keeper.round()
    await world.keeper.round()
    const overdue = await entriesOverdue(store, clock)
    const atRest = world.controller.hosts.filter(({ context }) => context.owed.length === 0).length
    await world.stop()
    return { samples, done: load.done, overdue, atRest, seconds: (performance.now() - started) / 1_000 }
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * A store that knows how many calls it has not answered yet, as real time passes in it while the virtual clock stands still; and how
 * many contents it kept when it last collected them.
 */
type Counting = Store & { readonly unanswered: () => number; readonly contentsKept: () => number }

function counting(store: Store): Counting {
  let [open, kept] = [0, 0]
  const settled = () => {
    open -= 1
  }
  const collected = store.collect.bind(store)
  const collect: Store['collect'] = async (mark) => {
    const found = await collected(mark)
    kept = found.kept
    return found
  }
  return new Proxy(Object.assign(store, { collect, unanswered: () => open, contentsKept: () => kept }), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: readonly unknown[]) => {
        const result: unknown = Reflect.apply(member, target, args)
        if (result instanceof Promise) {
          open += 1
          result.then(settled, settled)
        }
        return result
      }
    },
  })
}

/** Lets time pass in small steps, and the store answer in between. */
async function passes(clock: VirtualClock, store: Counting, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await clock.advance(STEP_MS)
    while (store.unanswered() > 0) await settle()
  }
}

/** How late timers come, in ms: what the clock says against what the state had asked for. */
function lateness(world: RuntimeWorld): { take(): number } {
  let most = 0
  world.controller.hosts$.subscribe((host) =>
    host.committed$.subscribe(({ before, event }) => {
      const due = wakeAt(before.context)
      if (event.type === 'timer.fired' && due !== null) most = Math.max(most, event.at - due)
    }),
  )
  return {
    take() {
      const taken = most
      most = 0
      return taken
    },
  }
}

function sampled(
  hour: number,
  at: {
    readonly clock: VirtualClock
    readonly store: Counting
    readonly folder: string
    readonly auditLines: number
    readonly late: { take(): number }
  },
): Sample {
  const { clock, store, folder, auditLines, late } = at
  return {
    hour,
    heapMb: heapMb(),
    storeMb: folderMb(folder),
    entries: store.extents().reduce((sum, { base, head }) => sum + head - base, 0),
    contents: store.contentsKept(),
    auditLines,
    handles: openHandles(),
    timers: clock.pending,
    lateMs: late.take(),
  }
}

/** Entries beyond the newest and older than the age that a round has just left, less those too few to be worth a cut. */
async function entriesOverdue(store: Store, clock: VirtualClock): Promise<number> {
  const old = clock.now() - LIMITS.ageMs
  let overdue = 0
  for (const { stream, base, head } of store.extents()) {
    let eligible = 0
    for await (const entry of store.journal(stream, base + 1, head - LIMITS.entries)) if (entry.at <= old) eligible += 1
    overdue += Math.max(0, eligible - slackOf(LIMITS) + 1)
  }
  return overdue
}
