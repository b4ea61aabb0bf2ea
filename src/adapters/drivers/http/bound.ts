/** Which kinds must be written one after the other, because their resources may need each other. Templates do not say so; the content does. */
import { isJsonObject, type Json } from '../../../core/json.ts'
import { kindOf } from '../../../core/resource.ts'
import type { Pending } from '../carry-out.ts'

/**
 * Kinds of which one resource names another that is written with it: in any text, number or key of what is written or taken away, whole or
 * as words in it, in any letter case, percent-encoded too, or as its namespace. A chance likeness costs time only.
 */
export function kindsBound(pending: readonly Pending[]): ReadonlySet<string> {
  const known = new Map<string, Names>()
  for (const { change } of pending) {
    const names = known.get(kindOf(change.key)) ?? new Names()
    known.set(kindOf(change.key), names.with(change.key))
  }
  const bound = new Set<string>()
  for (const { change, desired, before } of pending) {
    const kind = kindOf(change.key)
    if (bound.has(kind)) continue
    const said = [desired, before].flatMap((one) =>
      one === null ? [] : [one.namespace, ...textsIn(one.metadata), ...textsIn(one.spec)],
    )
    if (said.some((text) => known.get(kind)?.othersIn(text, change.key))) bound.add(kind)
  }
  return bound
}

/** Names of more words are found as whole texts only. */
const WORDS_MAX = 12
/** Shorter names stand in longer texts by chance. */
const INSIDE_CHARACTERS_MIN = 3

/** What the resources of one kind are called. */
class Names {
  readonly #keys = new Map<string, Set<string>>()
  /** Of the longest name. */
  #wordsMax = 0

  with(key: string): this {
    const name = key.slice(key.lastIndexOf('/') + 1).toLowerCase()
    const words = name.match(WORD)?.length ?? 0
    this.#wordsMax = Math.max(this.#wordsMax, Math.min(words, WORDS_MAX))
    const inner = name.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    for (const form of new Set([name, inner || name]))
      this.#keys.set(form, (this.#keys.get(form) ?? new Set()).add(key))
    return this
  }

  /** Whether the text names one that is not called `own`. */
  othersIn(text: string, own: string): boolean {
    const isOther = (form: string): boolean => {
      const keys = this.#keys.get(form)
      return keys !== undefined && (keys.size > 1 || !keys.has(own))
    }
    return formsOf(text.toLowerCase()).some(
      (form) =>
        partsOf(form).some(isOther) ||
        runsOf(form, this.#wordsMax).some((run) => run.length >= INSIDE_CHARACTERS_MIN && isOther(run)),
    )
  }
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]) : []
}

/** As it stands, and as it was before it became part of an address. */
function formsOf(text: string): readonly string[] {
  const decoded = text.replace(/(?:%[0-9a-f]{2})+/g, decodedOr).toLowerCase()
  return [...new Set([text, decoded, decoded.replaceAll('+', ' ')])]
}

function decodedOr(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch (error) {
    if (error instanceof URIError) return encoded
    throw error
  }
}

/** Names stand in references whole, behind those of what they are in (`cadastre:roads`, `/groups/roads`), or among other words. */
function partsOf(text: string): readonly string[] {
  return [text, ...text.split(/[\s/:,;|]+/), ...text.split(/[^\p{L}\p{N}_-]+/u)]
}

const WORD = /[\p{L}\p{N}]+/gu

/** Every run of up to `max` neighbouring words, with what stands between them: `ws.roads`, `roads.v1`, … of `/ws.roads.v1`. */
function runsOf(text: string, max: number): readonly string[] {
  const words = [...text.matchAll(WORD)]
  return words.flatMap(({ index }, at) =>
    words.slice(at, at + max).map((last) => text.slice(index, last.index + last[0].length)),
  )
}
