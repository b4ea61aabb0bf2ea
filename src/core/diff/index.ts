/** What differs between what is live and what is desired, field by field and by meaning. */
import { canonicalJson } from '../canonical-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { FieldChange, IgnoreRule, Resource } from '../vocabulary.ts'
import { concealed, isSecretField } from './conceal.ts'
import { type Ignoring, ignoringFor } from './ignore.ts'
import { itemsByName } from './named.ts'
import { pointerTo } from './pointer.ts'

export { concealed, concealedSides } from './conceal.ts'
export { type Ignoring, ignoringFor } from './ignore.ts'
export { areOnOneLine, pointerTo, valueAt } from './pointer.ts'

/** A field that is there on at least one side. */
type Side = Json | undefined

/** Where in the resource we are, and whether a field above is named like a secret. */
interface Place {
  readonly pointer: string
  readonly isSecret: boolean
}

/**
 * Differences in apiVersion, metadata and spec: numbers by value, key order ignored; in order of keys, so that the same two resources
 * give the same changes however they were read. Lists of things with a unique `name` (or `id`) are matched by it, other lists by
 * place. What an ignore rule covers is left out, and secrets in the clear are told as `(hidden)`. Empty when the two mean the same.
 */
export function diffResources(
  live: Resource,
  desired: Resource,
  ignore: readonly IgnoreRule[] = [],
): readonly FieldChange[] {
  if (live.digest === desired.digest) return []
  const walk = new Walk(ignoringFor(desired.kind, ignore))
  walk.values({ pointer: '/apiVersion', isSecret: false }, live.apiVersion, desired.apiVersion)
  walk.values({ pointer: '/metadata', isSecret: false }, live.metadata, desired.metadata)
  walk.values({ pointer: '/spec', isSecret: false }, live.spec, desired.spec)
  return walk.changes
}

/** Differences between any two values, likewise; nothing is ignored. */
export function diffValues(before: Json, after: Json): readonly FieldChange[] {
  const walk = new Walk(ignoringFor('', []))
  walk.values({ pointer: '', isSecret: false }, before, after)
  return walk.changes
}

/** One walk over both sides at once. */
class Walk {
  readonly changes: FieldChange[] = []
  readonly #ignoring: Ignoring

  constructor(ignoring: Ignoring) {
    this.#ignoring = ignoring
  }

  values(place: Place, before: Side, after: Side): void {
    if (before === after || this.#ignoring.covers(place.pointer)) return
    if (isJsonObject(before) && isJsonObject(after)) this.#objects(place, before, after)
    else if (Array.isArray(before) && Array.isArray(after)) this.#lists(place, before, after)
    else this.#replaced(place, before, after)
  }

  #objects({ pointer, isSecret }: Place, before: JsonObject, after: JsonObject): void {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort())
      this.values(
        {
          pointer: pointerTo(pointer, key),
          isSecret: isSecret || isSecretField(before, key) || isSecretField(after, key),
        },
        own(before, key),
        own(after, key),
      )
  }

  #lists(place: Place, before: readonly Json[], after: readonly Json[]): void {
    const { pointer } = place
    const named = itemsByName(before)
    const wanted = itemsByName(after)
    if (named === null || wanted === null) {
      for (let at = 0; at < Math.max(before.length, after.length); at += 1)
        this.values({ ...place, pointer: pointerTo(pointer, at) }, before[at], after[at])
      return
    }
    for (const name of new Set([...named.keys(), ...wanted.keys()]))
      this.values({ ...place, pointer: pointerTo(pointer, name) }, named.get(name), wanted.get(name))
    const isCounted = (name: string) => !this.#ignoring.covers(pointerTo(pointer, name))
    const [former, now] = [[...named.keys()].filter(isCounted), [...wanted.keys()].filter(isCounted)]
    if (isReordered(former, now)) this.changes.push({ pointer, before: former, after: now })
  }

  /** One side is absent, or of another type: told whole, but for what is ignored inside it. */
  #replaced({ pointer, isSecret }: Place, before: Side, after: Side): void {
    const rest = (side: Side) => (side === undefined ? undefined : this.#ignoring.rest(pointer, side))
    const [old, now] = [rest(before), rest(after)]
    if (old === undefined && now === undefined) return
    if (old !== undefined && now !== undefined && canonicalJson(old) === canonicalJson(now)) return
    this.changes.push({
      pointer,
      ...(old === undefined ? {} : { before: concealed(old, isSecret) }),
      ...(now === undefined ? {} : { after: concealed(now, isSecret) }),
    })
  }
}

/** Whether the names that both lists hold stand in another order. */
function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const [former, now] = [new Set(before), new Set(after)]
  const kept = after.filter((name) => former.has(name))
  return before.filter((name) => now.has(name)).some((name, at) => name !== kept[at])
}

function own(object: JsonObject, key: string): Side {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
