import type { Bug } from './list.ts'

const GATE = 'src/core/gates/drift.ts'

/** Mistakes about drift. */
export const driftBugs: readonly Bug[] = [
  { name: 'drift is healed though it is only to be told', file: GATE, find: "drift.mode !== 'heal'", replace: 'false' },
  {
    name: 'drift is healed before its pause is over',
    file: GATE,
    find: 'heals.nextAt <= now || heals.nextAt > now + drift.maxDelayMs',
    replace: 'heals.nextAt > 0',
  },
  {
    name: 'a sync of a person leaves drift alone',
    file: 'src/runtime/environment/decide.ts',
    find: "requested: by !== null && by.how !== 'controller'",
    replace: 'requested: false',
  },
].map((bug) => ({ ...bug, profile: 'drift' }))
