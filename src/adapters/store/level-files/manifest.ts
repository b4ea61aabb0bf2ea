/** Which files a database is made of: the sum of the edits in its MANIFEST (LevelDB, db/version_edit.cc). */
import { ByteReader } from './byte-reader.ts'
import { recordsIn } from './log-format.ts'

const TAG = {
  comparator: 1,
  logNumber: 2,
  nextFile: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLog: 9,
} as const

export interface FilesInUse {
  /** Sizes in bytes of the tables, by number. */
  readonly tables: ReadonlyMap<number, number>
  /** Logs of this number and above are read; older ones are in tables already. */
  readonly oldestLog: number
}

/** Throws RangeError for what is no MANIFEST; LevelDB then says what is wrong. */
export function filesIn(manifest: Buffer): FilesInUse {
  const sum = { tables: new Map<number, number>(), oldestLog: 0 }
  for (const record of recordsIn(manifest)) apply(new ByteReader(record), sum)
  return sum
}

function apply(edit: ByteReader, sum: { readonly tables: Map<number, number>; oldestLog: number }): void {
  while (!edit.isAtEnd) {
    const tag = edit.varint()
    switch (tag) {
      case TAG.comparator:
        edit.string()
        break
      case TAG.logNumber:
        sum.oldestLog = edit.varint()
        break
      case TAG.nextFile:
      case TAG.lastSequence:
      case TAG.previousLog:
        edit.varint()
        break
      case TAG.compactPointer:
        edit.varint()
        edit.string()
        break
      case TAG.deletedFile:
        edit.varint()
        sum.tables.delete(edit.varint())
        break
      case TAG.newFile: {
        edit.varint()
        const [number, bytes] = [edit.varint(), edit.varint()]
        edit.string()
        edit.string()
        sum.tables.set(number, bytes)
        break
      }
      default:
        throw new RangeError(`unknown tag ${tag}`)
    }
  }
}
