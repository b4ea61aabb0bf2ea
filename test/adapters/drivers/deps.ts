/** What drivers are given in tests: a clock that a test moves, secrets in a map, no log. */
import { asyncScheduler } from 'rxjs'
import { systemClock } from '../../../src/adapters/clock-system.ts'
import type { DriverDeps } from '../../../src/adapters/drivers/settings.ts'
import { HonuaError } from '../../../src/core/errors/honua-error.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { Log } from '../../../src/ports/log.ts'

/** Longest pause that passes at once; longer ones are deadlines and pass when a test says so. */
const PAUSE_MS_MAX = 10_000

/** Pauses take no time and are noted; deadlines (over 10 s) come only by `expireDeadlines`. */
export class TestClock implements Clock {
  readonly scheduler = asyncScheduler
  readonly pauses: number[] = []
  readonly #machine = systemClock()
  readonly #aheadMs: number
  readonly #deadlines = new Set<() => void>()

  constructor(aheadMs = 0) {
    this.#aheadMs = aheadMs
  }

  /** The machine's own: files carry its time stamps. `aheadMs` makes every file an old one. */
  now(): number {
    return this.#machine.now() + this.#aheadMs
  }
  random(): number {
    return 0.5
  }
  /** Unlike any other: programs are found and ended by it. */
  id(): string {
    return this.#machine.id()
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= PAUSE_MS_MAX) {
      this.pauses.push(ms)
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      this.#deadlines.add(resolve)
      signal?.addEventListener('abort', () => {
        this.#deadlines.delete(resolve)
        reject(signal.reason)
      })
    })
  }
  expireDeadlines(): void {
    for (const expire of this.#deadlines) expire()
    this.#deadlines.clear()
  }
}

const silent = (): void => undefined
export const silentLog: Log = { debug: silent, info: silent, warn: silent, error: silent, child: () => silentLog }

/** `resolvable` are the `${NAME}` of resources, `own` the target's credentials. */
export function testDeps(
  options: {
    readonly resolvable?: ReadonlyMap<string, string>
    readonly own?: ReadonlyMap<string, string>
    readonly clock?: Clock
  } = {},
): DriverDeps {
  const { resolvable = new Map(), own = new Map(), clock = new TestClock() } = options
  return {
    clock,
    log: silentLog,
    secrets: { read: async (name) => own.get(name) },
    resolveSecret: async (name) => {
      const value = resolvable.get(name)
      if (value !== undefined) return value
      throw new HonuaError('HONUA_SECRET_MISSING', 'after-config-change', `secret ${name} is missing`, 'create it')
    },
  }
}
