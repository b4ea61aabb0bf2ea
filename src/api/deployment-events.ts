/** What happened to an environment while a deployment went its way. */
import type { Deployment, Instant } from '../core/vocabulary.ts'
import type { JournalEntry } from '../ports/store.ts'
import type { Facade } from '../runtime/facade.ts'
import type { JournalView } from './contract.ts'

/** A deployment is some dozen events; more is a storm of commits meanwhile. */
const EVENTS_MAX = 1_000

/** Entries of the environment's journal from the deployment's first moment to its last, or to now; those that were trimmed away are missing. */
export async function* deploymentEvents(facade: Facade, deployment: Deployment): AsyncIterable<JournalView> {
  const stream = `environment/${deployment.environment}`
  const first = await firstSince(facade, stream, deployment.startedAt)
  let told = 0
  for await (const { sequence, at, event, state, previous, hash } of facade.journal(stream, first)) {
    if (deployment.completedAt !== null && at > deployment.completedAt) return
    yield { stream, sequence, at, event, state, previous, hash }
    told += 1
    if (told >= EVENTS_MAX) return
  }
}

/** Sequence of the first entry at a moment or after it. Entries are numbered without gaps, so a few looks find it among any number. */
async function firstSince(facade: Facade, stream: string, moment: Instant): Promise<number> {
  const trimmed = (await facade.base(stream))?.sequence ?? 0
  let [before, since] = [trimmed, ((await facade.snapshot(stream))?.sequence ?? 0) + 1]
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2)
    const entry = await entryAt(facade, stream, middle)
    if (entry === undefined || entry.at < moment) before = middle
    else since = middle
  }
  return since
}

async function entryAt(facade: Facade, stream: string, sequence: number): Promise<JournalEntry | undefined> {
  for await (const entry of facade.journal(stream, sequence, sequence)) return entry
  return undefined
}
