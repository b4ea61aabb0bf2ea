import { type Logger, pino } from 'pino'
import type { Log } from '../ports/log.ts'
import type { KnownSecrets } from './known-secrets.ts'

/** Field names whose values are never written, at any depth that our log calls reach. */
const SECRET_FIELDS = ['password', 'token', 'secret', 'authorization', 'apiKey', 'credentials', 'connectionString']
const REDACTED = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])
/** Fields are flat by habit; what is nested deeper than this is not written. */
const DEPTH_MAX = 8
/** What JSON leaves as it is and a terminal acts on, or what hides and reorders text (THREATS A2 57). */
const ACTING = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go; standard error by default, because standard output belongs to commands. */
  readonly destination?: { write(line: string): void }
  /** Values that are taken out of every text before it is written. */
  readonly secrets?: Pick<KnownSecrets, 'hide'>
}

type Hide = (text: string) => string

/**
 * One JSON line an event, ISO times. Control and direction characters are escaped, so that no text can forge a line or act on a
 * terminal. Values of secret-sounding fields, and all known secrets, are written as `(hidden)`.
 */
export function createLog({ level, destination, secrets }: LogOptions): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '(hidden)' },
  }
  const out = destination ?? pino.destination({ dest: 2, sync: true })
  const hide: Hide = secrets === undefined ? (text) => text : (text) => secrets.hide(text)
  return wrapped(pino(options, { write: (line: string) => out.write(line.replace(ACTING, escaped)) }), hide, {})
}

/** `bound` goes with every line. It is cleaned when a line is written, for a secret may become known after the child was made. */
function wrapped(logger: Logger, hide: Hide, bound: object): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](fieldsOf({ ...bound, ...fields }, hide), hide(message))
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrapped(logger, hide, { ...bound, ...fields }),
  }
}

/** Plain data without secrets, taken before pino sees it: a secret may stand in any text, and in a key as well. */
function fieldsOf(fields: object, hide: Hide): { readonly [key: string]: unknown } {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [hide(key), plain(value, hide, 1)]))
}

function plain(value: unknown, hide: Hide, depth: number): unknown {
  if (typeof value === 'string') return hide(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEPTH_MAX) return '(nested too deep)'
  // Of an error its name and message: a stack holds paths, a cause may hold a command line.
  if (value instanceof Error) return hide(String(value))
  if (value instanceof Date) return value
  if (Array.isArray(value)) return value.map((item) => plain(item, hide, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [hide(key), plain(item, hide, depth + 1)]))
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
