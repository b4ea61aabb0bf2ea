/** Steps of a topology that a Honua server can do, by generation: a line each. */
import type { Actions, Letter } from './generation.ts'
import { dropCached } from './generation-c/cache.ts'
import { rollOut } from './generation-c/rollout.ts'

/** Beside what is looked at on any server (`../checks`); where both do the same, this does it. */
export const ACTIONS: Readonly<Record<Letter, Actions>> = {
  A: {},
  B: {},
  C: {
    'rolling-restart': rollOut,
    'flush-cdn-cache': dropCached,
  },
}
