/** Looking at many files at once: through Node's pool, or in a thread of its own where there are enough of them. */
export type { Facts, Looker, Opened, Unseen } from './facts.ts'
export { here } from './here.ts'
export { type LookingThread, lookingThread } from './thread.ts'
