/** Which statements may break who reads or writes the database today, and the marker by which an author says that it was thought of. */
import { lex, type Token } from './lexer.ts'
import type { Statement } from './statements.ts'

/** `-- honua:compatibility-review reason=old servers are gone since May`, before the statement or in it. */
const MARKER = /^--\s*honua:compatibility-review\s+reason=\s*["']?\S/

/** Whether the author of a statement says that its consequences were thought of, and why it may be done. */
export function isReviewed({ comments }: Statement): boolean {
  return comments.some(({ text }) => MARKER.test(text))
}

/** What may be dropped without anybody missing more than speed. */
const DROPS_FREELY = new Set(['INDEX', 'STATISTICS'])
/** What `ALTER TABLE … DROP` may be followed by that takes away no column. */
const KEEPS_COLUMN = new Set(['CONSTRAINT', 'DEFAULT', 'NOT', 'EXPRESSION', 'IDENTITY'])

/** What a statement takes away, changes under its users or empties, for people; null where it does nothing of that kind. */
export function destructionIn({ tokens }: Statement): string | null {
  const words = tokens.map(wordOf)
  const [first, second] = words
  if (first === 'DROP') return DROPS_FREELY.has(second ?? '') ? null : `drops ${named(words.slice(1))}`
  if (first === 'TRUNCATE') return 'truncates a table'
  if (first === 'REVOKE') return 'revokes rights'
  if (first === 'DO') return inBlock(tokens)
  if (first === 'ALTER') return second === 'TABLE' || second === 'FOREIGN' ? alteredTable(tokens) : altered(words)
  return emptied(words)
}

function altered(words: readonly string[]): string | null {
  if (words.includes('RENAME')) return `renames ${named(words.slice(1))}`
  if (hasPair(words, 'SET', 'SCHEMA')) return `moves ${named(words.slice(1))} to another schema`
  if (words[1] === 'TYPE' && (hasPair(words, 'DROP', 'ATTRIBUTE') || hasPair(words, 'ALTER', 'ATTRIBUTE')))
    return 'changes a type'
  return null
}

function alteredTable(tokens: readonly Token[]): string | null {
  for (const words of actionsOf(tokens)) {
    const [action, second] = words
    if (action === 'RENAME') return 'renames a table or a part of one'
    if (action === 'DETACH') return 'detaches a partition'
    if (action === 'SET' && second === 'SCHEMA') return 'moves a table to another schema'
    if (action === 'DROP' && !KEEPS_COLUMN.has(second ?? '')) return 'drops a column'
    if (action !== 'ALTER') continue
    const rest = words.slice(second === 'COLUMN' ? 3 : 2)
    if (rest[0] === 'TYPE' || (rest[0] === 'SET' && rest[1] === 'DATA')) return 'changes the type of a column'
    if (rest[0] === 'SET' && rest[1] === 'NOT') return 'takes no more empty values in a column'
  }
  return null
}

/** The actions of `ALTER TABLE`, each by its words. */
function actionsOf(tokens: readonly Token[]): readonly (readonly string[])[] {
  const words = tokens.map(wordOf)
  let at = words.indexOf('TABLE') + 1
  while (['IF', 'EXISTS', 'ONLY'].includes(words[at] ?? '')) at += 1
  while (words[at + 1] === '.') at += 2
  at += words[at + 1] === '*' ? 2 : 1
  const actions: string[][] = [[]]
  let depth = 0
  for (const word of words.slice(at)) {
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    if (word === ',' && depth === 0) actions.push([])
    else actions.at(-1)?.push(word)
  }
  return actions
}

/** So many places of one statement are judged: each is read to its end. */
const PLACES_MAX = 200

/** What stands right before a statement inside one that begins so. */
const WRAPPED = new Map([
  ['EXPLAIN', 'ANALYZE'],
  ['PREPARE', 'AS'],
])

/** `DELETE FROM` and `UPDATE` of every row, also inside WITH. */
function emptied(words: readonly string[]): string | null {
  if (words.filter((word) => word === 'DELETE' || word === 'UPDATE').length > PLACES_MAX)
    return 'deletes or overwrites rows in more places than can be judged'
  for (const [at, word] of words.entries()) {
    const before = words[at - 1]
    if (word === 'DELETE' && before === 'THEN') return 'deletes rows by MERGE'
    const isDelete = word === 'DELETE' && words[at + 1] === 'FROM'
    const isFirst = before === undefined || before === '(' || before === ')' || WRAPPED.get(words[0] ?? '') === before
    const isUpdate = word === 'UPDATE' && isFirst
    if ((isDelete || isUpdate) && !isLimited(words.slice(at + 1)))
      return isDelete ? 'deletes every row of a table' : 'overwrites every row of a table'
  }
  return null
}

/** Whether a WHERE that says something follows before the parenthesis around it closes. */
function isLimited(words: readonly string[]): boolean {
  let depth = 0
  for (const [at, word] of words.entries()) {
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    if (depth < 0) return false
    if (depth === 0 && word === 'WHERE') return !isAlwaysTrue(words.slice(at + 1, at + 4))
  }
  return false
}

function isAlwaysTrue([left, sign, right]: readonly string[]): boolean {
  return left === 'TRUE' || (sign === '=' && left === right && /^\d+$/.test(left ?? ''))
}

/** No escapes in it, and no break between two parts: both can divide a word. */
const PLAIN = /^'(?:[^']|'')*'$/

/** The code of DO is run at once. It is judged by its words alone: where it may do harm, it must be looked at. */
function inBlock(tokens: readonly Token[]): string | null {
  for (const { kind, text } of tokens) {
    if (kind !== 'dollar' && kind !== 'string') continue
    if (kind === 'string' && !PLAIN.test(text)) return 'runs a block of code that cannot be judged'
    const code =
      kind === 'dollar' ? text.slice(text.indexOf('$', 1) + 1, text.lastIndexOf('$', text.length - 2)) : bare(text)
    const lexed = lex(code)
    if (!lexed.ok) return 'runs a block of code that cannot be judged'
    const words = lexed.tokens.filter((one) => one.kind !== 'comment').map(wordOf)
    const harm = words.find((word) =>
      ['DROP', 'TRUNCATE', 'RENAME', 'REVOKE', 'EXECUTE', 'ALTER', 'MERGE'].includes(word),
    )
    if (harm !== undefined) return `runs a block of code with ${harm} in it`
    const found = emptied(
      words.map((word) => (word === ';' || word === 'BEGIN' || word === 'THEN' || word === 'LOOP' ? '(' : word)),
    )
    if (found !== null) return `runs a block of code that may empty or overwrite a table`
  }
  return null
}

function bare(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'")
}

function wordOf({ kind, text }: Token): string {
  return kind === 'word' || kind === 'symbol' || kind === 'number' ? text : '?'
}

function hasPair(words: readonly string[], one: string, next: string): boolean {
  return words.some((word, at) => word === one && words[at + 1] === next)
}

/** What kind of thing a statement is about: `TABLE`, `MATERIALIZED VIEW`. */
function named([kind = 'something', next]: readonly string[]): string {
  const two =
    ['MATERIALIZED', 'FOREIGN', 'EVENT', 'TEXT', 'USER', 'ACCESS', 'OPERATOR'].includes(kind) && next !== undefined
  return `a ${two && next !== '?' ? `${kind} ${next}` : kind}`.toLowerCase()
}
