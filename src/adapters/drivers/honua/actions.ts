/** Steps of a topology that a Honua server can do, by generation: a line each. */
import type { Actions, Letter } from './generation.ts'
import { dropCached } from './generation-c/cache.ts'
import { rollOut } from './generation-c/rollout.ts'

/** What is asked of the public side of a server, and so of any generation. */
const everywhere: Actions = {}

export const ACTIONS: Readonly<Record<Letter, Actions>> = {
  A: everywhere,
  B: everywhere,
  C: {
    ...everywhere,
    'rolling-restart': rollOut,
    'flush-cdn-cache': dropCached,
  },
}
