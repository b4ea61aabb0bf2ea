import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Driver } from '../../../../src/ports/driver.ts'
import { calm } from '../../../contract/driver.requests.ts'
import { aMigration, migrate, migrationRequest } from '../../../support/postgres/migrations.ts'
import { type PostgresServer, startPostgres } from '../../../support/postgres/server.ts'
import { aTarget, open } from './targets.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.stop())

async function anEmptyDatabase() {
  const database = await server.database()
  const target = aTarget(server.port, database)
  return { database, target, driver: open(target), sql: (text: string) => server.sql(database, text) }
}

const parcels = aMigration(
  '001_parcels',
  'create table parcels (id int primary key);\ninsert into parcels values (1);\n',
)
const roads = aMigration('002_roads', 'create table roads (id int);')
const keysOf = async (driver: Driver) => (await driver.observe([], calm())).resources.map(({ key }) => key)

describe('migrations', () => {
  it('are applied once each, by number, and observed as their files declare them', async () => {
    const { driver, target, sql } = await anEmptyDatabase()
    expect(await keysOf(driver)).toEqual([])
    const wide = aMigration('1000_wide', 'insert into roads values (7);')
    await migrate(driver, [wide, roads, parcels])
    const { resources } = await open(target).observe([], calm())
    expect(resources.map(({ digest }) => digest).sort()).toEqual([parcels, roads, wide].map((one) => one.digest).sort())
    expect(await sql('select id from roads')).toEqual([{ id: 7 }])
    expect(
      await sql('select name, state, applied_at is not null as at from honua_gitops.migrations order by number'),
    ).toEqual(['001_parcels', '002_roads', '1000_wide'].map((name) => ({ name, state: 'applied', at: true })))
  })
})
