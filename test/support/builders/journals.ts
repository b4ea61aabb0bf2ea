import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parseBundle, type ReplayBundle } from '../../../src/core/replay/bundle.ts'

const JOURNALS = new URL('../../fixtures/journals/v0.1/', import.meta.url).pathname

/** The text of a bundle that an older version wrote, e.g. `approval`. */
export function recordedText(name: string): string {
  return gunzipSync(readFileSync(`${JOURNALS}${name}.replay.json.gz`)).toString('utf8')
}

export function recorded(name: string): ReplayBundle {
  return parseBundle(recordedText(name), name)
}
