import { defaultLimits, type FileProblem, type ParseLimits, problemAt, shown } from '../documents/index.ts'
import { Lines } from '../documents/lines.ts'
import { decode } from '../documents/text.ts'
import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { JsonObject } from '../json.ts'
import { natureOf } from '../sql/nature.ts'
import { type Statement, splitStatements } from '../sql/statements.ts'
import { specOf } from './spec.ts'

/** The kind of a file below `migrations/`; databases alone take it. */
export const MIGRATION = 'Migration'

/** At least three digits, at most as many as a number keeps exactly; then the name. */
const FILE_NAME = /^((\d{3,15})_[A-Za-z0-9][A-Za-z0-9_-]{0,200})\.sql$/
/** `${NAME}` in a resource stands for a secret (core/placeholders.ts); in SQL it never does. */
const PLACEHOLDER = /\$\{[A-Z][A-Z0-9_]*\}/
/** A line that psql would take for itself. */
const PSQL_COMMAND = '\\'

export interface FileName {
  /** `001_parcels` */
  readonly name: string
  readonly number: number
}

/** A migration's name and number by the name of its file; null where it is not `NNN_name.sql`. */
export function fileNameOf(file: string): FileName | null {
  const [, name, digits] = FILE_NAME.exec(file) ?? []
  return name === undefined || digits === undefined ? null : { name, number: Number(digits) }
}

/** A file below `migrations/`: what it declares, or what is wrong with it. */
export interface MigrationFile {
  readonly name: FileName | null
  readonly spec: JsonObject | null
  readonly problems: readonly FileProblem[]
  readonly bytes: number
}

/**
 * Reads a migration. Refused are texts that are no SQL, that begin or end transactions, that hold beside others a statement which
 * PostgreSQL runs outside transactions alone, and that hold `${NAME}`: a migration is recorded and shown as it stands. Throws nothing.
 */
export function readMigrationFile(
  fileName: string,
  content: Uint8Array | string,
  limits: ParseLimits = defaultLimits,
): MigrationFile {
  const name = fileNameOf(fileName)
  const bytes = content.length
  if (name === null) {
    const error = desiredErrors.migrationName({ shown: shown(fileName) })
    return { name, spec: null, problems: [problemAt({ line: 1, column: 1 }, error)], bytes }
  }
  const decoded = decode(content, limits)
  if (!decoded.ok) return { name, spec: null, problems: [decoded.problem], bytes }
  const { text } = decoded
  const lines = new Lines(text)
  const problems = faultsIn(text)
    .slice(0, limits.problemsMax)
    .map(({ at, error }) => problemAt(lines.at(at), error))
  return { name, spec: problems.length === 0 ? specOf(name.number, text) : null, problems, bytes }
}

interface Fault {
  readonly at: number
  readonly error: HonuaError
}

function faultsIn(sql: string): readonly Fault[] {
  const split = splitStatements(sql)
  if (!split.ok) return [{ at: split.at, error: desiredErrors.migrationSql({ reason: split.what }) }]
  const { statements } = split
  if (statements.length === 0)
    return [{ at: 0, error: desiredErrors.migrationSql({ reason: 'it holds no statement' }) }]
  const placeholder = PLACEHOLDER.exec(sql)
  const secret = placeholder === null ? [] : [{ at: placeholder.index, error: desiredErrors.migrationPlaceholder() }]
  return [...secret, ...statements.flatMap((statement) => faultOf(statement, statements.length))]
}

function faultOf(statement: Statement, count: number): readonly Fault[] {
  const at = statement.start
  if (statement.tokens[0]?.text === PSQL_COMMAND) {
    const reason = 'a command of psql (\\…) is not SQL'
    return [{ at, error: desiredErrors.migrationSql({ reason }) }]
  }
  const { controlsTransaction, standsAlone } = natureOf(statement)
  if (controlsTransaction) return [{ at, error: desiredErrors.migrationTransaction() }]
  return standsAlone && count > 1 ? [{ at, error: desiredErrors.migrationAlone() }] : []
}
