import type { Act } from '../script.ts'

export const MINUTE = 60_000
/** The environment that all stories are about. */
export const SITE = 'production'

/** Something that happens so many minutes after a story begins. */
export type Timed = readonly [afterMinutes: number, act: Act]
