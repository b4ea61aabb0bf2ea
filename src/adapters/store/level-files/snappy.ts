import { ByteReader } from './byte-reader.ts'

/** More than any block that LevelDB writes for our values; a damaged length must not fill the memory. */
const LENGTH_MAX = 64 * 1024 * 1024

/** Undoes Snappy's block format. Throws RangeError for bytes that are not of it. */
export function unsnapped(bytes: Buffer): Buffer {
  const reader = new ByteReader(bytes)
  const length = reader.varint()
  if (length > LENGTH_MAX) throw new RangeError('too long')
  const out = Buffer.alloc(length)
  let at = 0
  const copy = (size: number, offset: number) => {
    if (offset < 1 || offset > at || at + size > length) throw new RangeError('a copy from outside')
    // Byte by byte: source and target may overlap, which repeats.
    for (let end = at + size; at < end; at += 1) out[at] = out[at - offset] ?? 0
  }
  while (!reader.isAtEnd) {
    const tag = reader.byte()
    switch (tag & 3) {
      case 0: {
        const short = tag >>> 2
        const size = 1 + (short < 60 ? short : reader.take(short - 59).readUIntLE(0, short - 59))
        if (at + size > length) throw new RangeError('longer than it says')
        reader.take(size).copy(out, at)
        at += size
        break
      }
      case 1:
        copy(4 + ((tag >>> 2) & 7), ((tag >>> 5) << 8) | reader.byte())
        break
      case 2:
        copy(1 + (tag >>> 2), reader.take(2).readUInt16LE())
        break
      default:
        copy(1 + (tag >>> 2), reader.take(4).readUInt32LE())
    }
  }
  if (at !== length) throw new RangeError('shorter than it says')
  return out
}
