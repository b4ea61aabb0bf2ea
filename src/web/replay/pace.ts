/** How fast a journal is played. */
export const SPEEDS = [1, 10, 100] as const
export type Speed = (typeof SPEEDS)[number]

/** Nobody sees more than a few states a second, and nobody waits out a quiet night. */
const SHORTEST_MS = 150
const LONGEST_MS = 2_000

/** The pause before an event that came `gapMs` after the one before. */
export function pauseMs(gapMs: number, speed: Speed): number {
  return Math.min(Math.max(gapMs / speed, SHORTEST_MS), LONGEST_MS)
}
