/**
 * Words of SQL as PostgreSQL reads them with `standard_conforming_strings` on (its `scan.l`): what stands in strings, quoted names, dollar
 * quotes and comments, which nest, is never taken for a statement.
 */
export type TokenKind = 'word' | 'quoted' | 'string' | 'dollar' | 'number' | 'symbol' | 'comment'

export interface Token {
  readonly kind: TokenKind
  /** As it is written, quotes included; words in capitals. */
  readonly text: string
  /** Offsets in UTF-16 units: of the first, and behind the last. */
  readonly start: number
  readonly end: number
}

/** Why a text is no SQL, and where. */
export interface LexFault {
  readonly at: number
  readonly what: string
}

export type Lexed = { readonly ok: true; readonly tokens: readonly Token[] } | ({ readonly ok: false } & LexFault)

const SPACE = /[ \t\n\r\f\v]/
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y
const NUMBER = /(?:\d[\w.]*|\.\d\w*)/y
/** A parameter is told apart: `$1` opens no quote. */
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y
/** Splits a text into tokens, comments included. Linear in the length of the text. */
export function lex(sql: string): Lexed {
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    if (SPACE.test(sql.charAt(at))) {
      at += 1
      continue
    }
    const found = tokenAt(sql, at)
    if ('what' in found) return { ok: false, ...found }
    tokens.push(found)
    at = found.end
  }
  return { ok: true, tokens }
}

function tokenAt(sql: string, at: number): Token | LexFault {
  if (sql.startsWith('--', at)) return token(sql, 'comment', at, lineEnd(sql, at))
  if (sql.startsWith('/*', at)) return blockComment(sql, at)
  const char = sql.charAt(at)
  if (char === "'") return stringAt(sql, at, at, false)
  if (char === '"') return quotedAt(sql, at, at)
  if (char === '$') {
    const tag = match(DOLLAR_TAG, sql, at)
    if (tag !== undefined) return dollarAt(sql, at, tag)
  }
  const number = match(NUMBER, sql, at)
  // Up to PostgreSQL 14 it ends where a name begins, which takes what is behind it: `1a$$` opens no quote there, `1E'` one with escapes.
  if (number !== undefined && /[A-Za-z_]/.test(number) && /['$]/.test(sql.charAt(at + number.length)))
    return { at, what: 'a number runs into what follows it' }
  if (number !== undefined) return token(sql, 'number', at, at + number.length)
  const word = match(WORD, sql, at)
  if (word === undefined) return token(sql, 'symbol', at, at + 1)
  return wordAt(sql, at, word)
}

/** A letter that stands right before a quote says what kind of text it opens. */
function wordAt(sql: string, at: number, word: string): Token | LexFault {
  const behind = at + word.length
  if (/^[eEbBxXnN]$/.test(word) && sql.charAt(behind) === "'") return stringAt(sql, at, behind, /^[eE]$/.test(word))
  if (/^[uU]$/.test(word) && sql.charAt(behind) === '&') {
    if (sql.charAt(behind + 1) === "'") return stringAt(sql, at, behind + 1, false)
    if (sql.charAt(behind + 1) === '"') return quotedAt(sql, at, behind + 1)
  }
  return { kind: 'word', text: word.toUpperCase(), start: at, end: behind }
}

function stringAt(sql: string, start: number, quote: number, escapes: boolean): Token | LexFault {
  let at = quote + 1
  for (;;) {
    const char = sql.charAt(at)
    if (char === '') return { at: start, what: 'a string that is opened here is not closed' }
    if (escapes && char === '\\') at += 2
    else if (char !== "'") at += 1
    else if (sql.charAt(at + 1) === "'") at += 2
    else {
      const more = continuedAt(sql, at + 1)
      if (more === null) return token(sql, 'string', start, at + 1)
      at = more
    }
  }
}

/** Behind the quote that goes on with a string closed before `from`, a line break between (`quotecontinue`); null where none does. */
function continuedAt(sql: string, from: number): number | null {
  let hasBreak = false
  for (let at = from; at < sql.length; ) {
    const char = sql.charAt(at)
    if (char === "'" && hasBreak) return at + 1
    if (sql.startsWith('--', at)) at = lineEnd(sql, at)
    else if (!SPACE.test(char)) return null
    else at += 1
    hasBreak ||= char === '\n' || char === '\r'
  }
  return null
}

function quotedAt(sql: string, start: number, quote: number): Token | LexFault {
  for (let at = quote + 1; ; at += 1) {
    const close = sql.indexOf('"', at)
    if (close === -1) return { at: start, what: 'a quoted name that is opened here is not closed' }
    if (sql.charAt(close + 1) !== '"') return token(sql, 'quoted', start, close + 1)
    at = close + 1
  }
}

function dollarAt(sql: string, start: number, tag: string): Token | LexFault {
  const close = sql.indexOf(tag, start + tag.length)
  if (close === -1) return { at: start, what: `a text that is opened here by ${tag} is not closed` }
  return token(sql, 'dollar', start, close + tag.length)
}

function blockComment(sql: string, start: number): Token | LexFault {
  const marks = /\/\*|\*\//g
  marks.lastIndex = start
  let depth = 0
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return token(sql, 'comment', start, marks.lastIndex)
  }
  return { at: start, what: 'a comment that is opened here is not closed' }
}

function lineEnd(sql: string, from: number): number {
  const ends = /[\n\r]/g
  ends.lastIndex = from
  return ends.exec(sql)?.index ?? sql.length
}

function token(sql: string, kind: TokenKind, start: number, end: number): Token {
  return { kind, text: sql.slice(start, end), start, end }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
