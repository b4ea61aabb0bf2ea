import type { SchedulerLike } from 'rxjs'
import type { Instant } from '../core/vocabulary.ts'

/** The only source of time and chance. Tests and the simulation bring their own. */
export interface Clock {
  now(): Instant
  /** In [0, 1). */
  random(): number
  /** A fresh unguessable id of 32 lower-case hex characters. */
  id(): string
  /** What every time-based stream is given. */
  readonly scheduler: SchedulerLike
  /** Resolves after `ms`; rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
