/**
 * JSON as the server sees it: numbers keep their text (`1.0` stays `1.0`), objects keep their keys whatever they are called.
 * `JSON.parse` would lose both, and with them the traps of the real server.
 */
export class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Raw = null | boolean | string | NumberText | readonly Raw[] | RawObject
export type RawObject = ReadonlyMap<string, Raw>

export function isRawObject(value: Raw | undefined): value is RawObject {
  return value instanceof Map
}

/** The text of a field, or undefined when it is absent or no text. */
export function textField(object: Raw | undefined, name: string): string | undefined {
  const value = isRawObject(object) ? object.get(name) : undefined
  return typeof value === 'string' ? value : undefined
}

/** Plain data (from the server's own code) as raw JSON. */
export function toRaw(value: unknown): Raw {
  return parseRaw(JSON.stringify(value) ?? 'null')
}

export function stringifyRaw(value: Raw): string {
  return write(value, false)
}

/** Keys sorted ordinally, arrays kept, number text kept: what the server hashes. */
export function canonicalRaw(value: Raw): string {
  return write(value, true)
}

function write(value: Raw, sorted: boolean): string {
  if (value instanceof NumberText) return value.text
  if (Array.isArray(value)) return `[${value.map((item) => write(item, sorted)).join(',')}]`
  if (isRawObject(value)) {
    const keys = [...value.keys()]
    if (sorted) keys.sort()
    return `{${keys.map((key) => `${JSON.stringify(key)}:${write(value.get(key) ?? null, sorted)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** Parses JSON text. Throws SyntaxError as `JSON.parse` does. */
export function parseRaw(text: string): Raw {
  // The engine judges the syntax; what follows may then take it for granted.
  JSON.parse(text)
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g) ?? []
  let at = 0
  const take = (): string => {
    const token = tokens[at] ?? ''
    at += 1
    return token
  }
  const value = (): Raw => {
    const token = take()
    if (token === '{') return object()
    if (token === '[') return array()
    if (token === 'null') return null
    if (token === 'true' || token === 'false') return token === 'true'
    return token.startsWith('"') ? unquote(token) : new NumberText(token)
  }
  const object = (): RawObject => {
    const fields = new Map<string, Raw>()
    if (tokens[at] === '}') {
      at += 1
      return fields
    }
    do {
      const key = unquote(take())
      at += 1
      fields.set(key, value())
    } while (take() === ',')
    return fields
  }
  const array = (): readonly Raw[] => {
    const items: Raw[] = []
    if (tokens[at] === ']') {
      at += 1
      return items
    }
    do items.push(value())
    while (take() === ',')
    return items
  }
  return value()
}

function unquote(token: string): string {
  return String(JSON.parse(token))
}
