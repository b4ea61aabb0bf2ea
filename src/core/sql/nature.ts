import type { Statement } from './statements.ts'

/** What kind of care a statement needs when it is run. */
export interface Nature {
  /** It would begin or end a transaction: those are ours. */
  readonly controlsTransaction: boolean
  /** PostgreSQL refuses it inside a transaction. */
  readonly standsAlone: boolean
  /** Running it a second time does no more than running it once. */
  readonly repeatable: boolean
}

const TRANSACTION = new Set(['BEGIN', 'COMMIT', 'END', 'ROLLBACK', 'ABORT', 'SAVEPOINT', 'RELEASE'])

/** Source: the pages of the SQL commands in the PostgreSQL manual, "cannot be executed inside a transaction block". */
const ALONE: readonly RegExp[] = [
  /^(?:CREATE|DROP) (?:DATABASE|TABLESPACE|SUBSCRIPTION)\b/,
  /^ALTER (?:SYSTEM|SUBSCRIPTION)\b/,
  /^ALTER DATABASE\b.* SET TABLESPACE\b/,
  /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY\b/,
  /^DROP INDEX CONCURRENTLY\b/,
  /^REINDEX\b.*\bCONCURRENTLY\b/,
  /^REINDEX (?:\([^)]*\) )?(?:SCHEMA|DATABASE|SYSTEM)\b/,
  /^ALTER TABLE\b.* DETACH PARTITION\b.* (?:CONCURRENTLY|FINALIZE)$/,
  /^VACUUM\b/,
  /^CLUSTER$/,
]

const REPEATABLE: readonly RegExp[] = [
  /^VACUUM\b/,
  /^REINDEX\b/,
  /^CLUSTER$/,
  /^ALTER SYSTEM\b/,
  /^(?:CREATE|DROP) .*\bIF (?:NOT )?EXISTS\b/,
]

/** What a statement is, by its words. */
export function natureOf(statement: Statement): Nature {
  const told = outline(statement)
  const [first = '', second = ''] = told.split(' ')
  return {
    controlsTransaction:
      TRANSACTION.has(first) ||
      told.startsWith('START TRANSACTION') ||
      told.startsWith('PREPARE TRANSACTION') ||
      (first === 'SET' && (second === 'TRANSACTION' || told.startsWith('SET SESSION CHARACTERISTICS'))),
    standsAlone: ALONE.some((pattern) => pattern.test(told)),
    repeatable: REPEATABLE.some((pattern) => pattern.test(told)),
  }
}

/** The index that a statement builds concurrently or takes away so, as it is written; null for any other. */
export function indexOf({ tokens }: Statement): { readonly name: string; readonly drops: boolean } | null {
  const words = tokens.map(({ text }) => text)
  const drops = words[0] === 'DROP'
  let at = words.indexOf('CONCURRENTLY') + 1
  if (at === 0 || words[at - 2] !== 'INDEX') return null
  while (words[at] === 'IF' || words[at] === 'NOT' || words[at] === 'EXISTS') at += 1
  const from = tokens[at]
  if (from === undefined || (words[at] === 'ON' && !drops)) return null
  let end = at
  while (words[end + 1] === '.') end += 2
  if (drops && words[end + 1] === ',') return null
  const name = tokens.slice(at, end + 1).map((one) => (one.kind === 'word' ? one.text.toLowerCase() : one.text))
  return { name: name.join(''), drops }
}

/** Words with one space between; names in quotes and texts as a mark, so that nothing in them is taken for a word. */
function outline({ tokens }: Statement): string {
  return tokens.map(({ kind, text }) => (kind === 'word' || kind === 'symbol' ? text : '?')).join(' ')
}
