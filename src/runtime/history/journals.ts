import type { HistorySettings } from '../../core/config/index.ts'
import { asJson, type JsonObject } from '../../core/json.ts'
import type { Instant } from '../../core/vocabulary.ts'
import type { Cut, Extent, Store } from '../../ports/store.ts'
import { environmentOfStream } from '../environment/host.ts'
import { type State, stateDigest } from '../fold.ts'
import { foldNamed } from '../replay.ts'

/** Entries that one batch lets go at most; a longer journal is shortened in several steps. */
export const CUT_MAX = 1_000

/** A cut that may be made, and how many entries it lets go; or why none can be. */
export type CutFound =
  | { readonly kind: 'cut'; readonly cut: Cut; readonly entries: number }
  | { readonly kind: 'none' }
  /** The journal does not lead to the states it names: it is kept whole, for inquiry. */
  | { readonly kind: 'diverged'; readonly sequence: number }

/** The least number of entries worth letting go: fewer are not worth a line in the audit log. */
export function slackOf({ entries }: Pick<HistorySettings, 'entries'>): number {
  return Math.min(CUT_MAX, Math.max(10, Math.ceil(entries / 4)))
}

/**
 * How far a journal may be shortened now: beyond the newest `entries`, and only what is older than `ageMs`. The state to begin with is
 * not taken on trust: it is folded from where the journal begins now.
 */
export async function findCut(
  store: Store,
  { stream, base, head }: Extent,
  limits: Pick<HistorySettings, 'entries' | 'ageMs'>,
  now: Instant,
): Promise<CutFound> {
  const last = Math.min(head - limits.entries, base + CUT_MAX)
  const slack = slackOf(limits)
  if (last - base < slack) return { kind: 'none' }
  const begin = await store.base(stream)
  const newest = await store.snapshot(stream)
  if (newest === undefined || (begin?.sequence ?? 0) !== base) return { kind: 'none' }
  const input = inputOf(stream)
  const fold = foldNamed(newest.machine.name, input)
  let state: State<JsonObject> = begin === undefined ? fold.initial(input) : fold.restore(begin.snapshot)
  let sequence = base
  let named = ''
  for await (const entry of store.journal(stream, base + 1, last)) {
    if (entry.at > now - limits.ageMs) break
    const type = typeof entry.event['type'] === 'string' ? entry.event['type'] : ''
    const after = fold.next(state, { ...entry.event, type, at: entry.at, sequence: entry.sequence })
    if (after === null) return { kind: 'diverged', sequence: entry.sequence }
    state = after
    sequence = entry.sequence
    named = entry.state
  }
  if (sequence - base < slack) return { kind: 'none' }
  if (stateDigest(state) !== named) return { kind: 'diverged', sequence }
  const machine = fold.name
  return { kind: 'cut', entries: sequence - base, cut: { stream, sequence, machine, snapshot: asJson(state) } }
}

/** What the chart of a stream is begun with. */
export function inputOf(stream: string): JsonObject {
  const name = environmentOfStream(stream)
  return name === undefined ? {} : { name }
}
