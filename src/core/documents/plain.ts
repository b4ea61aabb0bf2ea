import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Json } from '../json.ts'
import type { Fault } from './fault.ts'

/** Uses of aliases, and values they may expand to, in one document: enough for people, too little for a bomb. */
const ALIASES_MAX = 100
const VALUES_MAX = 100_000
const NESTING_MAX = 100
/** Keys that would reach an object's machinery instead of its data in careless code. */
const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype'])
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

type Place = (offset: number) => { readonly line: number; readonly column: number }

interface Reading {
  readonly document: Document.Parsed
  readonly place: Place
  readonly faults: Fault[]
  aliases: number
  values: number
}

/** A document as plain JSON, checked in the same pass that converts it. */
export function toPlain(
  document: Document.Parsed,
  place: Place,
): { readonly value: Json; readonly faults: readonly Fault[] } {
  const reading: Reading = { document, place, faults: [], aliases: 0, values: 0 }
  const value = convert(document.contents, reading, 0)
  return { value, faults: reading.faults }
}

function convert(node: ParsedNode | null | undefined, reading: Reading, depth: number): Json {
  reading.values += 1
  if (node === null || node === undefined || reading.values > VALUES_MAX) {
    if (reading.values === VALUES_MAX + 1 && node)
      fault(reading, node, 'HONUA_FILE_ALIASES', `it expands to more than ${VALUES_MAX} values`)
    return null
  }
  if (depth > NESTING_MAX) {
    fault(reading, node, 'HONUA_FILE_TOO_DEEP', `it is nested deeper than ${NESTING_MAX} levels`)
    return null
  }
  if (isScalar(node)) return scalar(node, reading)
  if (isMap(node)) return map(node, reading, depth)
  if (isSeq(node)) {
    tagged(node, reading)
    return node.items.map((item) => convert(item as ParsedNode, reading, depth + 1))
  }
  return isAlias(node) ? alias(node, reading, depth) : null
}

function map(node: YAMLMap<unknown, unknown>, reading: Reading, depth: number): Json {
  tagged(node, reading)
  const fields: Record<string, Json> = {}
  for (const pair of node.items as readonly Pair<ParsedNode, ParsedNode | null>[]) {
    const key = keyOf(pair.key, reading)
    if (key === null) continue
    if (Object.hasOwn(fields, key))
      fault(reading, pair.key, 'HONUA_FILE_DUPLICATE_KEY', `the key "${key}" is given twice`)
    fields[key] = convert(pair.value, reading, depth + 1)
  }
  return fields
}

function keyOf(node: ParsedNode, reading: Reading): string | null {
  if (!isScalar(node) || typeof node.value !== 'string') {
    fault(reading, node, 'HONUA_FILE_KEY', 'a key must be text; put it in quotes')
    return null
  }
  const key = node.value
  if (key === '<<') fault(reading, node, 'HONUA_FILE_MERGE_KEY', 'merge keys (<<) are not taken; write the fields out')
  else if (RESERVED_KEYS.has(key))
    fault(reading, node, 'HONUA_FILE_KEY', `the key "${key}" is reserved; choose another`)
  else if (LONE_SURROGATE.test(key)) fault(reading, node, 'HONUA_FILE_ENCODING', 'a key holds half a character')
  else return key
  return null
}

function scalar(node: Scalar, reading: Reading): Json {
  tagged(node, reading)
  const { value } = node
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) fault(reading, node, 'HONUA_FILE_ENCODING', 'a text holds half a character')
    return value
  }
  if (typeof value === 'number') return number(node, value, reading)
  if (typeof value === 'boolean' || value === null) return value
  fault(reading, node, 'HONUA_FILE_VALUE', 'this kind of value is not taken; put it in quotes')
  return null
}

/** A number that would not come back as it was written would deploy something else than what was reviewed. */
function number(node: Scalar, value: number, reading: Reading): Json {
  const source = node.source ?? String(value)
  if (!Number.isFinite(value)) fault(reading, node, 'HONUA_FILE_NUMBER', `${source} is no number that can be deployed`)
  else if (Number.isInteger(value) && !Number.isSafeInteger(value) && !/[eE.]/.test(source))
    fault(reading, node, 'HONUA_FILE_NUMBER', `${source} is too large to be kept exactly; put it in quotes`)
  else if (/[.eE]/.test(source) && !/^[-+]?0[xo]/.test(source) && significantDigits(source) > 17)
    fault(reading, node, 'HONUA_FILE_NUMBER', `${source} has more digits than a number keeps; put it in quotes`)
  return value
}

function significantDigits(source: string): number {
  return (source.split(/[eE]/)[0] ?? '').replace(/[-+.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length
}

function alias(node: Alias, reading: Reading, depth: number): Json {
  reading.aliases += 1
  if (reading.aliases > ALIASES_MAX) {
    if (reading.aliases === ALIASES_MAX + 1)
      fault(reading, node, 'HONUA_FILE_ALIASES', `it uses more than ${ALIASES_MAX} aliases`)
    return null
  }
  const target = node.resolve(reading.document)
  if (target === undefined) {
    fault(reading, node, 'HONUA_FILE_ALIASES', `the alias *${node.source} stands for nothing`)
    return null
  }
  return convert(target as ParsedNode, reading, depth + 1)
}

function tagged(
  node: { readonly tag?: string | undefined; readonly range?: readonly number[] | null | undefined },
  reading: Reading,
): void {
  const tag = node.tag
  if (tag === undefined || tag === '' || tag.startsWith('tag:yaml.org,2002:')) return
  fault(reading, node, 'HONUA_FILE_TAG', `the tag ${tag} is not taken`)
}

function fault(
  reading: Reading,
  node: { readonly range?: readonly number[] | null | undefined },
  code: string,
  message: string,
): void {
  reading.faults.push({ code, message, ...reading.place(node.range?.[0] ?? 0) })
}
