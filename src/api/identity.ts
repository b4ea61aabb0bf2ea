import type { IncomingHttpHeaders } from 'node:http'
import { apiErrors } from '../core/errors/api.ts'
import type { Caller } from '../core/rights.ts'
import type { PeerChallenge, PeerIdentity } from '../ports/identity.ts'
import type { Holder, Tokens } from './tokens.ts'

const BEARER = /^Bearer\s+(\S{1,512})$/i

/** Who asks. Never taken from what the request says about itself, only from what it can prove. */
export interface Identity {
  challenge(): Promise<PeerChallenge>
  /** Throws HONUA_IDENTITY_UNKNOWN when nothing proves who asks. */
  identify(headers: IncomingHttpHeaders): Promise<Caller>
}

/** Identity by the answered challenge of a local user, else by a token that only its holder knows. */
export function makeIdentity(parts: { readonly peers: PeerIdentity; readonly tokens: Tokens }): Identity {
  return {
    challenge: () => parts.peers.challenge(),
    async identify(headers) {
      const nonce = headers['honua-challenge']
      if (nonce !== undefined) return byPeer(parts.peers, Array.isArray(nonce) ? '' : nonce)
      if (headers.authorization !== undefined) return byToken(parts.tokens, headers.authorization)
      throw apiErrors.identityUnknown({ why: 'the request answers no challenge and carries no token' })
    },
  }
}

/** The socket's group decides who may be asked, and whoever is in it may give every order. */
async function byPeer(peers: PeerIdentity, nonce: string): Promise<Caller> {
  const answer = await peers.answered(nonce)
  if ('unknown' in answer) throw apiErrors.identityUnknown({ why: answer.unknown })
  return { actor: { name: answer.name, how: 'socket-peer' }, rights: 'everything' }
}

/** Who sent this `authorization` header. Throws HONUA_IDENTITY_UNKNOWN. */
export async function byToken(tokens: Tokens, authorization: string): Promise<Caller> {
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw apiErrors.identityUnknown({ why: 'the authorization header holds no bearer token' })
  return callerOf(await tokens.holder(token))
}

export function callerOf({ name, rights }: Holder): Caller {
  return { actor: { name, how: 'token' }, rights }
}
