/** Which tables a database is made of: the sum of the edits in its MANIFEST (LevelDB, doc/log_format.md and db/version_edit.cc). */
import { ByteReader } from './byte-reader.ts'

const BLOCK_BYTES = 32 * 1024
const HEADER_BYTES = 7

/** A part of a record: all of it, the first, a middle one, the last. */
const PART = { full: 1, first: 2, middle: 3, last: 4 } as const

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

/** Sizes in bytes of the tables in use, by number. Throws RangeError for what is no MANIFEST; LevelDB then says what is wrong. */
export function tablesIn(manifest: Buffer): ReadonlyMap<number, number> {
  const tables = new Map<number, number>()
  for (const record of recordsIn(manifest)) apply(new ByteReader(record), tables)
  return tables
}

function apply(edit: ByteReader, tables: Map<number, number>): void {
  while (!edit.isAtEnd) {
    const tag = edit.varint()
    switch (tag) {
      case TAG.comparator:
        edit.string()
        break
      case TAG.logNumber:
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
        tables.delete(edit.varint())
        break
      case TAG.newFile: {
        edit.varint()
        const [number, bytes] = [edit.varint(), edit.varint()]
        edit.string()
        edit.string()
        tables.set(number, bytes)
        break
      }
      default:
        throw new RangeError(`unknown tag ${tag}`)
    }
  }
}

/** Records stand in blocks of 32 KiB, in parts where one does not hold them; what is torn off at the end was never acknowledged. */
function* recordsIn(log: Buffer): Iterable<Buffer> {
  let parts: Buffer[] = []
  for (let at = 0; at + HEADER_BYTES <= log.length; ) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES)
    if (left < HEADER_BYTES) {
      at += left
      continue
    }
    const [size, part] = [log.readUInt16LE(at + 4), log.readUInt8(at + 6)]
    const begin = at + HEADER_BYTES
    if (part < PART.full || part > PART.last || begin + size > log.length) throw new RangeError('a record is damaged')
    if (part === PART.full || part === PART.first) parts = []
    parts.push(log.subarray(begin, begin + size))
    if (part === PART.full || part === PART.last) yield Buffer.concat(parts)
    at = begin + size
  }
}
