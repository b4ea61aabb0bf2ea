/** LevelDB's log format, of its logs and its MANIFEST: records in blocks of 32 KiB, in parts where one does not hold them (doc/log_format.md). */
import { maskedCrc32c } from './crc32c.ts'

const BLOCK_BYTES = 32 * 1024
/** Checksum, length, kind of part. */
const HEADER_BYTES = 7

/** A part of a record: all of it, the first, a middle one, the last. */
const PART = { full: 1, first: 2, middle: 3, last: 4 } as const

interface Part {
  readonly kind: number
  readonly begin: number
  readonly end: number
}

/** The records of a log, parts put together; they end where a part is not whole. */
export function* recordsIn(log: Buffer): Iterable<Buffer> {
  let parts: Buffer[] = []
  for (let at = nextHeader(log, 0); ; ) {
    const part = partAt(log, at)
    if (part === null) return
    if (part.kind === PART.full || part.kind === PART.first) parts = []
    parts.push(log.subarray(part.begin, part.end))
    if (part.kind === PART.full || part.kind === PART.last) yield Buffer.concat(parts)
    at = nextHeader(log, part.end)
  }
}

/**
 * The byte at which a log is damaged, or null. What breaks off at the end is no damage: a power cut leaves it so, and it was never
 * acknowledged. Where a whole part stands behind a broken one, nothing broke off: something was changed.
 */
export function damageIn(log: Buffer): number | null {
  let at = nextHeader(log, 0)
  for (let part = partAt(log, at); part !== null; part = partAt(log, at)) at = nextHeader(log, part.end)
  for (let behind = at + 1; behind + HEADER_BYTES <= log.length; behind += 1)
    if (partAt(log, behind) !== null) return at
  return null
}

/** Headers do not cross blocks; what is left of one that holds none stays empty. */
function nextHeader(log: Buffer, at: number): number {
  const left = BLOCK_BYTES - (at % BLOCK_BYTES)
  return left < HEADER_BYTES ? Math.min(log.length, at + left) : at
}

/** The part whose header stands at this byte; null where none stands there that is as it was written. */
function partAt(log: Buffer, at: number): Part | null {
  if (at + HEADER_BYTES > log.length) return null
  const [begin, kind] = [at + HEADER_BYTES, log.readUInt8(at + 6)]
  const end = begin + log.readUInt16LE(at + 4)
  const blockEnd = at - (at % BLOCK_BYTES) + BLOCK_BYTES
  if (kind < PART.full || kind > PART.last || end > log.length || end > blockEnd) return null
  return maskedCrc32c(log, begin - 1, end) === log.readUInt32LE(at) ? { kind, begin, end } : null
}
