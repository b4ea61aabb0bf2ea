import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml'
import { compose } from '../documents/compose.ts'
import type { ParseLimits } from '../documents/index.ts'
import { Lines } from '../documents/lines.ts'
import type { Position } from '../documents/problems.ts'
import type { Finding } from './finding.ts'

/**
 * Finds places in a text that has parsed before: where the value stands (or its key, when the key is wrong); where it is missing, the
 * key of its nearest parent. Parses the text once more, which only mistakes have to pay for.
 */
export function placesIn(text: string, limits: ParseLimits): (finding: Finding) => Position {
  const root = compose(text, limits).documents.find((document) => document?.contents)?.contents ?? null
  const lines = new Lines(text)
  return (finding) => lines.at(offsetOf(root, finding))
}

function offsetOf(root: ParsedNode | null, { path, atKey = false }: Finding): number {
  let node = root
  let key = root?.range[0] ?? 0
  let value = key
  for (const step of path) {
    const next = childAt(node, step)
    if (next === undefined) return key
    key = next.key
    value = next.node?.range[0] ?? key
    node = next.node
  }
  return atKey ? key : value
}

function childAt(
  node: ParsedNode | null,
  step: string | number,
): { readonly key: number; readonly node: ParsedNode | null } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step]
    return item === undefined ? undefined : { key: item.range[0], node: item }
  }
  if (!isMap(node) || typeof step !== 'string') return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
  return pair === undefined ? undefined : { key: pair.key.range[0], node: pair.value }
}
