import { isJsonObject, type Json } from '../json.ts'
import type { IgnoreRule } from '../vocabulary.ts'
import { itemsByName } from './named.ts'
import { isAbove, isAtOrBelow, pointerTo } from './pointer.ts'

/** What the ignore rules of one kind leave out. */
export interface Ignoring {
  covers(pointer: string): boolean
  /** The value at `pointer` without what is ignored below it; undefined when that was all of it. */
  rest(pointer: string, value: Json): Json | undefined
}

export function ignoringFor(kind: string, rules: readonly IgnoreRule[]): Ignoring {
  const patterns = rules.filter((rule) => rule.kind === '*' || rule.kind === kind).map((rule) => rule.pointer)
  const covers = (pointer: string) => patterns.some((pattern) => isAtOrBelow(pointer, pattern))
  const reachesBelow = (pointer: string) => patterns.some((pattern) => isAbove(pointer, pattern))
  const rest = (pointer: string, value: Json): Json | undefined => {
    if (!reachesBelow(pointer)) return value
    const parts = partsOf(pointer, value)
    if (parts === null || parts.length === 0) return value
    const kept = parts.flatMap(({ key, at, part }) => {
      const left = covers(at) ? undefined : rest(at, part)
      return left === undefined ? [] : [[key, left] as const]
    })
    if (kept.length === 0) return undefined
    return Array.isArray(value) ? kept.map(([, left]) => left) : Object.fromEntries(kept)
  }
  return { covers, rest }
}

interface Part {
  readonly key: string
  readonly at: string
  readonly part: Json
}

/** What an object or a list is made of; null for a scalar. */
function partsOf(pointer: string, value: Json): readonly Part[] | null {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value
    const keys = itemsByName(items)?.keys() ?? items.keys()
    return [...keys].map(String).map((key, index) => ({ key, at: pointerTo(pointer, key), part: items[index] ?? null }))
  }
  if (!isJsonObject(value)) return null
  return Object.entries(value).map(([key, part]) => ({ key, at: pointerTo(pointer, key), part }))
}
