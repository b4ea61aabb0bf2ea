import { hash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import type { Json } from './json.ts'
import type { Digest } from './vocabulary.ts'

export { canonicalJson } from './canonical-json.ts'

/** SHA-256 of a text's UTF-8 bytes, lower-case hex. */
export function sha256(text: string): Digest {
  return hash('sha256', text, 'hex')
}

/** Digest of a value over its canonical bytes. */
export function digestOf(value: Json): Digest {
  return sha256(canonicalJson(value))
}
