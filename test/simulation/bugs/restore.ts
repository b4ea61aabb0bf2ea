import type { Bug } from './list.ts'

const RECOVERY = 'src/runtime/environment/recovery.ts'

/** Mistakes about backups that are put back. */
export const restoreBugs: readonly Bug[] = [
  {
    name: 'a restore is carried out again after a crash',
    file: RECOVERY,
    find: 'idempotencyKey: effect.id, signal',
    replace: 'idempotencyKey: `${effect.id}/${world.clock.id()}`, signal',
  },
  {
    name: 'a restore leaves the environment free to deploy',
    file: 'machines/environment/memory.ts',
    find: "hold: { kind: 'intervention', by: CONTROLLER, reason: why.message, since: at, until: null }",
    replace: 'hold: null',
  },
  {
    name: 'a restore is carried out although its ground has changed',
    file: RECOVERY,
    find: 'if (plan.digest === effect.plan)',
    replace: 'if (plan.digest !== null)',
  },
].map((bug) => ({ ...bug, profile: 'topology' }))
