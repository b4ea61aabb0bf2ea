import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layerFile } from '../../support/builders/layers.ts'
import { type HttpBehaviour, type HttpRemote, httpRemote } from '../../support/git-remotes/index.ts'
import type { Fault } from '../../support/honua-server/faults.ts'
import { CrashWorld } from './world.ts'

const PATIENCE_MS = 240_000

/** Hardly compresses, so that a pack has a middle; another text for each salt. */
function noisy(salt: string): string {
  return Array.from({ length: 400 }, (_, at) => createHash('sha256').update(`${salt} ${at}`).digest('base64')).join('')
}

describe('a Git remote that breaks off amid a fetch', () => {
  let world: CrashWorld
  let remote: HttpRemote
  beforeAll(async () => {
    remote = await httpRemote()
    world = await CrashWorld.running({
      remote,
      git: { credentials: { type: 'token', secretRef: 'git-token' } },
      secrets: { 'git-token': remote.token },
    })
  }, PATIENCE_MS)
  afterAll(() => world.close())

  it.each<[HttpBehaviour, RegExp]>([
    ['cut-pack', /^HONUA_GIT_(UNREACHABLE|REJECTED)$/],
    ['half-pack', /^HONUA_GIT_(UNREACHABLE|REJECTED)$/],
    ['garbled-pack', /^HONUA_GIT_(UNREACHABLE|REJECTED)$/],
    ['garbage', /^HONUA_GIT_(UNREACHABLE|REPOSITORY_MISSING)$/],
    ['hang-pack', /^HONUA_GIT_TIMEOUT$/],
    ['hang', /^HONUA_GIT_TIMEOUT$/],
    ['hang-midway', /^HONUA_GIT_TIMEOUT$/],
  ])(
    '%s: it is named, what runs goes on from the cache, nothing half is taken in, and the next fetch mends it',
    async (behaviour, code) => {
      const { controller } = world
      const before = await controller.environment('dev')
      remote.behave(behaviour)
      const change = await world.nextCommit({
        'environments/dev/large.yaml': layerFile('large', { title: noisy(behaviour) }),
      })
      // On a slow computer a question that would have been answered may run out of time first: it is the fault's own name that must come.
      await controller.until(async () => {
        const { failure } = (await controller.status()).source
        return failure !== null && code.test(failure.code) ? failure : undefined
      }, `the failure to be told as ${code}`)
      expect(await controller.environment('dev')).toMatchObject({
        state: 'Synced',
        deployedCommit: before?.deployedCommit,
      })
      remote.behave('serve')
      await world.landed({ ...change, writes: [...change.writes, 'Layer/default/large'] })
      await world.sound()
    },
    PATIENCE_MS,
  )
})

describe('a server that is cut off amid an answer', () => {
  let world: CrashWorld
  beforeAll(async () => {
    world = await CrashWorld.running()
  }, PATIENCE_MS)
  afterAll(() => world.close())

  it.each<[string, Fault]>([
    ['to a look', { kind: 'cut', when: 'midway', on: 'reads', times: 2 }],
    ['to a rehearsal', { kind: 'cut', when: 'midway', on: 'writes', times: 1 }],
    ['to a rehearsal and to the write after it', { kind: 'cut', when: 'midway', on: 'writes', times: 4 }],
    ['before it begins, the writes done', { kind: 'cut', when: 'after', on: 'writes', times: 3 }],
    ['with one resource written', { kind: 'cut', when: 1, times: 1 }],
  ])(
    '%s: it looks what became of it, and writes each resource once',
    async (_, fault) => {
      world.server.setFault(fault)
      await world.landed(await world.nextCommit())
      await world.sound()
    },
    PATIENCE_MS,
  )
})
