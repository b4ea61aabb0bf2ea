import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { asJson, isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts'
import { parseBundle, type ReplayBundle, type ReplayEntry } from '../../../src/core/replay/bundle.ts'
import { stateDigest } from '../../../src/runtime/fold.ts'
import { foldNamed } from '../../../src/runtime/replay.ts'
import { ANNA, aHead, someSettings } from './environment.ts'

const START = Date.UTC(2026, 0, 5, 8)
const JOURNALS = new URL('../../fixtures/journals/v0.1/', import.meta.url).pathname

/** The text of a bundle that an older version wrote, e.g. `approval`. */
export function recordedText(name: string): string {
  return gunzipSync(readFileSync(`${JOURNALS}${name}.replay.json.gz`)).toString('utf8')
}

export function recorded(name: string): ReplayBundle {
  return parseBundle(recordedText(name), name)
}

/** A journal of `count` events as a controller would write it: `dev` is looked at again and again, and is as declared. */
export function longJournal(count: number): ReplayBundle {
  const input = { name: 'dev' }
  const fold = foldNamed('environment', input)
  const entries: ReplayEntry[] = []
  let state = fold.initial(input)
  const take = (event: JsonObject & { readonly type: string }) => {
    const stamp = { at: START + entries.length * 1_000, sequence: entries.length + 1 }
    state = fold.next(state, { ...event, ...stamp }) ?? state
    entries.push({ ...stamp, event, state: stateDigest(state) })
  }
  take({ type: 'settings.changed', settings: asJson(someSettings()) })
  take({ type: 'head.moved', head: aHead() })
  while (entries.length < count) {
    const owed = valueIn(state.context['owed'])
    if (owed === undefined) take({ type: 'look.requested', by: asJson(ANNA) })
    else take({ type: 'look.clean', effect: owed, commit: aHead().commit, release: 'release', inventory: 'inventory' })
  }
  const { value, context } = state
  return {
    format: 'honua-replay',
    version: 1,
    stream: 'environment/dev',
    machine: fold.name,
    input,
    entries,
    snapshot: JSON.parse(JSON.stringify({ value, context })),
  }
}

/** Id of the first effect of a list. */
function valueIn(owed: Json | undefined): Json | undefined {
  const [first] = Array.isArray(owed) ? owed : []
  return isJsonObject(first) ? first['id'] : undefined
}
