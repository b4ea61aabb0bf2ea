import { parseHistoryKey } from '../../../src/adapters/store/keys.ts'
import type { Tampering } from '../script.ts'

/**
 * Changes the stored history as somebody with access to the disk would; false when there is nothing to change yet. The newest entries
 * are left alone: that a tail is gone can be seen only from outside (the anchor beside the database, which has its own tests).
 */
export function tamper(pairs: Map<string, string>, how: Tampering, pick: number): boolean {
  const entries = [...pairs.keys()].filter((key) => parseHistoryKey(key).kind === 'journal').sort()
  const snapshots = [...pairs.keys()].filter((key) => parseHistoryKey(key).kind === 'snapshot')
  const inside = entries.filter(
    (key, at) => at + 1 < entries.length && streamOf(entries[at + 1] ?? '') === streamOf(key),
  )
  const one = inside[pick % Math.max(1, inside.length)]
  const snapshot = snapshots[pick % Math.max(1, snapshots.length)]
  if (one === undefined || snapshot === undefined) return false
  const text = pairs.get(one) ?? ''
  switch (how) {
    case 'edit':
      pairs.set(
        one,
        text.replace(/"at":(\d+)/, (_, at: string) => `"at":${Number(at) + 1}`),
      )
      return true
    case 'remove':
      pairs.delete(one)
      return true
    case 'swap': {
      const other = entries[entries.indexOf(one) + 1] ?? one
      pairs.set(one, pairs.get(other) ?? '')
      pairs.set(other, text)
      return true
    }
    case 'snapshot': {
      const stored = pairs.get(snapshot) ?? ''
      pairs.set(
        snapshot,
        stored.replace(/"misses":\d+|"failure":null/, (found) =>
          found.startsWith('"misses"') ? '"misses":7' : '"failure":0',
        ),
      )
      return pairs.get(snapshot) !== stored
    }
  }
}

function streamOf(key: string): string {
  const place = parseHistoryKey(key)
  return place.kind === 'journal' ? place.stream : ''
}
