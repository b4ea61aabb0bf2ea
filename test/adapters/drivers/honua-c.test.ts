import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Resource } from '../../../src/core/vocabulary.ts'
import { calm, placeholder } from '../../contract/driver.requests.ts'
import { DEFAULT_SETTINGS } from '../../support/honua-server/generation-c/state.ts'
import { SLOW, type StandIn, standIn } from './honua-target.ts'
import { actsOn, deployTo, planOn } from './plans.ts'

let gis: StandIn
beforeEach(async () => {
  gis = await standIn('C')
})
afterEach(async () => {
  await gis.server.close()
})

const resource = (kind: string, name: string, spec: JsonObject, metadata: JsonObject = {}): Resource =>
  makeResource({ apiVersion: 'honua.io/v1', kind, namespace: 'default', name, metadata, spec })

const db = resource('Connection', 'db', {
  host: 'db',
  databaseName: 'gis',
  username: 'honua',
  secretReference: 'aws:secretsmanager:gis',
})
const layer = (name: string, spec: JsonObject = {}, service = 'land') =>
  resource(
    'Layer',
    name,
    {
      connection: 'db',
      geometryType: 'Polygon',
      storage: { table: `gis.${name}`, srid: 4326, geometryColumn: 'geom', primaryKey: 'id' },
      ...spec,
    },
    { service, description: 'What is there' },
  )
const deletions = () => gis.writes().filter((line) => line.startsWith('DELETE'))

