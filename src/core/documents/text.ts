import { desiredErrors } from '../errors/desired.ts'
import type { ParseLimits } from './limits.ts'
import { Lines } from './lines.ts'
import { type FileProblem, type Position, problemAt } from './problems.ts'

export type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: FileProblem }

const START: Position = { line: 1, column: 1 }
const NEWLINE = 0x0a
/** Control characters that YAML does not allow in a text. NUL is one of them. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/
const LONE_SURROGATE = /\p{Surrogate}/u
const LFS_POINTER = 'version https://git-lfs.github.com/spec/'

/** Refuses what is no UTF-8; a byte order mark is taken off. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a file, or why it is none. Size is judged first: in bytes, or in UTF-16 units when a text is given. */
export function decode(content: Uint8Array | string, limits: ParseLimits): Decoded {
  if (content.length > limits.bytesMax) return refuse(START, desiredErrors.fileTooLarge(limits))
  const text = typeof content === 'string' ? content.replace(/^\ufeff/, '') : decodeUtf8(content)
  if (text === undefined) return refuse(badLine(content), desiredErrors.encoding())
  if (text.startsWith(LFS_POINTER)) return refuse(START, desiredErrors.lfsPointer())
  const bad = CONTROL.exec(text) ?? (typeof content === 'string' ? LONE_SURROGATE.exec(text) : null)
  if (bad === null) return { ok: true, text }
  return refuse(new Lines(text).at(bad.index), desiredErrors.character({ codePoint: text.charCodeAt(bad.index) }))
}

function refuse(at: Position, error: Parameters<typeof problemAt>[1]): Decoded {
  return { ok: false, problem: problemAt(at, error) }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    // The decoder's way to say "invalid": a TypeError, code ERR_ENCODING_INVALID_ENCODED_DATA.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** The first line that is no UTF-8. A newline byte never is part of a longer character. */
function badLine(content: Uint8Array | string): Position {
  if (typeof content === 'string') return START
  let line = 1
  for (let from = 0; from < content.length; line += 1) {
    const newline = content.indexOf(NEWLINE, from)
    const end = newline === -1 ? content.length : newline
    if (decodeUtf8(content.subarray(from, end)) === undefined) break
    from = end + 1
  }
  return { line, column: 1 }
}
