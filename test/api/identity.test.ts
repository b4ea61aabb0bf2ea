import { expect, it } from 'vitest'
import { makeIdentity } from '../../src/api/identity.ts'
import { makeTokens } from '../../src/api/tokens.ts'
import { sha256 } from '../../src/core/canonical.ts'
import type { PeerAnswer } from '../../src/ports/identity.ts'

const TOKENS = [
  '# who may do what',
  `otto ${sha256('otto-s-token')}`,
  `mia   ${sha256('mia-s-token').toUpperCase()}`,
  'broken line',
  `* ${sha256('star')}`,
].join('\n')

const identity = (tokens: string | undefined = TOKENS, peer: PeerAnswer = { name: 'anna' }) =>
  makeIdentity({
    peers: {
      challenge: async () => ({ nonce: 'n', path: 'p' }),
      answered: async () => peer,
      close: async () => undefined,
    },
    tokens: makeTokens({ read: async () => tokens }),
  })
const unknown = { code: 'HONUA_IDENTITY_UNKNOWN' }

it('an answered challenge names the socket peer', async () => {
  expect(await identity().identify({ 'honua-challenge': 'n' })).toEqual({ name: 'anna', how: 'socket-peer' })
})

it('a challenge that was not answered is not made good by a token', async () => {
  const asked = identity(TOKENS, { unknown: 'no' }).identify({
    'honua-challenge': 'n',
    authorization: 'Bearer otto-s-token',
  })
  await expect(asked).rejects.toMatchObject(unknown)
})

it('a token names its holder, whatever the case of its hash', async () => {
  expect(await identity().identify({ authorization: 'Bearer otto-s-token' })).toEqual({ name: 'otto', how: 'token' })
  expect(await identity().identify({ authorization: 'bearer mia-s-token' })).toEqual({ name: 'mia', how: 'token' })
})

it.each([
  ['none', {}],
  ['an unknown token', { authorization: 'Bearer nobody-s' }],
  ['an empty token', { authorization: 'Bearer ' }],
  ['a hash for a token', { authorization: `Bearer ${sha256('otto-s-token')}` }],
  ['a password', { authorization: 'Basic b3R0bzpvdHRv' }],
  ['a token of a line whose name is no name', { authorization: 'Bearer star' }],
])('%s is refused', async (_what, headers) => {
  await expect(identity().identify(headers)).rejects.toMatchObject(unknown)
})

it('without the secret operator-tokens no token is good', async () => {
  await expect(identity('').identify({ authorization: 'Bearer otto-s-token' })).rejects.toMatchObject(unknown)
})
