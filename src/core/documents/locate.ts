import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml'
import { type Composed, compose } from './compose.ts'
import type { ParseLimits } from './limits.ts'
import { Lines } from './lines.ts'
import type { Position } from './problems.ts'

export interface Located extends Position {
  /** How many steps of the path were found; the position is that of the last one. */
  readonly found: number
}

/** The file asked about last: mistakes come by the file, and each would parse it anew. Weakly held, as nodes are large. */
let last: { readonly text: string; readonly composed: WeakRef<Composed> } | undefined

/**
 * Where the field at `path` stands in document `index` of a text that parsed before; where it is missing, its nearest parent. Parses
 * the text again: positions of fields are asked for mistakes only, and keeping them all would cost more than the data.
 */
export function locate(text: string, index: number, path: readonly (string | number)[], limits: ParseLimits): Located {
  const root = composedAgain(text, limits).documents[index]?.contents
  if (root === undefined || root === null) return { line: 1, column: 1, found: 0 }
  let node: ParsedNode | null = root
  let offset = root.range[0]
  let found = 0
  for (const step of path) {
    const next: Child | undefined = childAt(node, step)
    if (next === undefined) break
    offset = next.offset
    node = next.node
    found += 1
  }
  return { ...new Lines(text).at(offset), found }
}

function composedAgain(text: string, limits: ParseLimits): Composed {
  const known = last?.text === text ? last.composed.deref() : undefined
  if (known !== undefined) return known
  const composed = compose(text, limits)
  last = { text, composed: new WeakRef(composed) }
  return composed
}

interface Child {
  readonly offset: number
  readonly node: ParsedNode | null
}

function childAt(node: ParsedNode | null, step: string | number): Child | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step]
    return item === undefined ? undefined : { offset: item.range[0], node: item }
  }
  if (!isMap(node) || typeof step !== 'string') return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
  return pair === undefined ? undefined : { offset: pair.key.range[0], node: pair.value }
}
