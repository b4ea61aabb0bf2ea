/** Whole deployments with a real database among the targets: what is planned, what a rollback leaves, what blocks. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/clock-system.ts'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { Deployment } from '../../src/core/vocabulary.ts'
import type { Driver } from '../../src/ports/driver.ts'
import { aTarget, open } from '../adapters/drivers/postgres/targets.ts'
import { calm } from '../contract/driver.requests.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { type PostgresServer, startPostgres } from '../support/postgres/server.ts'
import { type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'

const PATIENT = { timeout: 25_000, interval: 50 }
const FOLDER = 'environments/dev/migrations'

let server: PostgresServer
let git: MemoryGit
let gis: MemoryTarget
let database: string
let db: Driver
let world: RuntimeWorld | undefined
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.stop())
beforeEach(async () => {
  git = memoryGit()
  gis = new MemoryTarget('gis')
  database = await server.database()
  db = open(aTarget(server.port, database), { clock: systemClock() })
})
afterEach(() => world?.stop())

async function start(drivers: readonly Driver[]): Promise<void> {
  world = await startRuntime({
    clock: systemClock(),
    git,
    store: await openMemoryStore(),
    drivers: () => drivers,
    settings: () => ({ verifyTimeoutMs: 300, targets: drivers.map(({ name }) => name) }),
    pollMs: 100,
  })
}

async function newest(): Promise<Deployment | undefined> {
  for await (const one of world?.facade.deployments({ prefix: 'dev-', reverse: true }) ?? []) return one
  return undefined
}

const applied = async () => (await db.observe([], calm())).resources.map(({ name }) => name)
const ended = (commit: string) =>
  expect.poll(async () => {
    const one = await newest()
    return one?.commit === commit ? one.state : 'not yet'
  }, PATIENT)
const first = {
  'environments/dev/a.yaml': layerFile('a', { title: 'first' }),
  [`${FOLDER}/001_a.sql`]: 'create table a (id int);',
}

describe('a deployment with a database', () => {
  it('applies migrations, and a rollback leaves what was applied and said so before', async () => {
    const commit = git.commit(first)
    await start([gis, db])
    await ended(commit).toBe('Completed')
    expect(await applied()).toEqual(['001_a'])

    gis.health = async () =>
      gis.resources.get('Layer/default/a')?.spec['title'] === 'second'
        ? { healthy: false, message: 'it is ill of it' }
        : { healthy: true }
    const second = git.commit({
      'environments/dev/a.yaml': layerFile('a', { title: 'second' }),
      [`${FOLDER}/002_b.sql`]: 'create table b (id int);',
    })
    await ended(second).toBe('RolledBack')
    expect(await applied()).toEqual(['001_a', '002_b'])
    expect(gis.resources.get('Layer/default/a')?.spec['title']).toBe('first')
    const record = await newest()
    const told = await world?.facade.deploymentPlan(record?.id ?? '')
    expect(told?.plan.rollback).toBe('manual')
    expect(told?.plan.notes).toContain('db cannot delete: what this plan creates there stays after a rollback')
    expect(told?.bodies.find(({ key }) => key === 'Migration/default/002_b')?.after).toMatchObject({
      spec: { sql: 'create table b (id int);' },
    })
  })

  it('of what may break others is planned, refused and told, and nothing is written', async () => {
    git.commit({ ...first, [`${FOLDER}/002_drop.sql`]: 'drop table a;' })
    await start([gis, db])
    await expect
      .poll(
        async () => (await world?.facade.plan('dev'))?.plan.refused?.map(({ key, why }) => `${key}: ${why}`).join(),
        PATIENT,
      )
      .toMatch(/^Migration\/default\/002_drop: is asked at 1:1 .* drops a table/)
    expect(await newest()).toBeUndefined()
    expect(await applied()).toEqual([])
    const mended = git.commit({
      [`${FOLDER}/002_drop.sql`]: '-- honua:compatibility-review reason=nobody read it yet\ndrop table a;',
    })
    await ended(mended).toBe('Completed')
    expect(await applied()).toEqual(['001_a', '002_drop'])
  })

  it('keeps a migration whose file is gone', async () => {
    const commit = git.commit({ ...first, [`${FOLDER}/002_b.sql`]: 'create table b (id int);' })
    await start([gis, db])
    await ended(commit).toBe('Completed')
    const without = git.commit({
      [`${FOLDER}/002_b.sql`]: null,
      'environments/dev/a.yaml': layerFile('a', { title: 'second' }),
    })
    await ended(without).toBe('Completed')
    expect(await applied()).toEqual(['001_a', '002_b'])
    const told = await world?.facade.deploymentPlan((await newest())?.id ?? '')
    expect(told?.plan.retained).toContainEqual({ target: 'db', key: 'Migration/default/002_b', why: 'cannot-delete' })
  })

  it('without one, a folder of migrations is a mistake that names what to configure', async () => {
    git.commit(first)
    await start([gis])
    const problems = () => JSON.stringify(world?.facade.environment('dev')?.context ?? {})
    await expect.poll(problems, PATIENT).toContain('HONUA_RESOURCE_HOMELESS')
    expect(problems()).toContain('driver: postgres')
    expect(problems()).toContain(`${FOLDER}/001_a.sql`)
    expect(gis.writes).toBe(0)
  })
})
