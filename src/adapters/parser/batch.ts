import { type ResourceFile, readFile, refusedFileFor, revivedFile } from '../../core/desired.ts'
import type { ParseLimits } from '../../core/documents/index.ts'
import { desiredErrors } from '../../core/errors/desired.ts'
import { filesOf } from './messages.ts'

/** A file that long may be parsed in any thread: whatever it holds, that takes a few milliseconds. */
const SMALL_BYTES_MAX = 4 * 1024
const MIB = 1024 * 1024

/** Files that are read together, and who waits for them. */
export interface Batch {
  readonly contents: readonly Uint8Array[]
  readonly limits: ParseLimits
  readonly bytes: number
  /** Whether the controller's own thread may read them. */
  readonly harmless: boolean
  readonly done: (files: readonly ResourceFile[]) => void
}

export function batchOf(contents: readonly Uint8Array[], limits: ParseLimits, done: Batch['done']): Batch {
  return {
    contents,
    limits,
    bytes: contents.reduce((sum, { length }) => sum + length, 0),
    harmless: contents.every(({ length }) => length <= SMALL_BYTES_MAX),
    done,
  }
}

/** The files of a batch each by itself, after one of them ended its thread; never again in the controller's own. */
export function apart({ contents, limits, done }: Batch): readonly Batch[] {
  const files: ResourceFile[] = []
  let left = contents.length
  return contents.map((content, at) => ({
    ...batchOf([content], limits, ([file]) => {
      if (file !== undefined) files[at] = file
      left -= 1
      if (left === 0) done(files)
    }),
    harmless: false,
  }))
}

/** How long a thread may take for a batch, in ms: far more than any file within the limits does on a busy machine. */
export function patienceMs({ bytes }: Batch, msPerMib: number): number {
  return msPerMib * Math.max(1, Math.ceil(bytes / MIB))
}

export function readHere({ contents, limits, done }: Batch): void {
  done(contents.map((content) => readFile(content, limits)))
}

export function refuse({ contents, done }: Batch): void {
  done(contents.map(({ length }) => refusedFileFor(desiredErrors.unparsable(), length)))
}

/** Takes what a thread read. */
export function take({ contents, limits, done }: Batch, text: string): void {
  const files = filesOf(text)
  done(
    contents.map((content, at) => {
      const file = files[at]
      if (file === undefined) throw new TypeError('a parser thread left out a file')
      return revivedFile(file, content, limits)
    }),
  )
}
