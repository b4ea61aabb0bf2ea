import { type Logger, pino } from 'pino'
import type { Log } from '../ports/log.ts'

/** Field names whose values are never written, at any depth that our log calls reach. */
const SECRET_FIELDS = ['password', 'token', 'secret', 'authorization', 'apiKey', 'credentials', 'connectionString']
const REDACTED = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go; standard error by default, because standard output belongs to commands. */
  readonly destination?: { write(line: string): void }
}

/** One JSON line an event, ISO times, control characters escaped by JSON. */
export function createLog({ level, destination }: LogOptions): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '(hidden)' },
  }
  return wrapped(pino(options, destination ?? pino.destination({ dest: 2, sync: true })))
}

function wrapped(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => wrapped(logger.child(fields)),
  }
}
