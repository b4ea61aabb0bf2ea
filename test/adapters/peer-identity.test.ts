import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPeerIdentity } from '../../src/adapters/peer-identity.ts'
import type { PeerIdentity } from '../../src/ports/identity.ts'
import { localUser } from '../support/local-user.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

let folder: string
let peers: string
let clock: VirtualClock
let identity: PeerIdentity

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-peers-'))
  peers = join(folder, 'peers')
  clock = virtualClock()
  identity = await openPeerIdentity({ folder: peers, clock })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Writes what an honest client writes. */
const answer = ({ nonce, path }: { readonly nonce: string; readonly path: string }) =>
  writeFileSync(path, nonce, { flag: 'wx', mode: 0o640 })

it('the file’s owner is who asks, and the file is gone afterwards', async () => {
  const challenge = await identity.challenge()
  answer(challenge)
  expect(await identity.answered(challenge.nonce)).toEqual({ name: localUser() })
  expect(readdirSync(peers)).toEqual([])
})

it('a nonce counts once', async () => {
  const challenge = await identity.challenge()
  answer(challenge)
  await identity.answered(challenge.nonce)
  answer(challenge)
  expect(await identity.answered(challenge.nonce)).toMatchObject({ unknown: expect.stringContaining('used already') })
})

it('a nonce counts for 30 s', async () => {
  const [early, late] = [await identity.challenge(), await identity.challenge()]
  answer(early)
  answer(late)
  await clock.advance(29_999)
  expect(await identity.answered(early.nonce)).toHaveProperty('name')
  await clock.advance(1)
  expect(await identity.answered(late.nonce)).toEqual({ unknown: 'the challenge expired' })
  expect(existsSync(late.path)).toBe(false)
})

describe('nobody is named by', () => {
  const forgeries: readonly (readonly [string, (nonce: string, path: string) => void])[] = [
    ['no file', () => undefined],
    [
      'a link to a file of another user that holds the nonce',
      (nonce, path) => {
        writeFileSync(join(folder, 'theirs'), nonce, { mode: 0o640 })
        symlinkSync(join(folder, 'theirs'), path)
      },
    ],
    [
      'a second name of a file of another user',
      (nonce, path) => {
        writeFileSync(join(folder, 'theirs'), nonce, { mode: 0o640 })
        linkSync(join(folder, 'theirs'), path)
      },
    ],
    ['a file with other content', (_nonce, path) => writeFileSync(path, 'x'.repeat(32), { mode: 0o640 })],
    ['a file that holds the nonce and more', (nonce, path) => writeFileSync(path, `${nonce}\n`, { mode: 0o640 })],
    ['an empty file', (_nonce, path) => writeFileSync(path, '', { mode: 0o640 })],
    [
      'a file that others may write to',
      (nonce, path) => {
        writeFileSync(path, nonce)
        chmodSync(path, 0o660)
      },
    ],
    ['a folder', (_nonce, path) => mkdirSync(path)],
  ]
  it.each(forgeries)('%s', async (_what, forge) => {
    const { nonce, path } = await identity.challenge()
    forge(nonce, path)
    expect(await identity.answered(nonce)).toEqual({ unknown: expect.any(String) })
  })

  it('a nonce that was never asked', async () => {
    expect(await identity.answered('0'.repeat(32))).toHaveProperty('unknown')
  })
})

it.runIf(process.getuid?.() === 0)(
  'a file of another user names that user, also one without a name in /etc/passwd',
  async () => {
    const challenge = await identity.challenge()
    answer(challenge)
    chownSync(challenge.path, 54_321, 54_321)
    expect(await identity.answered(challenge.nonce)).toEqual({ name: 'uid:54321' })
  },
)

it('members of the group may add files and not list them; others may do nothing', () => {
  expect((statSync(peers).mode & 0o7777).toString(8)).toBe('3730')
})

it('what an earlier run left is swept away', async () => {
  const challenge = await identity.challenge()
  answer(challenge)
  await openPeerIdentity({ folder: peers, clock })
  expect(readdirSync(peers)).toEqual([])
})

it('open questions are bounded, and make room when they expire', async () => {
  for (let count = 0; count < 256; count += 1) await identity.challenge()
  await expect(identity.challenge()).rejects.toMatchObject({ code: 'HONUA_API_TOO_MANY' })
  await clock.advance(30_000)
  await expect(identity.challenge()).resolves.toHaveProperty('nonce')
})

it('a link in place of the folder is refused', async () => {
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(elsewhere)
  symlinkSync(elsewhere, join(folder, 'link'))
  await expect(openPeerIdentity({ folder: join(folder, 'link'), clock })).rejects.toMatchObject({
    code: 'HONUA_SOCKET_FOLDER_UNSAFE',
  })
})
