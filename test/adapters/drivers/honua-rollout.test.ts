import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { calm } from '../../contract/driver.requests.ts'
import { type StandIn, standIn } from './honua-target.ts'

let gis: StandIn
beforeEach(async () => {
  gis = await standIn('C')
  gis.server.c.targets.set('web', { revision: 'honua:1' })
})
afterEach(async () => {
  await gis.server.close()
})

const roll = async (inputs: JsonObject) => {
  const request = {
    environment: 'production',
    idempotencyKey: 'd1/0/gis',
    action: 'rolling-restart',
    inputs,
    changed: [],
    desired: [],
  }
  return (await gis.open().act?.(request, calm()))?.message
}
const toTwo = { targetId: 'web', version: 'honua:2' }
const operations = () => [...gis.server.c.operations.values()]
const creations = () =>
  gis.server.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/operations'))

describe('rolling-restart by the server’s own deploy control', () => {
  it('is an ability of generation C alone', async () => {
    expect((await gis.open().probe(calm())).abilities.actions).toContain('rolling-restart')
    gis.server.become('B')
    expect((await gis.open().probe(calm())).abilities.actions).not.toContain('rolling-restart')
  })

  it('plans, creates without submitting, submits, and looks until it has succeeded', async () => {
    expect(await roll(toTwo)).toBe('rolled web to honua:2, operation op-1')
    expect(gis.server.c.targets.get('web')?.revision).toBe('honua:2')
    expect(gis.writes().map((line) => line.replace('/api/v1/admin/deploy', ''))).toEqual([
      'POST /plan',
      'POST /operations',
      'POST /operations/op-1/submit',
    ])
    expect(creations().map(({ body }) => JSON.parse(body))).toMatchObject([
      { submitImmediately: false, idempotencyKey: 'gitops:production:web:honua:2:1', desiredRevision: 'honua:2' },
    ])
  })

  it('a target that is there already is left alone', async () => {
    expect(await roll({ targetId: 'web', version: 'honua:1' })).toBe('web is at honua:1 already')
    expect(operations()).toEqual([])
  })

  it('time running out is told as in progress, never as a failure, and the next run goes on with the same operation', async () => {
    gis.server.c.targets.set('web', { revision: 'honua:1', course: ['Submitted', 'Reconciling'] })
    expect(await roll({ ...toTwo, followSeconds: 60 })).toMatch(
      /^in progress: web to honua:2, operation op-1 is Reconciling/,
    )
    expect(Math.max(...gis.clock.pauses)).toBe(10_000)
    gis.server.c.targets.set('web', { revision: 'honua:1', course: ['Reconciling', 'Succeeded'] })
    expect(await roll(toTwo)).toBe('rolled web to honua:2, operation op-1')
    expect(creations()).toHaveLength(1)
  })

  it('a lost answer to the creation makes no second operation', async () => {
    gis.server.setFault({ kind: 'cut', when: 'after', on: 'writes', times: 1 })
    await expect(roll(toTwo)).rejects.toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE', retry: 'later' })
    gis.server.setFault({ kind: 'cut', when: 'after', on: 'writes', times: 1 })
    const second = await roll(toTwo).catch(() => roll(toTwo))
    expect([second, operations().length]).toEqual(['rolled web to honua:2, operation op-1', 1])
  })

  it('a server that answers nothing while it restarts is waited for', async () => {
    const asked = roll(toTwo)
    while (operations().length === 0) await new Promise((resolve) => setImmediate(resolve))
    gis.server.setFault({ kind: 'status', status: 503, times: 7, on: 'reads' })
    expect(await asked).toBe('rolled web to honua:2, operation op-1')
  })

  it('the same version again, after another in between, is a new operation', async () => {
    await roll(toTwo)
    await roll({ targetId: 'web', version: 'honua:1' })
    expect(await roll(toTwo)).toBe('rolled web to honua:2, operation op-3')
    expect(operations().map(({ idempotencyKey }) => idempotencyKey.split(':').at(-1))).toEqual(['1', '1', '2'])
  })

  it.each([
    ['AwaitingApproval', 'HONUA_TARGET_APPROVAL'],
    ['ManualInterventionRequired', 'HONUA_TARGET_MANUAL'],
    ['Failed', 'HONUA_TARGET_REFUSED'],
    ['RolledBack', 'HONUA_TARGET_REFUSED'],
  ])('%s is named: %s', async (status, code) => {
    gis.server.c.targets.set('web', { revision: 'honua:1', course: ['Submitted', status] })
    await expect(roll(toTwo)).rejects.toMatchObject({ code, retry: 'never', message: expect.stringContaining('op-1') })
  })

  it('what blocks it is told, and nothing is created', async () => {
    gis.server.c.targets.set('web', { revision: 'honua:1', pinned: true })
    await expect(roll(toTwo)).rejects.toMatchObject({ message: expect.stringContaining('The target is pinned.') })
    expect(operations()).toEqual([])
  })

  it('without a target, all converge to the release that the server declares, each told as what became of it', async () => {
    const { targets } = gis.server.c
    targets.set('old', { revision: 'honua:1' })
    targets.set('pinned', { revision: 'honua:1', pinned: true })
    await roll({ targetId: 'old', version: 'honua:0' })
    const { version } = gis.server.c.release
    expect((await roll({ version }))?.split('; ')).toEqual([
      expect.stringMatching(/^web rolled \(unknown-treated-divergent, operation op-\d\)$/),
      expect.stringMatching(/^old rolled \(operation-created, operation op-\d\)$/),
      'pinned is pinned and was left alone',
    ])
    expect(await roll({ version })).toMatch(/^web was converged already; old was converged already/)
    expect(operations().map(({ idempotencyKey }) => idempotencyKey)).toContain(`converge:${version}:web`)
  })

  it('a release other than the declared one rolls nothing', async () => {
    await expect(roll({ version: '2027.1.0' })).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining('its declared release is 2026.1.0 and not 2027.1.0'),
    })
    expect(operations()).toEqual([])
  })
})
