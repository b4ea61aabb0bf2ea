import type { Token } from './lexer.ts'
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

/** An index that is built concurrently, or taken away so. Names are SQL, as they are written. */
export type ConcurrentIndex =
  /** Its name is without a schema, and as the catalogue has it: it is made in the schema of its table. */
  | { readonly drops: false; readonly name: string; readonly table: string }
  | { readonly drops: true; readonly name: string }

/** The one that a statement builds or takes away; null for any other statement, and for an index that the server is to name. */
export function indexOf({ tokens }: Statement): ConcurrentIndex | null {
  const words = tokens.map(({ text }) => text)
  let at = words.indexOf('CONCURRENTLY') + 1
  if (at === 0 || words[at - 2] !== 'INDEX') return null
  while (words[at] === 'IF' || words[at] === 'NOT' || words[at] === 'EXISTS') at += 1
  const drops = words[0] === 'DROP'
  if (words[at] === 'ON' && !drops) return null
  const { sql: name, end } = nameAt(tokens, at)
  if (drops) return words[end] === ',' ? null : { drops, name }
  const { sql: table } = nameAt(tokens, end + (words[end + 1] === 'ONLY' ? 2 : 1))
  return words[end] === 'ON' && table !== '' ? { drops, name: bare(name), table } : null
}

/** A name with its schema, and where it ends. */
function nameAt(tokens: readonly Token[], at: number): { readonly sql: string; readonly end: number } {
  let end = at + 1
  while (tokens[end]?.text === '.') end += 2
  const parts = tokens.slice(at, end).map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : text))
  return { sql: parts.join(''), end }
}

function bare(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}

/** Words with one space between; names in quotes and texts as a mark, so that nothing in them is taken for a word. */
function outline({ tokens }: Statement): string {
  return tokens.map(({ kind, text }) => (kind === 'word' || kind === 'symbol' ? text : '?')).join(' ')
}
