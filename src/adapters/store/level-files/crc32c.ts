/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78
/** Added by LevelDB, so that the checksum of a text that holds checksums is not weak. */
const MASK_DELTA = 0xa282ead8
/** Bytes taken in at a time. */
const STRIDE = 8

/** `TABLE[256 * k + b]`: what byte `b` does to the checksum when `k` more bytes follow it. */
const TABLE = makeTable()

/** CRC-32C of bytes `from` … `to` (excluded), as LevelDB writes it: rotated by 15 bits, plus a constant. About 1 GB/s. */
export function maskedCrc32c(bytes: Uint8Array, from: number, to: number): number {
  const crc = crc32c(bytes, from, to)
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0
}

/** CRC-32C of bytes `from` … `to` (excluded). */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  const byte = (at: number) => bytes[at] ?? 0
  const step = (value: number, more: number) => TABLE[256 * more + value] ?? 0
  let crc = 0xffffffff
  let at = from
  for (; at + STRIDE <= to; at += STRIDE) {
    const low = crc ^ (byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24))
    crc =
      step(low & 0xff, 7) ^
      step((low >>> 8) & 0xff, 6) ^
      step((low >>> 16) & 0xff, 5) ^
      step(low >>> 24, 4) ^
      step(byte(at + 4), 3) ^
      step(byte(at + 5), 2) ^
      step(byte(at + 6), 1) ^
      step(byte(at + 7), 0)
  }
  for (; at < to; at += 1) crc = step((crc ^ byte(at)) & 0xff, 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

function makeTable(): Int32Array {
  const table = new Int32Array(256 * STRIDE)
  for (let value = 0; value < 256; value += 1) {
    let crc = value
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    table[value] = crc
  }
  for (let more = 1; more < STRIDE; more += 1)
    for (let value = 0; value < 256; value += 1) {
      const before = table[256 * (more - 1) + value] ?? 0
      table[256 * more + value] = (table[before & 0xff] ?? 0) ^ (before >>> 8)
    }
  return table
}
