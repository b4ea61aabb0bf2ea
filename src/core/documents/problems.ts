import type { HonuaError } from '../errors/honua-error.ts'

/** A spot in a file; line and column count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A mistake in one file, wherever the file lies. */
export interface FileProblem extends Position {
  readonly code: string
  readonly message: string
}

/** What went wrong, where, and what to do, in one sentence. */
export function problemAt({ line, column }: Position, error: HonuaError): FileProblem {
  return { code: error.code, message: `${error.message}; ${error.remedy}`, line, column }
}

const SHOWN_CHARS_MAX = 80

/** A name from a file as it may be shown: in quotes, cut when long, everything but printable ASCII escaped. */
export function shown(name: string): string {
  const cut = name.length > SHOWN_CHARS_MAX ? `${name.slice(0, SHOWN_CHARS_MAX)}…` : name
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `"${cut.replace(/["\\]|[^\x20-\x7e…]/g, escaped)}"`
}
