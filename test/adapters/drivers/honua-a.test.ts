import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Resource } from '../../../src/core/vocabulary.ts'
import { calm, placeholder } from '../../contract/driver.requests.ts'
import { SLOW, type StandIn, standIn } from './honua-target.ts'
import { actsOn, deployTo, planOn } from './plans.ts'

let gis: StandIn
beforeEach(async () => {
  gis = await standIn('A')
})
afterEach(async () => {
  await gis.server.close()
})

const resource = (kind: string, name: string, spec: JsonObject, metadata: JsonObject = {}): Resource =>
  makeResource({ apiVersion: 'honua.io/v1', kind, namespace: 'default', name, metadata, spec })

const around = [
  resource('DataSource', 'db', { provider: 'postgis', connectionString: 'Host=db' }),
  resource('Folder', 'maps', { title: 'Maps', order: 1 }),
  resource('Service', 'land', { folderId: 'maps', serviceType: 'feature', dataSourceId: 'db' }),
]
const parcels = (spec: JsonObject = {}) =>
  resource(
    'Layer',
    'parcels',
    {
      title: 'Parcels',
      geometryType: 'Polygon',
      idField: 'id',
      geometryField: 'geom',
      storage: { table: 'p' },
      ...spec,
    },
    { service: 'land' },
  )

