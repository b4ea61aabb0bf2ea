import type { PlainFile } from '../../core/desired.ts'
import type { ParseLimits } from '../../core/documents/index.ts'

/** Files to be read: their contents in one piece, as handing over many small ones costs more than parsing them. */
export interface ParseRequest {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Length of each content, in bytes. */
  readonly lengths: readonly number[]
  readonly limits: ParseLimits
}

/** Said once when a thread can take files, then once for each request, in order. Files travel as JSON: half the cost of copying objects. */
export type ParseAnswer = { readonly ready: true } | { readonly ready: false; readonly files: string }

export function requestOf(contents: readonly Uint8Array[], limits: ParseLimits): ParseRequest {
  const lengths = contents.map(({ length }) => length)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const content of contents) {
    bytes.set(content, at)
    at += content.length
  }
  return { bytes, lengths, limits }
}

export function contentsOf({ bytes, lengths }: ParseRequest): readonly Uint8Array[] {
  let at = 0
  return lengths.map((length) => {
    const content = bytes.subarray(at, at + length)
    at += length
    return content
  })
}

export function answerOf(files: readonly PlainFile[]): ParseAnswer {
  return { ready: false, files: JSON.stringify(files) }
}

export function filesOf(text: string): readonly PlainFile[] {
  return JSON.parse(text)
}
