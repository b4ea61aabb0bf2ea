/**
 * What the contract of drivers (test/contract) asks of a target that takes migrations alone and keeps them for ever. Themes cannot be
 * written to it, so the same promises are kept here with migrations; docs/drivers.md has its rows.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeResource } from '../../../../src/core/resource.ts'
import type { Resource } from '../../../../src/core/vocabulary.ts'
import { abilitiesTold, abilityWords, troublesTold } from '../../../contract/driver.docs.ts'
import { ALL_FAULTS, type DriverFault } from '../../../contract/driver.faults.ts'
import { aTheme, calm } from '../../../contract/driver.requests.ts'
import { aMigration, migrate, migrationRequest } from '../../../support/postgres/migrations.ts'
import { type BadWay, startProxy } from '../../../support/postgres/proxy.ts'
import { type PostgresServer, startPostgres } from '../../../support/postgres/server.ts'
import { TestClock } from '../deps.ts'
import { aTarget, open } from './targets.ts'

const MADE: readonly DriverFault[] = [
  'answer lost',
  'partial failure',
  'slow',
  'unauthorised',
  'garbage',
  'connection cut',
]

let server: PostgresServer
let proxy: BadWay
let database: string
beforeAll(async () => {
  server = await startPostgres()
  proxy = await startProxy(server.port)
}, 60_000)
afterAll(async () => {
  await proxy.close()
  await server.stop()
})
beforeEach(async () => {
  proxy.set({ kind: 'pass' })
  database = await server.database()
})

const first = aMigration('001_first', 'create table t (id int); insert into t values (1);')
const second = aMigration('002_second', 'insert into t values (2);')
const index = aMigration('003_index', 'create index concurrently t_id on t (id);')
const all = [first, second, index]
const near = (clock?: TestClock) => open(aTarget(server.port, database), clock === undefined ? {} : { clock })
const far = (clock?: TestClock) => open(aTarget(proxy.port, database), clock === undefined ? {} : { clock })
/** Everything that is there: equal texts mean that nothing was written. */
const fingerprint = async () =>
  JSON.stringify([
    await server.sql(
      database,
      "select to_regclass('t') is not null as t, to_regclass('honua_gitops.migrations') is not null as m",
    ),
    await server.sql(
      database,
      "select oid, relfilenode, relname from pg_class where relname in ('t', 't_id') order by 1",
    ),
    (await near().observe([], calm())).resources.map(({ key, version }) => `${key} ${version}`),
  ])
const failureOf = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error)
const requestNow = async (desired: readonly Resource[]) =>
  migrationRequest(near(), await near().observe([], calm()), desired)

/** Everything was applied once, whatever happened on the way. */
async function expectDone(): Promise<void> {
  const { resources } = await near().observe([], calm())
  expect(resources.map(({ digest }) => digest)).toEqual(all.map(({ digest }) => digest))
  expect(await server.sql(database, 'select id from t order by id')).toEqual([{ id: 1 }, { id: 2 }])
  expect(
    await server.sql(database, "select indisvalid as ok from pg_index where indexrelid = 't_id'::regclass"),
  ).toEqual([{ ok: true }])
}

