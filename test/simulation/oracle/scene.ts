import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import type { SimWorld } from '../world/world.ts'
import type { Judge } from './judge.ts'
import type { DiskView } from './view.ts'

/** What every checker sees. */
export interface Scene {
  readonly judge: Judge
  /** What is on the disk. */
  readonly view: DiskView
  readonly world: SimWorld
}

/** An attempt that an environment's step opened; null where it opened none. */
export function openedAttempt(before: EnvironmentContext | undefined, after: EnvironmentContext) {
  return after.attempt !== null && after.attempt.id !== before?.attempt?.id ? after.attempt : null
}

/** An attempt that an environment's step ended, and how; null where it ended none. */
export function endedAttempt(before: EnvironmentContext | undefined, after: EnvironmentContext) {
  const { ended } = after
  if (ended === null) return null
  const former = before?.ended ?? null
  return former !== null && former.attempt.id === ended.attempt.id && former.at === ended.at ? null : ended
}