describe('a server of generation A', () => {
  it('is found by what answers, and by nothing else', async () => {
    const { description, abilities } = await gis.open().probe(calm())
    expect(description).toBe('Honua of 2025 (REST metadata API)')
    expect(abilities).toMatchObject({ delete: 'delete', conditionalWrite: false, dryRun: false })
    expect(gis.server.requests.map(({ path }) => path)).toEqual([
      '/api/v1/admin/capabilities',
      '/admin/metadata/services',
    ])
  })

  it('takes folders, data sources, services and layers in the order in which they need each other, and gives them back', async () => {
    const driver = gis.open()
    const desired = [...around, parcels()]
    const plan = await deployTo(driver, desired)
    expect(plan.notes).toContain('gis has no place for what is declared as storage (1): it is left out there')
    expect(gis.writes()).toEqual([
      'POST /admin/metadata/datasources',
      'POST /admin/metadata/folders',
      'POST /admin/metadata/services',
      'POST /admin/metadata/layers',
    ])
    expect(actsOn(await planOn(driver, desired, desired))).toEqual([])
    await deployTo(driver, [], desired)
    expect(gis.writes().slice(4)).toEqual([
      'DELETE /admin/metadata/layers/parcels',
      'DELETE /admin/metadata/services/land',
      'DELETE /admin/metadata/folders/maps',
      'DELETE /admin/metadata/datasources/db',
    ])
  })

  it('takes those of one kind side by side, never more than maxInFlight at once and never before those they need, and tells how far it has come', async () => {
    const folders = Array.from({ length: 9 }, (_, at) => resource('Folder', `f${at}`, { title: 'F', order: at }))
    const services = folders.map(({ name }) =>
      resource('Service', `s-${name}`, { folderId: name, serviceType: 'feature', dataSourceId: 'db' }),
    )
    const [db] = around
    const desired = [...(db === undefined ? [] : [db]), ...folders, ...services]
    gis.server.setFault(SLOW)
    const told: number[] = []
    await deployTo(gis.open({ settings: { maxInFlight: 3 } }), desired, [], (done) => told.push(done))
    expect(gis.server.mostWritesAtOnce).toBe(3)
    expect(told).toEqual(Array.from({ length: 19 }, (_, at) => at + 1))
    const kinds = gis.writes().map((line) => line.slice('POST /admin/metadata/'.length))
    expect(kinds).toEqual([
      'datasources',
      ...Array.from({ length: 9 }, () => 'folders'),
      ...Array.from({ length: 9 }, () => 'services'),
    ])
    await deployTo(gis.open({ settings: { maxInFlight: 3 } }), [], desired)
    expect([gis.server.mostWritesAtOnce, gis.writes().length]).toEqual([3, 38])
  })

  it('one that is refused stops those of its kind that have not begun', async () => {
    gis.server.setFault({ kind: 'refuse', key: 'Folder/default/f0', message: 'Locked.' })
    const folders = Array.from({ length: 9 }, (_, at) => resource('Folder', `f${at}`, { title: 'F', order: at }))
    await expect(deployTo(gis.open(), folders)).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    expect(gis.writes()).toHaveLength(1)
  })

  it('a change of geometry is planned as breaking and made by deletion and creation', async () => {
    const driver = gis.open()
    await deployTo(driver, [...around, parcels()])
    const points = [...around, parcels({ geometryType: 'Point' })]
    const plan = await deployTo(driver, points, points)
    expect(actsOn(plan)).toEqual(['recreate Layer/default/parcels'])
    expect([plan.breaking, plan.changes[0]?.breaking.join()]).toEqual([
      true,
      expect.stringContaining('gis cannot change the geometryType of a Layer in place: it is deleted and created anew'),
    ])
    expect(gis.writes().slice(-2)).toEqual(['DELETE /admin/metadata/layers/parcels', 'POST /admin/metadata/layers'])
    expect(gis.server.a.get('layers', 'parcels')?.['geometryType']).toBe('Point')
  })

  it('a change of the title alone is an update', async () => {
    const driver = gis.open()
    await deployTo(driver, [...around, parcels()])
    expect(actsOn(await deployTo(driver, [...around, parcels({ title: 'All' })]))).toEqual([
      'update Layer/default/parcels',
    ])
    expect(gis.writes().at(-1)).toBe('PUT /admin/metadata/layers/parcels')
  })

  it('a service never changes its data source, and the plan says so', async () => {
    const driver = gis.open()
    await deployTo(driver, around)
    const other = resource('Service', 'land', { folderId: 'maps', serviceType: 'feature', dataSourceId: 'other' })
    expect((await planOn(driver, [...around.slice(0, 2), other])).refused).toMatchObject([
      { key: 'Service/default/land', why: 'cannot change the dataSourceId of a Service in place' },
    ])
  })

  it('what another hand changed between the look and the write is left alone', async () => {
    const driver = gis.open()
    const [db] = around
    if (db === undefined) throw new Error('no data source')
    await deployTo(driver, [db])
    const changed = resource('DataSource', 'db', { provider: 'postgis', connectionString: 'Host=two' })
    const lists = () => gis.server.requests.filter(({ path }) => path === '/admin/metadata/layers').length
    const before = lists()
    gis.server.setFault({
      kind: 'meanwhile',
      on: 'reads',
      act: () => {
        // The plan's look, the rehearsal's and the apply's first are over: the next read is the one just before the write.
        if (lists() < before + 3 || gis.server.requests.at(-1)?.path !== '/admin/metadata/datasources/db') return
        gis.server.a.put('datasources', { id: 'db', provider: 'postgis', connectionString: 'Host=by hand' })
      },
    })
    await expect(deployTo(driver, [changed])).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE' })
    expect(gis.writes()).toHaveLength(1)
  })

  it('an id that differs in case only is refused with the server’s reason', async () => {
    const driver = gis.open()
    await deployTo(driver, around)
    const twin = resource('Folder', 'MAPS', {})
    await expect(deployTo(driver, [...around, twin])).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
  })

  it('passwords in connection strings are hidden from everybody, declared or not', async () => {
    gis.server.a.put('datasources', {
      id: 'x',
      provider: 'p',
      connectionString: 'Host=db;Password="se;cret-canary";A=b',
    })
    gis.server.a.put('datasources', { id: 'y', provider: 'p', connectionString: 'postgres://u:secret-canary@db/x' })
    const { resources } = await gis.open().observe([], calm())
    expect(resources.map(({ spec }) => spec['connectionString'])).toEqual([
      'Host=db;Password=(hidden);A=b',
      'postgres://u:(hidden)@db/x',
    ])
  })

  it.each([
    ['a password in the clear', 'DataSource', { provider: 'p', connectionString: 'Password=x' }, 'in the clear'],
    ['a secret that would be shown', 'Folder', { title: placeholder('NAME') }, '/spec/title'],
    ['a layer without geometry', 'Layer', { serviceId: 'land' }, 'geometryType, idField, geometryField'],
  ] as const)('%s is refused before anything is written', async (_, kind, spec, words) => {
    const driver = gis.open({ secrets: new Map([['NAME', 'x']]) })
    await expect(deployTo(driver, [resource(kind, 'a', spec)])).rejects.toThrow(words)
    expect(gis.writes()).toEqual([])
  })
})
