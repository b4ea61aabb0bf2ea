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
 * The message itself may quote a value too, in whatever language the server speaks. Decided: what stands in the migration is in Git and
 * told; the value of a row is not told; and what cannot be known to be the one is taken for the other. So
 * - of what a function raised, only the words that stand in the migration are told, with the function and its line;
 * - what is wrong in the text of the statement, which constraint the rows break, and what ails the server quote names alone, and are told
 *   whole, unless it failed in a function, whose statements may be made of values;
 * - of every other message what is quoted is hidden, unless it stands in the migration or is a name that the server gave as one; and where
 *   it is of values and not plainly English, all of it is.
 */
export function wordsOf(error: pg.DatabaseError, { secrets, inGit }: Knowing): string {
  const names = namesIn(error)
  const text = inGit.toLowerCase()
  // PostgreSQL writes names that stand without quotes in lower case.
  const isKnown = (part: string) => names.includes(part) || standsIn(text, part.toLowerCase())
  const place = placeOf(error)
  const message = isRaised(error)
    ? onlyKnown(error.message, isKnown)
    : isOfNames(error)
      ? error.message
      : withoutValues(error, isKnown)
  const more = aboutOf(error, message)
  const about = [...more, ...(place === null ? [] : [`in ${place}`])].join(', ')
  return scrub(`${message} (${[error.code, ...(about === '' ? [] : [about])].join('; ')})`, secrets)
}

/** Where in PostgreSQL an error is made of a function's own words. No language and no SQLSTATE that it chose changes these names. */
const RAISERS = /^(?:exec_stmt_(?:raise|assert)|PLy_\w+|do_util_elog|plperl_\w+|pltcl_\w+|throw_tcl_error)$/

function isRaised({ code = '', routine, where }: pg.DatabaseError): boolean {
  if (/^(?:P0001|P0004|38|39)/.test(code) || / at (?:RAISE|ASSERT)$/.test(firstLine(where))) return true
  return routine === undefined ? where !== undefined : RAISERS.test(routine)
}

/** Values are complained of (22), or too large (54), or something inside gave up (XX), or it failed in a function. */
function isOfValues({ code = '', where }: pg.DatabaseError): boolean {
  return /^(?:22|54|XX)/.test(code) || where !== undefined
}

function isOfNames(error: pg.DatabaseError): boolean {
  // Only what is found while the statement is read has a place in it.
  return !isOfValues(error) && (error.position !== undefined || /^(?:08|23|28|3D|53|55|57)/.test(error.code ?? ''))
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

/** Quotes of every language; an apostrophe inside a word is none. */
const QUOTES = /["«»‹›„“”‚‘「」『』]|(?<!\p{L})['’]|['’](?!\p{L})/gu

/** A value may hold quotes of its own: from the first to the last nothing stays, unless it is known. */
function withoutValues(error: pg.DatabaseError, isKnown: (text: string) => boolean): string {
  const { message, code = '' } = error
  const marks = [...message.matchAll(QUOTES)]
  const from = marks[0]?.index ?? message.length
  const to = marks.length > 1 ? (marks.at(-1)?.index ?? message.length) : message.length
  const [before, quoted, after] = [message.slice(0, from), message.slice(from + 1, to), message.slice(to + 1)]
  const isPlain = marks.every(([mark]) => mark === '"')
  // Only of names, which hold no quotes, may there be several.
  const isOne = !isPlain || code.startsWith('22')
  const texts = isOne ? [quoted.trim()] : quoted.split('"').filter((_, at) => at % 2 === 0)
  const areKnown = marks.length === 0 || texts.every(isKnown)
  if (!areKnown && !isPlain) return HIDDEN
  const told = areKnown ? message : before + HIDDEN + after
  if (!isOfValues(error)) return told
  if (!isEnglish(error, before + after)) return HIDDEN
  return told.replace(BARE_VALUES, (bare) => (TYPE.test(bare) || isKnown(bare) ? bare : HIDDEN))
}

/** A translation may have left quotes out. The server translates `severity` too. */
function isEnglish({ severity = 'ERROR' }: pg.DatabaseError, words: string): boolean {
  return /^(?:ERROR|FATAL|PANIC)$/.test(severity) && /^[\x20-\x7e]*$/.test(words)
}

/** Numbers, the bytes of a text that is none in its encoding, and coordinates, which PostGIS tells of what it cannot compute. */
const BARE_VALUES =
  /\b0x[0-9a-f]{2}\b(?: 0x[0-9a-f]{2}\b)*|\b(?:varying|character|numeric|bit)\(\d+(?:,\d+)?\)|(?<!\w)-?\d[\d.]*(?:e[+-]?\d+)?(?: -?\d[\d.]*(?:e[+-]?\d+)?)*/gi
/** How long a type is, is no value. */
const TYPE = /^[a-z]+\(/i

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
