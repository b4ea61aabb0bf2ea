import { keys, parseHistoryKey } from '../../../src/adapters/store/keys.ts'
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts'
import type { JournalBase, JournalEntry, StoredSnapshot } from '../../../src/ports/store.ts'
import { environmentOfStream } from '../../../src/runtime/environment/host.ts'
import { type Divergence, type ReplayBundle, replay } from '../../../src/runtime/replay.ts'

/** The journals that lie on a disk as bundles that `honua replay --file` opens. */
export function bundlesOf(pairs: ReadonlyMap<string, string>): readonly ReplayBundle[] {
  const entries = new Map<string, JournalEntry[]>()
  const snapshots: StoredSnapshot[] = []
  for (const [key, text] of pairs) {
    const place = parseHistoryKey(key)
    if (place.kind === 'snapshot') snapshots.push(JSON.parse(text))
    if (place.kind === 'journal') entries.set(place.stream, [...(entries.get(place.stream) ?? []), JSON.parse(text)])
  }
  return snapshots.map(({ stream, machine, snapshot }) => {
    const text = pairs.get(keys.base(stream))
    const base: (JournalBase & { readonly snapshot: JsonObject }) | null = text === undefined ? null : JSON.parse(text)
    const name = environmentOfStream(stream)
    return {
      format: 'honua-replay',
      version: 1,
      stream,
      machine,
      input: name === undefined ? {} : { name },
      ...(base === null ? {} : { base: { sequence: base.sequence, state: base.state, snapshot: base.snapshot } }),
      entries: (entries.get(stream) ?? [])
        .map(({ sequence, at, event, state }) => ({ sequence, at, event, state }))
        .sort((one, other) => one.sequence - other.sequence),
      snapshot: isJsonObject(snapshot) ? snapshot : {},
    }
  })
}

/** Folds every journal again; where one does not lead to the stored state, it says so. */
export function journalsReplay(
  pairs: ReadonlyMap<string, string>,
): readonly { readonly stream: string; readonly divergence: Divergence | null }[] {
  return bundlesOf(pairs).map((bundle) => ({ stream: bundle.stream, divergence: replay(bundle).divergence }))
}
