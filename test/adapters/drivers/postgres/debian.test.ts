/** What needs a PostgreSQL with its client programs, TLS or PostGIS: that of Debian. */
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../src/adapters/clock-system.ts'
import type { PostgresTarget } from '../../../../src/adapters/drivers/postgres/settings.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { calm } from '../../../contract/driver.requests.ts'
import { type DebianServer, noDebian, noPostgis, startDebian } from '../../../support/postgres/debian.ts'
import { aMigration, migrate } from '../../../support/postgres/migrations.ts'
import { PASSWORD } from '../../../support/postgres/server.ts'
import { aTarget, open } from './targets.ts'

const skipped = (reason: string | null) => (reason === null ? '' : ` (skipped: ${reason})`)

let server: DebianServer
let database: string
beforeAll(async () => {
  if (noDebian === null) server = await startDebian()
}, 60_000)
afterAll(() => server?.stop())
beforeEach(async () => {
  if (noDebian === null) database = await server.database()
})

function driver(over: Partial<PostgresTarget> = {}) {
  return open(aTarget(server.port, database, over), { clock: systemClock() })
}
async function act(action: string, inputs: JsonObject, over: Partial<PostgresTarget>): Promise<string> {
  const request = { environment: 'production', idempotencyKey: action, action, inputs, changed: [], desired: [] }
  return (await driver(over).act?.(request, calm()))?.message ?? 'it cannot act'
}

describe.skipIf(noDebian !== null)(`backups by pg_dump${skipped(noDebian)}`, () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'honua-dumps-'))
    return () => rmSync(folder, { recursive: true, force: true })
  })

  it.each(['off', 'verify'] as const)('bring back schema, rows and the record of migrations; TLS %s', async (mode) => {
    const over: Partial<PostgresTarget> = {
      host: 'localhost',
      tls: mode === 'off' ? { mode } : { mode, ca: server.ca },
      backup: { folder, keep: 3, tables: [], pgDump: server.pgDump },
    }
    const first = aMigration('001_a', 'create table a (id int primary key); insert into a values (1), (2);')
    await migrate(driver(over), [first])
    expect(await act('create-backup', {}, over)).toContain('of the whole database')
    expect(await act('verify-backups', {}, over)).toContain('can be read')
    await migrate(driver(over), [first, aMigration('002_b', 'create table b (id int); insert into a values (3);')])
    const [id = ''] = await readdir(folder)
    expect(await act('restore-backup', { backup: id }, over)).toBe(
      `restored the database from backup ${id}; made after it and still there, to be looked at: public.b`,
    )
    expect(await server.sql(database, 'select count(*)::int as n from a')).toEqual([{ n: 2 }])
    expect((await driver(over).observe([], calm())).resources.map(({ digest }) => digest)).toEqual([first.digest])
    expect(await readFile(join(folder, id, 'manifest.json'), 'utf8')).not.toContain(PASSWORD)
  })
})

describe.skipIf(noDebian !== null)(`TLS${skipped(noDebian)}`, () => {
  it('a certificate is checked: its authority, and the name that it is for', async () => {
    const told = (over: Partial<PostgresTarget>) => driver(over).observe([], calm())
    expect((await told({ host: 'localhost', tls: { mode: 'verify', ca: server.ca } })).resources).toEqual([])
    for (const over of [
      { host: 'localhost', tls: { mode: 'verify' } as const },
      { host: '127.0.0.1', tls: { mode: 'verify', ca: server.ca } as const },
    ])
      await expect(told(over)).rejects.toMatchObject({ code: 'HONUA_TARGET_CONFIG', retry: 'after-config-change' })
  })
})

describe.skipIf(noPostgis !== null)(`checks with PostGIS${skipped(noPostgis)}`, () => {
  it('hold a geometry against its type and SRID, and the probe tells of PostGIS', async () => {
    await migrate(driver(), [
      aMigration(
        '001_gis',
        'create extension postgis; create table parcels (id int, geom geometry(MultiPolygon, 4326));',
      ),
    ])
    expect((await driver().probe(calm())).description).toMatch(/^PostgreSQL \d.*, PostGIS 3/)
    const check = (more: JsonObject) =>
      act('smoke-tests', { checks: [{ table: 'parcels', geometryColumn: 'geom', ...more }] }, {})
    expect(await check({ geometryType: 'MultiPolygon', srid: 4326 })).toBe('1 checks hold')
    await expect(check({ geometryType: 'POINT' })).rejects.toThrow(/is of type MULTIPOLYGON, POINT is expected/)
    await expect(check({ srid: 3857 })).rejects.toThrow(/has SRID 4326, 3857 is expected/)
    await expect(check({ geometryColumn: 'id', srid: 4326 })).rejects.toThrow(/parcels\.id is no geometry/)
  })

  it('rows of geometries come back as they were from a backup without pg_dump', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'honua-rows-'))
    try {
      await server.sql(
        database,
        "create extension postgis; create table g (id int, geom geometry); insert into g values (1, 'SRID=4326;POINT Z (1.1 2.2 3.3)'), (2, null)",
      )
      const sum = () => server.sql(database, 'select md5(string_agg(g::text, id::text order by id)) as sum from g')
      const before = await sum()
      const over = { backup: { folder, keep: 1, tables: ['g'], pgDump: '/nonexistent/pg_dump' } }
      expect(await act('create-backup', {}, over)).toContain('g (rows alone)')
      await server.sql(database, "update g set geom = 'POINT(0 0)'")
      await act('restore-backup', { backup: (await readdir(folder))[0] ?? '' }, over)
      expect(await sum()).toEqual(before)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
