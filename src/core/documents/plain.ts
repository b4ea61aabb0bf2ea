import type { Json } from '../json.ts'
import type { ParseLimits } from './limits.ts'
import { isExact } from './numbers.ts'

/** Most resource files are far shorter; longer ones take long enough that the library’s share counts less. */
const CHARACTERS_MAX = 16 * 1024
const DEPTH_MAX = 20

/** An indented key, and what follows it on its line. */
const LINE = /( *)([A-Za-z_][A-Za-z0-9_-]*):(?: ([^\n]*))?(?:\n|$)/y
const BLANK = / *(?:#[^\n\r]*)?(?:\n|$)/y
/** Neither ends at a colon nor holds a comment; what it may be mistaken for stands in RESERVED. */
const WORDS = /^[A-Za-z](?:[A-Za-z0-9_./ -]|:(?=[A-Za-z0-9_./-]))*$/
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,8})?$/
const QUOTED = /^(?:"[\x20\x21\x23-\x5b\x5d-\x7e]*"|'[\x20-\x26\x28-\x7e]*')$/
/** Words that YAML takes for something else than a text, as values and as keys. */
const RESERVED = /^(?:null|true|false)$/i
const SIMPLE: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['null', null],
  ['true', true],
  ['false', false],
])
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

interface Level {
  readonly indent: number
  readonly object: { [key: string]: Json }
}

/**
 * Reads a document of the plainest form: block mappings of scalars that stand on the line of their key. Most resources are written so,
 * and this is twenty times as fast as composing them. Undefined for anything else, mistakes included: the library then says what
 * it is. `offset` is where the content begins. Whatever it reads, the library reads the same; a test holds the two together.
 */
export function readPlain(
  text: string,
  limits: ParseLimits,
): { readonly value: Json; readonly offset: number } | undefined {
  const { lexemesMax, nodesMax, depthMax } = limits
  if (text.length > Math.min(CHARACTERS_MAX, lexemesMax, nodesMax)) return undefined
  const root: Level = { indent: 0, object: {} }
  const levels = [root]
  /** The key of the last line when nothing followed it: what is below it may be its mapping. */
  let open: string | undefined
  let offset: number | undefined
  for (let at = 0; at < text.length; ) {
    BLANK.lastIndex = at
    if (BLANK.test(text)) {
      at = BLANK.lastIndex
      continue
    }
    LINE.lastIndex = at
    const [, { length: indent } = '', key = '', scalar] = LINE.exec(text) ?? []
    if (key === '' || RESERVED.test(key) || FORBIDDEN_KEYS.has(key)) return undefined
    offset ??= at
    at = LINE.lastIndex
    const level = levelOf(levels, indent, open)
    if (level === undefined || levels.length > Math.min(DEPTH_MAX, depthMax) || Object.hasOwn(level.object, key))
      return undefined
    const value = scalar === undefined ? null : scalarOf(scalar)
    if (value === undefined) return undefined
    level.object[key] = value
    open = scalar === undefined ? key : undefined
  }
  return offset === undefined ? undefined : { value: root.object, offset }
}

/** The mapping that a line of this indent belongs to; `levels` are those around it afterwards. */
function levelOf(levels: Level[], indent: number, open: string | undefined): Level | undefined {
  const inner = levels.at(-1)
  if (inner !== undefined && indent > inner.indent) {
    if (open === undefined) return undefined
    const level: Level = { indent, object: {} }
    inner.object[open] = level.object
    levels.push(level)
    return level
  }
  while ((levels.at(-1)?.indent ?? 0) > indent) levels.pop()
  const level = levels.at(-1)
  return level?.indent === indent ? level : undefined
}

function scalarOf(text: string): Json | undefined {
  if (WORDS.test(text)) return RESERVED.test(text) ? SIMPLE.get(text) : text.endsWith(' ') ? undefined : text
  if (QUOTED.test(text)) return text.slice(1, -1)
  if (!NUMBER.test(text)) return undefined
  const value = Number(text)
  return isExact(text, value) && !Object.is(value, -0) ? value : undefined
}