describe('the postgres driver keeps what the contract of drivers promises', () => {
  it('its abilities and the troubles it is put through are those that docs/drivers.md tells', async () => {
    const { abilities } = await near().probe(calm())
    expect(abilitiesTold().get('postgres')).toEqual(abilityWords(abilities))
    expect(troublesTold().get('postgres')).toEqual(ALL_FAULTS.map((fault) => (MADE.includes(fault) ? 'yes' : 'no')))
  })

  it('it takes migrations and nothing else, which nothing else takes unasked', () => {
    expect(near().takes?.(first)).toBe(true)
    expect(near().takes?.(aTheme('a'))).toBe(false)
    expect(near().objection?.(makeResource({ ...first, spec: {} }), { target: 'db', resources: [] })).toContain('files')
  })

  it('observing, probing, dry runs and asking for health write nothing', async () => {
    const driver = near()
    const before = await fingerprint()
    await driver.probe(calm())
    expect(await driver.health(calm())).toEqual({ healthy: true })
    expect(await driver.dryRun(await requestNow(all), calm())).toEqual([])
    expect(await fingerprint()).toBe(before)
  })

  it('applying the same request again writes nothing, after a restart too', async () => {
    const request = await migrate(near(), all)
    const before = await fingerprint()
    await near().apply(request, calm())
    expect(await fingerprint()).toBe(before)
    await expectDone()
  })

  it('a migration that appeared since the plan makes the apply stale, and nothing is written', async () => {
    const request = await requestNow([aMigration('001_first', 'create table other (id int)')])
    await migrate(near(), [first])
    const before = await fingerprint()
    await expect(near().apply(request, calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE', retry: 'later' })
    expect(await fingerprint()).toBe(before)
  })

  it('an aborted signal is honoured by every method, with its own reason', async () => {
    const request = await requestNow(all)
    const signal = AbortSignal.abort(new Error('shutting down'))
    const driver = near()
    const act = {
      environment: 'production',
      idempotencyKey: 'k',
      action: 'analyze-tables',
      inputs: {},
      changed: [],
      desired: [],
    }
    for (const call of [
      () => driver.probe(signal),
      () => driver.observe([], signal),
      () => driver.dryRun(request, signal),
      () => driver.apply(request, signal),
      () => driver.health(signal),
      () => driver.act?.(act, signal) ?? Promise.resolve(),
    ])
      await expect(call()).rejects.toThrow('shutting down')
  })

  it('broken off before any of its messages, it comes to the same end when it is planned anew', async () => {
    proxy.set({ kind: 'pass' })
    await migrate(far(), all)
    const count = proxy.messages()
    expect(count).toBeGreaterThan(20)
    for (let message = 1; message <= count; message += 3) {
      database = await server.database()
      const request = await requestNow(all)
      proxy.set({ kind: 'cut-at', message })
      const failure = await failureOf(far().apply(request, calm()))
      expect(failure === null || failure instanceof Error).toBe(true)
      proxy.set({ kind: 'pass' })
      // What the server still does for the broken connection ends, and with it the lock.
      await expect.poll(() => failureOf(migrate(far(), all)), { timeout: 15_000 }).toBeNull()
      await expectDone()
    }
  }, 120_000)
})

describe('the postgres driver in trouble', () => {
  it('answer lost: what landed is found by looking, and nothing is done twice', async () => {
    await migrate(near(), [first])
    const request = await requestNow(all)
    proxy.set({ kind: 'lose-answer', to: 'commit' })
    const failure = await failureOf(far().apply(request, calm()))
    if (failure !== null) expect(failure).toMatchObject({ retry: 'later' })
    expect(await server.sql(database, 'select count(*)::int as n from t')).toEqual([{ n: 2 }])
    await migrate(near(), all)
    await expectDone()
  })

  it('partial failure: what landed and what did not is told, and the same request later does the rest', async () => {
    const request = await requestNow(all)
    await server.sql(database, 'create table t_id (other int)')
    await expect(near().apply(request, calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_PARTIAL',
      retry: 'never',
      message: expect.stringContaining('003_index'),
    })
    await server.sql(database, 'drop table t_id')
    await near().apply(request, calm())
    await expectDone()
  })

  it('slow: the deadline ends the call, and so does an abort', async () => {
    const clock = new TestClock()
    proxy.set({ kind: 'silent' })
    let isOver = false
    const asked = failureOf(far(clock).observe([], calm())).finally(() => {
      isOver = true
    })
    while (!isOver) {
      clock.expireDeadlines()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await asked).toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE', retry: 'later' })
    const stop = new AbortController()
    const hanging = far(clock).observe([], stop.signal)
    stop.abort(new Error('shutting down'))
    await expect(hanging).rejects.toThrow('shutting down')
  })

  const everything: readonly (readonly [DriverFault, string, string])[] = [
    ['garbage', 'HONUA_TARGET_ANSWER', 'later'],
    ['connection cut', 'HONUA_TARGET_UNREACHABLE', 'later'],
    ['unauthorised', 'HONUA_TARGET_AUTH', 'after-config-change'],
  ]
  it.each(everything)('%s: observing and applying end with %s, and nothing is written', async (fault, code, retry) => {
    const request = await requestNow(all)
    const before = await fingerprint()
    if (fault === 'garbage') proxy.set({ kind: 'garbage' })
    if (fault === 'connection cut') proxy.set({ kind: 'cut' })
    const driver = fault === 'unauthorised' ? open(aTarget(server.port, database), { secret: 'wrong' }) : far()
    expect(await failureOf(driver.observe([], calm()))).toMatchObject({ code, retry })
    expect(await failureOf(driver.apply(request, calm()))).toMatchObject({ code, retry })
    expect(await driver.health(calm())).toMatchObject({ healthy: false })
    expect(await fingerprint()).toBe(before)
    await near().apply(request, calm())
    await expectDone()
  })
})
