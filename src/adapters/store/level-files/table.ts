/**
 * One table of LevelDB: data blocks, a filter, an index of both kinds, a footer. Each block is followed by its kind of compression
 * and a checksum over both (LevelDB, doc/table_format.md).
 */
import { ByteReader } from './byte-reader.ts'
import { maskedCrc32c } from './crc32c.ts'
import { unsnapped } from './snappy.ts'

const FOOTER_BYTES = 48
const MAGIC = 0xdb4775248b80fb57n
/** Compression and checksum behind a block. */
const TRAILER_BYTES = 5
const SNAPPY = 1

interface Handle {
  readonly offset: number
  readonly size: number
}

/** What is wrong with the table; null when every block is as it was written. */
export function faultOf(table: Buffer): string | null {
  if (table.length < FOOTER_BYTES || table.readBigUInt64LE(table.length - 8) !== MAGIC)
    return 'its end is not that of a table'
  try {
    const footer = new ByteReader(table.subarray(table.length - FOOTER_BYTES))
    const filters = handle(footer)
    const index = handle(footer)
    for (const one of [filters, index]) {
      const named = handlesIn(checked(table, one))
      for (const block of named) checked(table, block)
    }
    return null
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

/** The bytes of a block, decompressed only where it is asked to be read. Throws RangeError when they are not those that were written. */
function checked(table: Buffer, { offset, size }: Handle): Buffer {
  const end = offset + size
  if (end + TRAILER_BYTES > table.length) throw new RangeError(`the block at byte ${offset} reaches beyond its end`)
  if (maskedCrc32c(table, offset, end + 1) !== table.readUInt32LE(end + 1))
    throw new RangeError(`the block at byte ${offset} is not what was written`)
  return table.subarray(offset, end + 1)
}

/** The places that the entries of an index name. */
function handlesIn(block: Buffer): readonly Handle[] {
  const raw = block.subarray(0, -1)
  const text = block.at(-1) === SNAPPY ? unsnapped(raw) : raw
  const restarts = text.readUInt32LE(text.length - 4)
  const reader = new ByteReader(text.subarray(0, text.length - 4 * (restarts + 1)))
  const handles: Handle[] = []
  while (!reader.isAtEnd) {
    // Shared with the key before, own length of the key, length of the value.
    reader.varint()
    const [key, value] = [reader.varint(), reader.varint()]
    reader.take(key)
    handles.push(handle(new ByteReader(reader.take(value))))
  }
  return handles
}

function handle(reader: ByteReader): Handle {
  return { offset: reader.varint(), size: reader.varint() }
}
