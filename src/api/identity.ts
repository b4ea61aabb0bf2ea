import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { apiErrors } from '../core/errors/api.ts'
import type { Actor } from '../core/vocabulary.ts'
import type { PeerChallenge, PeerIdentity } from '../ports/identity.ts'
import type { Secrets } from '../ports/secrets.ts'

/** Secret with one line an operator: `name sha256-of-the-token`, in hex; `#` begins a comment. */
const TOKENS_SECRET = 'operator-tokens'
const TOKEN_LINE = /^([A-Za-z0-9][A-Za-z0-9._@-]{0,63})\s+([0-9a-fA-F]{64})$/
const BEARER = /^Bearer\s+(\S{1,512})$/i

/** Who asks. Never taken from what the request says about itself, only from what it can prove. */
export interface Identity {
  challenge(): Promise<PeerChallenge>
  /** Throws HONUA_IDENTITY_UNKNOWN when nothing proves who asks. */
  identify(headers: IncomingHttpHeaders): Promise<Actor>
}

/** Identity by the answered challenge of a local user, else by a token that only its holder knows. */
export function makeIdentity(parts: { readonly peers: PeerIdentity; readonly secrets: Secrets }): Identity {
  return {
    challenge: () => parts.peers.challenge(),
    async identify(headers) {
      const nonce = headers['honua-challenge']
      if (nonce !== undefined) return byPeer(parts.peers, Array.isArray(nonce) ? '' : nonce)
      if (headers.authorization !== undefined) return byToken(parts.secrets, headers.authorization)
      throw apiErrors.identityUnknown({ why: 'the request answers no challenge and carries no token' })
    },
  }
}

async function byPeer(peers: PeerIdentity, nonce: string): Promise<Actor> {
  const answer = await peers.answered(nonce)
  if ('unknown' in answer) throw apiErrors.identityUnknown({ why: answer.unknown })
  return { name: answer.name, how: 'socket-peer' }
}

async function byToken(secrets: Secrets, authorization: string): Promise<Actor> {
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw apiErrors.identityUnknown({ why: 'the authorization header holds no bearer token' })
  const given = createHash('sha256').update(token, 'utf8').digest()
  let name: string | undefined
  // Every line is compared, so that the time taken does not tell which one fits.
  for (const [, holder, hash] of tokenLines((await secrets.read(TOKENS_SECRET)) ?? ''))
    if (hash !== undefined && timingSafeEqual(given, Buffer.from(hash, 'hex'))) name = holder
  if (name === undefined) throw apiErrors.identityUnknown({ why: 'nobody has this token' })
  return { name, how: 'token' }
}

function tokenLines(text: string): readonly RegExpExecArray[] {
  return text
    .split('\n')
    .map((line) => TOKEN_LINE.exec(line.trim()))
    .filter((match) => match !== null)
}
