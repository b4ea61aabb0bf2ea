/** What the controller promises, by the numbers of the threat model (C, I1 … I18); `phases` and `abilities` are of
 * topologies (design, 7), `restores` is of backups (design, 7), `drift` is of what an environment says of it (design, 8), `replay` is the seventh of the design's proofs. */
export const promises = {
  I1: 'nothing is applied without the approval its plan needs, bound to that plan',
  I2: 'one deployment at a time on an environment; a record that is not final is the open one',
  I3: 'every effect is fenced against another controller',
  I4: 'what was acknowledged is on disk, for ever, and is acted upon',
  I5: 'an effect at a target has its intent on disk before it, and nothing is done twice',
  I6: 'after any crash, and once faults end, every environment comes to rest where Git wants it',
  I7: 'where nothing moves, nothing is written',
  I8: 'a release that failed or was turned down does not come back by itself',
  I9: 'the applied commit moves only to descendants, or where a person allowed it',
  I10: 'with the remote down, everything else goes on',
  I11: 'nothing is deleted by mistake',
  I12: 'what is written is what a commit of the repository declares, or what was there before',
  I13: 'Synced means read back after the last write, equal, and healthy',
  I14: 'nobody waits for another: timers, orders and triggers are served in bounded time',
  I15: 'nothing starts outside its window',
  I16: 'a change to the stored history is found at the next start',
  I17: 'no secret is written, logged or told',
  I18: 'memory, timers and history stay within bounds',
  phases: 'along a topology, phases, servers and checks come in their order, and go back in the other',
  abilities: 'what a target cannot do is never asked of it',
  restores: 'a backup is put back on an approval of just that, once, and everything then waits for a person',
  drift: 'drift is healed by the controller after its pauses, or left alone until a person asks',
  replay: 'every kept journal leads to the stored state, byte for byte',
} as const

export type PromiseId = keyof typeof promises

/** Promises about what is not built yet, and why no run can examine them. */
export const notApplicable: Partial<Readonly<Record<PromiseId, string>>> = {
  I3: 'there is one controller to a data directory (its lock is tested with real processes); fences come with replicas',
}

/** Kinds of faults that come with what is built later. */
export const later = {
  webhooks: 'lost, doubled, reordered and forged deliveries: world/ gets a sender of webhooks',
  notifiers: 'slow and failing receivers of notifications: world/ gets a receiver',
  signatures: 'unsigned and badly signed commits: world/git.ts gets signatures, and I12 asks for them',
  replicas: 'paused leaders and split networks: world/ gets a second life at the same time',
} as const

/** The promises that a run must have examined. */
export const examinable = (Object.keys(promises) as readonly PromiseId[]).filter(
  (id) => notApplicable[id] === undefined,
)
