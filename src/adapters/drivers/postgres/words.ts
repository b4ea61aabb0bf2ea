import type pg from 'pg'
import { scrub } from '../scrub.ts'

export interface Knowing {
  /** What must not be told whatever it stands in. */
  readonly secrets: Iterable<string>
  /** The text of the migration; empty where none is applied. */
  readonly inGit: string
}

const HIDDEN = '(hidden)'

/**
 * What the server said, its SQLSTATE, and the names of what it is about: table, column, type, constraint, function. Its DETAIL, HINT and
 * CONTEXT and the statement are never told: they hold values of rows.
 *
 * The message itself may quote a value too. Decided: what stands in the migration is in Git and told; the value of a row is not told; and
 * what cannot be known to be the one is taken for the other. So
 * - where a value is complained of (class 22), where something inside gave up (XX), or where it failed in a function, whose statements may
 *   be made of values, what is quoted is hidden, unless it stands in the migration or is a name that the server gave as one;
 * - of what a function raised (P0001, 38, 39), only the words that stand in the migration are told, with the function and its line;
 * - every other message quotes names alone, and is told whole.
 */
export function wordsOf(error: pg.DatabaseError, { secrets, inGit }: Knowing): string {
  const names = namesIn(error)
  const isKnown = (text: string) => names.includes(text) || standsIn(inGit, text)
  const place = placeOf(error)
  const isRaised = /^(?:P0001|38|39)/.test(error.code ?? '') || / at RAISE$/.test(firstLine(error.where))
  const isOfValues = /^(?:22|XX)/.test(error.code ?? '') || error.where !== undefined
  const message = isRaised
    ? onlyKnown(error.message, isKnown)
    : isOfValues
      ? withoutQuotes(error, isKnown).replace(BARE_VALUES, HIDDEN)
      : error.message
  const more = aboutOf(error, message)
  const about = [...more, ...(place === null ? [] : [`in ${place}`])].join(', ')
  return scrub(`${message} (${[error.code, ...(about === '' ? [] : [about])].join('; ')})`, secrets)
}

function namesIn({ schema, table, column, dataType, constraint }: pg.DatabaseError): readonly string[] {
  return [schema, table, column, dataType, constraint].filter((name) => name !== undefined)
}

/** The names that the message does not tell by itself. */
function aboutOf({ schema, table, column, dataType, constraint }: pg.DatabaseError, message: string): string[] {
  const shown: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['table', table, schema],
    ['column', column, undefined],
    ['type', dataType, undefined],
    ['constraint', constraint, undefined],
  ]
  return shown.flatMap(([what, name, within]) =>
    name === undefined || message.includes(`"${name}"`)
      ? []
      : [`${what} ${within === undefined ? name : `${within}.${name}`}`],
  )
}

/** A value may hold quotes of its own: from the first to the last nothing stays, unless it is known. */
function withoutQuotes({ message, code }: pg.DatabaseError, isKnown: (text: string) => boolean): string {
  const [from, to] = [message.indexOf('"'), message.lastIndexOf('"')]
  const quoted = message.slice(from + 1, Math.max(to, from + 1))
  // Only of names, which hold no quotes, may there be several.
  const texts = code?.startsWith('22') === true ? [quoted] : quoted.split('"').filter((_, at) => at % 2 === 0)
  if (from === -1 || texts.every(isKnown)) return message
  return message.slice(0, from) + HIDDEN + (to === from ? '' : message.slice(to + 1))
}

/** The bytes of a text that is none in its encoding, and coordinates, which PostGIS tells of what it cannot compute. */
const BARE_VALUES = /\b0x[0-9a-f]{2}\b(?: 0x[0-9a-f]{2}\b)*|-?\b\d[\d.]*(?:e[+-]?\d+)? -?\d[\d.]*(?:e[+-]?\d+)?\b/gi

function onlyKnown(message: string, isKnown: (text: string) => boolean): string {
  const words = message.split(/\s+/).map((word) => (isKnown(word) || isKnown(bare(word)) ? word : HIDDEN))
  return words.filter((word, at) => word !== HIDDEN || words[at - 1] !== HIDDEN).join(' ')
}

/** Without the marks around it. */
function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
}

/** Whether the text has it, not as a part of a longer word. */
function standsIn(text: string, part: string): boolean {
  const isWord = (character = '') => /[\p{L}\p{N}_]/u.test(character)
  for (let at = text.indexOf(part); at !== -1 && part !== ''; at = text.indexOf(part, at + 1))
    if (!isWord(text[at - 1]) && !isWord(text[at + part.length])) return true
  return false
}

/** The function in which it failed, and the line of it; its other words in CONTEXT may be a statement with values. */
function placeOf({ where }: pg.DatabaseError): string | null {
  const found = /^PL\/pgSQL function ([^\s"()]+(?:\([\w\s.,[\]]*\))?) line (\d+) at/m.exec(where ?? '')
  return found === null ? null : `${found[1]} line ${found[2]}`
}

function firstLine(text = ''): string {
  return text.split('\n', 1)[0] ?? ''
}

/** Of what pg_dump and pg_restore say, the lines that begin with their name, without the value that a line may end with. */
export function programWords(stderr: string, secrets: Iterable<string>): string {
  const lines = stderr.split('\n').filter((line) => /^pg_\w+: /.test(line) && !/: (?:detail|hint): /.test(line))
  return scrub(lines.map((line) => line.replace(/: ".*"?$/, `: ${HIDDEN}`)).join('; '), secrets)
}
