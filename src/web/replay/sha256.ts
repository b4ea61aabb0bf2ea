import { sha256 as hash } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Digest } from '../../core/vocabulary.ts'

/** SHA-256 of a text's UTF-8 bytes, lower-case hex. Not WebCrypto: that does not answer at once, and is missing on plain HTTP. */
export function sha256(text: string): Digest {
  return bytesToHex(hash(utf8ToBytes(text)))
}
