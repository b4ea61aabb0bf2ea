/**
 * Reads the narrow YAML that `yamlOfResource` writes: two spaces a level, one scalar a line, text plain or in JSON quotes.
 * It need not notice every oddity: the caller writes the result again and compares the texts, so a misreading is never believed.
 */
import type { Json } from '../../../core/json.ts'

/** One line without its indentation. */
interface Line {
  readonly depth: number
  readonly text: string
}

interface Cursor {
  readonly lines: readonly Line[]
  next: number
}

/** The value, or undefined when the text is not of the narrow form. */
export function parseOwnYaml(text: string): Json | undefined {
  if (!text.endsWith('\n')) return undefined
  const lines: Line[] = []
  for (const raw of text.slice(0, -1).split('\n')) splitDashes(raw, lines)
  const cursor: Cursor = { lines, next: 0 }
  const value = parseBlock(cursor, 0)
  return cursor.next === lines.length ? value : undefined
}

/** `- - a: 1` becomes three lines, each deeper by two: a dash opens a level as a line break does. */
function splitDashes(raw: string, into: Line[]): void {
  let depth = 0
  while (raw[depth] === ' ') depth += 1
  while (raw.startsWith('- ', depth)) {
    into.push({ depth, text: '-' })
    depth += 2
  }
  into.push({ depth, text: raw.slice(depth) })
}

function parseBlock(cursor: Cursor, depth: number): Json | undefined {
  const first = cursor.lines[cursor.next]
  if (first === undefined || first.depth !== depth) return undefined
  return first.text === '-' ? parseItems(cursor, depth) : parseFields(cursor, depth)
}

function parseItems(cursor: Cursor, depth: number): Json | undefined {
  const items: Json[] = []
  for (
    let line = cursor.lines[cursor.next];
    line?.depth === depth && line.text === '-';
    line = cursor.lines[cursor.next]
  ) {
    cursor.next += 1
    const inner = cursor.lines[cursor.next]
    if (inner === undefined || inner.depth !== depth + 2) return undefined
    const scalar = inner.text === '-' ? undefined : parseScalar(inner.text)
    if (scalar !== undefined) cursor.next += 1
    const item = scalar ?? (scalar === null ? null : parseBlock(cursor, depth + 2))
    if (item === undefined) return undefined
    items.push(item)
  }
  return items
}

function parseFields(cursor: Cursor, depth: number): Json | undefined {
  const fields: [string, Json][] = []
  for (
    let line = cursor.lines[cursor.next];
    line?.depth === depth && line.text !== '-';
    line = cursor.lines[cursor.next]
  ) {
    const colon = keyEnd(line.text)
    const key = parseScalar(line.text.slice(0, colon))
    if (typeof key !== 'string') return undefined
    cursor.next += 1
    const rest = line.text.slice(colon + 1)
    const value = rest === '' ? parseBlock(cursor, depth + 2) : parseScalar(rest.slice(1))
    if (value === undefined) return undefined
    fields.push([key, value])
  }
  return Object.fromEntries(fields)
}

/** Where the key ends: at the first colon outside quotes. */
function keyEnd(text: string): number {
  if (!text.startsWith('"')) return text.indexOf(':')
  let at = 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

const NUMBER = /^-?\d/
const PLAIN = /^[A-Za-z_][A-Za-z0-9_./-]*$/

function parseScalar(text: string): Json | undefined {
  switch (text) {
    case 'null':
      return null
    case 'true':
      return true
    case 'false':
      return false
    case '{}':
      return {}
    case '[]':
      return []
    default:
      break
  }
  if (PLAIN.test(text)) return text
  if (NUMBER.test(text)) return Number(text)
  return text.startsWith('"') ? unquote(text) : undefined
}

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch (error) {
    // A field such as `"a": 1` inside a sequence is no scalar; the caller then reads it as a block.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