describe('a server of generation C', () => {
  it('is told from B although its flags claim manifests', async () => {
    const { description, abilities } = await gis.open().probe(calm())
    expect(description).toBe('Honua 2026.1.0 (imperative API)')
    expect(abilities).toMatchObject({ delete: 'disable', deletes: { Connection: 'delete' }, dryRun: false })
    expect(gis.server.requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/api/v1/admin/capabilities 200',
      '/api/v1/admin/manifest 404',
    ])
  })

  it('publishes a layer through its connection and reads it back as it was declared', async () => {
    const driver = gis.open()
    const desired = [db, layer('parcels', { title: 'Parcels', keywords: ['land'] })]
    const plan = await deployTo(driver, desired)
    expect(plan.notes).toContain('gis runs database migrations of its own when it publishes a layer')
    expect(gis.server.c.migrations).toBe(1)
    expect(actsOn(await planOn(driver, desired, desired))).toEqual([])
    expect(gis.server.c.layerNamed('parcels')).toMatchObject({ serviceName: 'land', enabled: true })
  })

  it('never sees a DELETE for a layer: one that is taken away is switched off, is no drift, and is switched on again by an update', async () => {
    const driver = gis.open()
    const both = [db, layer('parcels'), layer('roads')]
    await deployTo(driver, both)
    const plan = await deployTo(driver, [db, layer('roads')], both)
    expect(actsOn(plan)).toEqual(['disable Layer/default/parcels'])
    expect(plan.notes).toContain('gis cannot delete Layer: what is taken away there is switched off and stays')
    expect(gis.server.c.layerNamed('parcels')?.enabled).toBe(false)

    const later = await planOn(driver, [db, layer('roads')], both)
    expect([actsOn(later), later.retained]).toEqual([
      [],
      [{ target: 'gis', key: 'Service/default/land', why: 'not-ours' }],
    ])

    expect(actsOn(await deployTo(driver, both, both))).toEqual(['update Layer/default/parcels'])
    expect(gis.server.c.layerNamed('parcels')?.enabled).toBe(true)
    expect(gis.writes().filter((line) => line.startsWith('POST')).length).toBe(3)
    expect(deletions()).toEqual([])
  })

  it('publishes layers side by side, but the first through a connection and the first of a service before all others', async () => {
    gis.server.setFault(SLOW)
    const driver = gis.open({ settings: { maxInFlight: 3 } })
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const told: number[] = []
    const layers = names.map((name) => layer(name, {}, name < 'g' ? 'land' : 'water'))
    await deployTo(driver, [db, ...layers], [], (done) => told.push(done))
    const published = gis.server.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/layers'))
    const order = published.map(({ body }) => names.find((name) => body.includes(`"layerName":"${name}"`)))
    expect(order.slice(0, 2)).toEqual(['a', 'g'])
    expect(order.toSorted()).toEqual(names)
    expect([gis.server.mostWritesAtOnce, told.at(-1)]).toEqual([3, 9])
    expect(actsOn(await planOn(driver, [db, ...layers], [db, ...layers]))).toEqual([])
  })

  it('a layer may be declared as switched off', async () => {
    const driver = gis.open()
    const desired = [db, layer('parcels', { enabled: false })]
    await deployTo(driver, desired)
    expect(actsOn(await planOn(driver, desired, desired))).toEqual([])
  })

  it.each([
    ['table', { storage: { table: 'gis.other', srid: 4326, geometryColumn: 'geom', primaryKey: 'id' } }, 'tableName'],
    ['geometry', { geometryType: 'Point' }, 'geometryType'],
    ['SRID', { storage: { table: 'gis.parcels', srid: 2056, geometryColumn: 'geom', primaryKey: 'id' } }, 'srid'],
  ] as const)('a change of the %s is refused in the plan, with what to do', async (_, spec, field) => {
    const driver = gis.open()
    await deployTo(driver, [db, layer('parcels')])
    const { refused, breaking } = await planOn(driver, [db, layer('parcels', spec)])
    expect(breaking).toBe(true)
    expect(refused).toMatchObject([
      { key: 'Layer/default/parcels', why: expect.stringContaining(`keeps the ${field} of a layer for ever`) },
    ])
  })

  it('title, description and keywords change in place, and are cleared where they are declared no more', async () => {
    const driver = gis.open()
    await deployTo(driver, [db, layer('parcels', { title: 'Parcels', keywords: ['land'] })])
    await deployTo(driver, [db, layer('parcels')])
    expect(gis.server.c.layerNamed('parcels')?.discovery).toMatchObject({ title: null, keywords: [] })
  })

  it('a connection is deleted, once no layer needs it', async () => {
    const driver = gis.open()
    await deployTo(driver, [db])
    await deployTo(driver, [], [db])
    expect(deletions()).toEqual([expect.stringMatching(/^DELETE \/api\/v1\/admin\/connections\/[0-9a-f]{32}$/)])
    await deployTo(driver, [db, layer('parcels')])
    await expect(deployTo(driver, [], [db, layer('parcels')])).rejects.toMatchObject({
      code: 'HONUA_TARGET_PARTIAL',
      message: expect.stringContaining('Layer 1 was published through it.'),
    })
  })

  it('services and styles are settings of what is published, and stay when they are declared no more', async () => {
    const driver = gis.open()
    const { mapServer = {} } = DEFAULT_SETTINGS
    const settings: JsonObject = JSON.parse(
      JSON.stringify({ mapServer, enabledProtocols: ['OgcFeatures', 'MapServer'] }),
    )
    const style = resource('Style', 'parcels', { layerId: 'parcels', style: { version: 8, layers: [] } })
    const desired = [db, layer('parcels'), resource('Service', 'land', settings), style]
    await deployTo(driver, desired)
    expect(actsOn(await planOn(driver, desired, desired))).toEqual([])
    const less = await planOn(driver, desired.slice(0, 2), desired)
    expect([actsOn(less), less.retained.map(({ key, why }) => `${key} ${why}`)]).toEqual([
      [],
      ['Service/default/land cannot-delete', 'Style/default/parcels cannot-delete'],
    ])
  })

  it('what it has no place for is left out, and the plan says so', async () => {
    const plan = await planOn(gis.open(), [db, layer('parcels', { ogc: { itemLimit: 5 }, displayField: 'name' })])
    expect(plan.notes).toContain(
      'gis has no place for what is declared as displayField (1), ogc (1): it is left out there',
    )
  })

  it.each([
    ['a layer without connection', layer('a', { connection: null }), 'connection'],
    [
      'a password in the clear',
      resource('Connection', 'a', { host: 'h', databaseName: 'd', username: 'u', password: 'x' }),
      'must be a',
    ],
    [
      'half of a service’s settings',
      resource('Service', 'a', { enabledProtocols: [], mapServer: { defaultDpi: 96 } }),
      'mapServer lacks',
    ],
    ['a style by another name', resource('Style', 'a', { layerId: 'b', style: {} }), 'bears the name of its layer'],
  ])('%s is refused in the plan, and before anything is written', async (_, declared, words) => {
    expect((await planOn(gis.open(), [declared])).refused?.[0]?.why).toContain(words)
    await expect(deployTo(gis.open(), [declared])).rejects.toThrow(words)
    expect(gis.writes()).toEqual([])
  })

  it('a kind that it does not hold is none of its business', async () => {
    const driver = gis.open()
    await driver.probe(calm())
    expect(driver.takes?.(resource('Theme', 'a', {}))).toBe(false)
  })

  it('an approval that it wants first has an error of its own, and is asked for once', async () => {
    gis.server.setFault({ kind: 'approval', edition: 'enterprise' })
    await expect(deployTo(gis.open(), [db, layer('parcels')])).rejects.toMatchObject({
      code: 'HONUA_TARGET_PARTIAL',
      retry: 'never',
      message: expect.stringMatching(/waits for an approval of its own before POST .* \(proposal proposal-1\)/),
    })
    await expect(deployTo(gis.open(), [db, layer('parcels')])).rejects.toMatchObject({
      code: 'HONUA_TARGET_APPROVAL',
      remedy: expect.stringContaining('/api/v1/admin/proposals'),
    })
    expect(gis.server.c.proposals).toHaveLength(2)
  })

  describe('with two layers of one name', () => {
    const twins = async () => {
      const driver = gis.open()
      await deployTo(driver, [db, layer('parcels')])
      const first = gis.server.c.layerNamed('parcels')
      if (first === undefined) throw new Error('no layer')
      gis.server.c.layers.set(99, { ...first, layerId: 99, serviceName: 'other' })
      return { driver, first }
    }

    it('which is meant is not guessed', async () => {
      const { driver } = await twins()
      await expect(driver.observe([], calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_AMBIGUOUS',
        message: expect.stringContaining('1 in service land, 99 in service other'),
      })
    })

    it('one that is switched off does not count', async () => {
      const { driver, first } = await twins()
      gis.server.c.layers.set(1, { ...first, enabled: false })
      const { resources } = await driver.observe([], calm())
      expect(resources.find(({ kind }) => kind === 'Layer')?.spec['serviceName']).toBe('other')
    })
  })

  it.each([
    ['publishing', [db, layer('parcels')]],
    ['switching off', [db]],
    ['describing', [db, layer('roads', { title: 'Roads' })]],
  ] as const)('a lie about %s a layer is found by reading back', async (_, desired) => {
    const driver = gis.open()
    const before = [db, layer('roads')]
    await deployTo(driver, before)
    gis.server.setFault({ kind: 'lie', times: 1 })
    await expect(deployTo(driver, desired, before)).rejects.toMatchObject({
      code: expect.stringMatching(/NOT_APPLIED|PARTIAL/),
    })
  })

  it('a password is written, never shown, and kept when something else changes', async () => {
    const driver = gis.open({ secrets: new Map([['PW', 'pw-canary']]) })
    const own = (host: string) =>
      resource('Connection', 'own', { host, databaseName: 'd', username: 'u', password: placeholder('PW') })
    await deployTo(driver, [own('one')])
    await deployTo(driver, [own('two')])
    expect(gis.server.c.connectionNamed('own')).toMatchObject({ host: 'two', password: 'pw-canary' })
    expect(JSON.stringify(await driver.observe([own('two')], calm()))).not.toContain('canary')
  })

  it('drops what is cached of the layers that a plan changes, by their ids', async () => {
    const driver = gis.open()
    await deployTo(driver, [db, layer('parcels'), layer('roads')])
    const flush = (changed: readonly string[]) => {
      const request = {
        environment: 'production',
        idempotencyKey: 'k',
        action: 'flush-cdn-cache',
        inputs: {},
        changed,
        desired: [],
      }
      return driver.act?.(request, calm())
    }
    expect(await flush(['Layer/default/roads', 'Connection/default/db'])).toEqual({
      message: 'dropped what was cached of 1 layer',
    })
    expect(gis.server.c.invalidated).toEqual([{ scope: 'layer', layerId: gis.server.c.layerNamed('roads')?.layerId }])
    expect(await flush([])).toEqual({ message: 'no layer changes: nothing was dropped' })
  })
})
