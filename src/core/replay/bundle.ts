/** The file in which a journal travels. */
import { cliErrors } from '../errors/cli.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Digest, Instant } from '../vocabulary.ts'
import type { ChartName } from './fold.ts'

/** Everything needed to replay one actor elsewhere: its journal as far as it is kept, and the state it must lead to. */
export interface ReplayBundle {
  readonly format: 'honua-replay'
  readonly version: 1
  readonly stream: string
  readonly machine: ChartName
  readonly input: JsonObject
  /** The state behind the entry before the first; absent when the journal is kept from the first event. */
  readonly base?: { readonly sequence: number; readonly state: Digest; readonly snapshot: JsonObject }
  readonly entries: readonly ReplayEntry[]
  readonly snapshot: JsonObject
}

/** One journalled event, and the digest of the state it led to. */
export interface ReplayEntry {
  readonly sequence: number
  readonly at: Instant
  readonly event: JsonObject
  readonly state: Digest
}

/** How deep values may be nested: deeper than any of ours by far, and no danger for what walks through them. */
const DEPTH_MAX = 100
/** The last moment that a date can tell, in ms. Source: ECMA-262, time values. */
const INSTANT_MAX = 8.64e15

/** Reads a bundle's text. `path` names it in errors. Throws HONUA_BUNDLE_INVALID. */
export function parseBundle(text: string, path: string): ReplayBundle {
  const wrong = (reason: string) => cliErrors.bundleInvalid({ path, reason })
  const value = parsedJson(text)
  if (!isJsonObject(value) || value['format'] !== 'honua-replay') throw wrong('it is not in the format honua-replay')
  if (value['version'] !== 1)
    throw wrong(`it has version ${String(value['version'])} of the format; this program reads version 1`)
  if (isDeeperThan(value, DEPTH_MAX)) throw wrong(`it is nested more than ${DEPTH_MAX} deep`)
  const { stream, machine, input, base, entries, snapshot } = value
  if (typeof stream !== 'string' || !isJsonObject(machine) || !isJsonObject(input) || !isJsonObject(snapshot))
    throw wrong('parts of it are missing')
  const { name, version, chart } = machine
  if (typeof name !== 'string' || typeof version !== 'number' || typeof chart !== 'string')
    throw wrong('it does not name its statechart')
  if (!Array.isArray(entries)) throw wrong('it holds no entries')
  return {
    format: 'honua-replay',
    version: 1,
    stream,
    machine: { name, version, chart },
    input,
    snapshot,
    ...(base === undefined ? {} : { base: baseOf(base) }),
    entries: entries.map(entryOf),
  }

  function baseOf(begin: Json) {
    const { sequence, state, snapshot: first } = isJsonObject(begin) ? begin : {}
    if (typeof sequence !== 'number' || typeof state !== 'string' || !isJsonObject(first))
      throw wrong('the state that it begins with is damaged')
    return { sequence, state, snapshot: first }
  }

  function entryOf(entry: Json, at: number): ReplayEntry {
    if (!isJsonObject(entry)) throw wrong(`entry ${at + 1} is damaged`)
    const { sequence, at: moment, event, state } = entry
    if (typeof sequence !== 'number' || typeof moment !== 'number' || !isJsonObject(event) || typeof state !== 'string')
      throw wrong(`entry ${at + 1} is damaged`)
    if (!(Math.abs(moment) <= INSTANT_MAX)) throw wrong(`entry ${at + 1} is of no moment that a calendar knows`)
    return { sequence, at: moment, event, state }
  }
}

function isDeeperThan(value: Json, levels: number): boolean {
  let row: readonly Json[] = [value]
  for (let level = 0; row.length > 0; level += 1) {
    if (level > levels) return true
    row = row.flatMap((one): readonly Json[] => {
      if (typeof one !== 'object' || one === null) return []
      return Array.isArray(one) ? one : Object.values(one)
    })
  }
  return false
}

function parsedJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
