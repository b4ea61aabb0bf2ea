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
  `ines ${sha256('ines-s-token')} read`,
  `rita ${sha256('rita-s-token')} reads`,
  `rosa ${sha256('rosa-s-token')} read write`,
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
  expect(await identity().identify({ 'honua-challenge': 'n' })).toEqual({
    actor: { name: 'anna', how: 'socket-peer' },
    rights: 'everything',
  })
})

it('a challenge that was not answered is not made good by a token', async () => {
  const asked = identity(TOKENS, { unknown: 'no' }).identify({
    'honua-challenge': 'n',
    authorization: 'Bearer otto-s-token',
  })
  await expect(asked).rejects.toMatchObject(unknown)
})

it('a token names its holder, whatever the case of its hash', async () => {
  expect(await identity().identify({ authorization: 'Bearer otto-s-token' })).toMatchObject({
    actor: { name: 'otto', how: 'token' },
  })
  expect(await identity().identify({ authorization: 'bearer mia-s-token' })).toMatchObject({
    actor: { name: 'mia', how: 'token' },
  })
})

it('a token gives every right, or that to look where its line says read', async () => {
  expect((await identity().identify({ authorization: 'Bearer otto-s-token' })).rights).toBe('everything')
  expect(await identity().identify({ authorization: 'Bearer ines-s-token' })).toEqual({
    actor: { name: 'ines', how: 'token' },
    rights: 'read',
  })
})

it.each([
  ['none', {}],
  ['a token of a line with a word that is not known', { authorization: 'Bearer rita-s-token' }],
  ['a token of a line with one word too many', { authorization: 'Bearer rosa-s-token' }],
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
