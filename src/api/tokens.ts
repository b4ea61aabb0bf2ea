import { createHash, timingSafeEqual } from 'node:crypto'
import { apiErrors } from '../core/errors/api.ts'
import type { Rights } from '../core/rights.ts'
import type { Secrets } from '../ports/secrets.ts'

/**
 * Secret with one line an operator: `name sha256-of-the-token`, in hex, and `read` behind it for somebody who may only look; `#` begins a
 * comment. A line with any other word is no line.
 */
const TOKENS_SECRET = 'operator-tokens'
const TOKEN_LINE = /^([A-Za-z0-9][A-Za-z0-9._@-]{0,63})\s+([0-9a-fA-F]{64})(?:\s+(read))?$/

/** Somebody who showed a token. The token itself is not kept. */
export interface Holder {
  readonly name: string
  /** SHA-256 of the token, in lower-case hex. */
  readonly print: string
  readonly rights: Rights
}

export interface Tokens {
  /** Throws HONUA_IDENTITY_UNKNOWN when nobody has this token. */
  holder(token: string): Promise<Holder>
  /** The holder with the rights that the token has now; null once it was taken away. */
  now(holder: Holder): Promise<Holder | null>
  /** Whether anybody has one. */
  any(): Promise<boolean>
}

/** The tokens of the secret `operator-tokens`, read anew each time, so that a line that is removed counts no more. */
export function makeTokens(secrets: Secrets): Tokens {
  const lines = async () => tokenLines((await secrets.read(TOKENS_SECRET)) ?? '')
  return {
    async holder(token) {
      const given = createHash('sha256').update(token, 'utf8').digest()
      let found: Holder | undefined
      // Every line is compared, so that the time taken does not tell which one fits.
      for (const line of await lines()) if (timingSafeEqual(given, Buffer.from(line.print, 'hex'))) found = line
      if (found === undefined) throw apiErrors.identityUnknown({ why: 'nobody has this token' })
      return found
    },
    async now({ name, print }) {
      return (await lines()).findLast((line) => line.name === name && line.print === print) ?? null
    },
    async any() {
      return (await lines()).length > 0
    },
  }
}

function tokenLines(text: string): readonly Holder[] {
  return text.split('\n').flatMap((line) => {
    const [, name, print, read] = TOKEN_LINE.exec(line.trim()) ?? []
    if (name === undefined || print === undefined) return []
    return [{ name, print: print.toLowerCase(), rights: read === undefined ? 'everything' : 'read' }]
  })
}
