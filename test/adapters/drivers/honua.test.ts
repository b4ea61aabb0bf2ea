import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import type { HonuaTarget } from '../../../src/adapters/drivers/settings.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Resource } from '../../../src/core/vocabulary.ts'
import type { Driver } from '../../../src/ports/driver.ts'
import { representedBy } from '../../../src/runtime/environment/world.ts'
import { aTheme, calm, deploy, placeholder, requestFor } from '../../contract/driver.requests.ts'
import { toAnswer } from '../../support/honua-server/generation-b/resources.ts'
import { isRawObject, stringifyRaw, toRaw } from '../../support/honua-server/raw-json.ts'
import { type HonuaServer, type HonuaServerOptions, raw, startHonuaServer } from '../../support/honua-server/server.ts'
import { TestClock, testDeps } from './deps.ts'

const API_KEY = 'api-key-canary'
let server: HonuaServer
let clock: TestClock

interface OpenOptions {
  readonly secrets?: ReadonlyMap<string, string>
  readonly key?: string | null
  readonly settings?: Partial<HonuaTarget>
}

function open({ secrets = new Map(), key = API_KEY, settings = {} }: OpenOptions = {}): Driver {
  const target: HonuaTarget = {
    name: 'gis',
    driver: 'honua',
    url: server.url,
    credentials: { type: 'api-key', secretRef: 'gis-key' },
    timeoutMs: 60_000,
    maxInFlight: 4,
    ...settings,
  }
  const own = new Map(key === null ? [] : [['gis-key', key]])
  return openDriver(target, 'production', testDeps({ resolvable: secrets, own, clock }))
}

async function restart(options: HonuaServerOptions): Promise<void> {
  await server.close()
  server = await startHonuaServer({ apiKey: API_KEY, ...options })
}

const writes = () =>
  server.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`)
const stateText = () => stringifyRaw(server.state.all().map(toAnswer))

beforeEach(async () => {
  clock = new TestClock()
  server = await startHonuaServer({ apiKey: API_KEY })
})
afterEach(async () => {
  await server.close()
})

function rawSpec(spec: JsonObject) {
  const value = toRaw(spec)
  if (!isRawObject(value)) throw new TypeError('a spec is an object')
  return value
}

describe('probing', () => {
  it('a server of generation B is named with its version', async () => {
    expect((await open().probe(calm())).description).toBe('Honua 2026.0.3 (manifest API)')
  })

  it('again does not read all that it holds only to see that it still has manifests', async () => {
    const driver = open()
    await driver.probe(calm())
    const before = server.requests.length
    await driver.probe(calm())
    expect(server.requests.slice(before).map(({ path }) => path)).toEqual([
      '/api/v1/admin/capabilities',
      '/api/v1/admin/manifest/versions?limit=1',
    ])
  })

  it('a page that is no Honua server is told from one', async () => {
    server.setFault({ kind: 'garbage' })
    await expect(open().probe(calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_ANSWER' })
  })
})

describe('looking again', () => {
  const look = async (driver: Driver, hints: readonly Resource[] = []) =>
    (await driver.observe(hints, calm())).resources

  it('tells what did not change as the same objects, and what changed anew', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a'), aTheme('b')])
    const [a, b] = await look(driver)
    server.editOutOfBand('Theme/default/b', (theme) => ({ ...theme, spec: rawSpec({ name: 'by hand' }) }))
    const [sameA, newB] = await look(driver)
    expect([sameA === a, newB === b, newB?.spec]).toEqual([true, false, { name: 'by hand' }])
  })

  it('is not misled by a version that counts anew after a deletion', async () => {
    const driver = open()
    server.createOutOfBand({
      apiVersion: 'honua.io/v1alpha1',
      kind: 'Theme',
      metadata: { name: 'a' },
      spec: { name: 'one' },
    })
    const [first] = await look(driver)
    server.editOutOfBand('Theme/default/a', () => null)
    server.createOutOfBand({
      apiVersion: 'honua.io/v1alpha1',
      kind: 'Theme',
      metadata: { name: 'a' },
      spec: { name: 'two' },
    })
    const [second] = await look(driver)
    expect([first?.version, second?.version, second?.spec]).toEqual(['1', '1', { name: 'two' }])
  })

  it('keeps nothing of a resource that holds a secret: what is told of it follows the secret', async () => {
    const secrets = new Map([['DB_PASSWORD', 'password-canary']])
    const theme = aTheme('a', { password: placeholder('DB_PASSWORD') })
    const driver = open({ secrets })
    await deploy(driver, [theme])
    const [before] = await look(driver, [theme])
    secrets.set('DB_PASSWORD', 'another-canary')
    const [after] = await look(driver, [theme])
    const [undeclared] = await look(driver)
    expect([before, after, undeclared].map((live) => live?.spec['password'])).toEqual([
      placeholder('DB_PASSWORD'),
      '(hidden)',
      '(hidden)',
    ])
  })
})

describe('credentials', () => {
  it('a wrong key is reported by the name of its secret, not its value', async () => {
    const failure = await open({ key: 'wrong-canary' })
      .observe([], calm())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_AUTH', message: expect.stringContaining('gis-key') })
    expect(String(failure)).not.toContain('canary')
  })

  it('a missing secret is named and nothing is asked', async () => {
    await expect(open({ key: null }).observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_SECRET_MISSING' })
    expect(server.requests).toEqual([])
  })

  it('a key with a line break does not come back in the error', async () => {
    const failure = await open({ key: 'api\nkey-canary' })
      .observe([], calm())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_CONFIG' })
    expect(String(failure)).not.toContain('canary')
  })

  it('a bearer token is sent as such', async () => {
    await restart({ bearer: 'token-1' })
    const driver = open({ key: 'token-1', settings: { credentials: { type: 'bearer', secretRef: 'gis-key' } } })
    expect((await driver.observe([], calm())).resources).toEqual([])
  })

  it('a redirect to another host is not followed, and both hosts are named', async () => {
    const other = await startHonuaServer()
    try {
      server.setFault({ kind: 'redirect', location: `${other.url}/api/v1/admin/manifest` })
      await expect(open().observe([], calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_REDIRECT',
        message: expect.stringMatching(`:${server.port}.*:${other.port}`),
      })
      expect(other.requests).toEqual([])
    } finally {
      await other.close()
    }
  })
})

describe('reading', () => {
  it('a busy server is asked again after the pause it names, twice at most', async () => {
    server.setFault({ kind: 'status', status: 429, retryAfter: '3', times: 2, on: 'reads' })
    expect((await open().observe([], calm())).resources).toEqual([])
    expect(clock.pauses).toEqual([3000, 3000])
  })

  it('one that stays busy is reported, and an immense Retry-After does not hold the caller', async () => {
    server.setFault({ kind: 'status', status: 503, retryAfter: '86400', on: 'reads' })
    await expect(open().observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_BUSY', retry: 'later' })
    expect([clock.pauses, server.requests.length]).toEqual([[10_000, 10_000], 3])
  })

  it('a broken connection is tried again', async () => {
    server.setFault({ kind: 'cut', when: 'before', times: 2, on: 'reads' })
    expect((await open().observe([], calm())).resources).toEqual([])
  })

  it('a server that is not there is unreachable, later', async () => {
    const driver = open()
    await server.close()
    await expect(driver.observe([], calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    server = await startHonuaServer()
  })

  it('an answer that does not come in time is given up', async () => {
    server.setFault({ kind: 'delay', ms: 60_000 })
    const asked = open()
      .observe([], calm())
      .catch((error: unknown) => error)
    // The read is tried three times; each waits for its deadline.
    for (let seen = 1; seen <= 3; seen += 1) {
      while (server.requests.length < seen) await new Promise((resolve) => setImmediate(resolve))
      clock.expireDeadlines()
    }
    expect(await asked).toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE' })
  })

  it('an abort ends a request that hangs', async () => {
    server.setFault({ kind: 'delay', ms: 60_000 })
    const stop = new AbortController()
    const asked = open().observe([], stop.signal)
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    stop.abort(new Error('shutting down'))
    await expect(asked).rejects.toThrow('shutting down')
  })

  it('an endless answer is cut off', async () => {
    server.setFault({ kind: 'endless', times: 1 })
    await expect(open().observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_ANSWER' })
  })

  it.each([
    '{"success":true,"data":{}}',
    '{"success":true,"data":{"resources":[{"kind":"Layer"}]}}',
    'null',
    '[]',
    '{"success":true}',
  ])('an answer that cannot be read whole is never an empty server: %s', async (body) => {
    server.setFault({ kind: 'garbage', body })
    await expect(open().observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_ANSWER' })
  })

  it('only the namespaces of the target are read and written', async () => {
    server.createOutOfBand({ ...wireOf(aTheme('a')), metadata: { name: 'a', namespace: 'other' } })
    const driver = open({ settings: { namespaces: ['default'] } })
    expect((await driver.observe([], calm())).resources).toEqual([])
    const foreign = makeResource({ ...aTheme('b'), namespace: 'other' })
    const request = requestFor(driver, { target: 'gis', resources: [] }, [foreign])
    expect(await driver.dryRun(request, calm())).toMatchObject([{ key: foreign.key }])
    await expect(driver.apply(request, calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
  })

  it('numbers are compared by value, though the server keeps their text', async () => {
    server.createOutOfBand(wireOf(aTheme('a', { size: 1 })))
    server.editOutOfBand('Theme/default/a', (live) => ({ ...live, spec: new Map(live.spec).set('size', raw('1.0')) }))
    expect((await open().observe([], calm())).resources[0]?.digest).toBe(aTheme('a', { size: 1 }).digest)
  })
})

function wireOf({ apiVersion, kind, namespace, name, metadata, spec }: Resource) {
  return { apiVersion, kind, metadata: { ...metadata, name, namespace }, spec }
}

describe('the seed’s form', () => {
  const layer = makeResource({
    apiVersion: 'honua.io/v1',
    kind: 'Layer',
    namespace: 'default',
    name: 'parcels',
    metadata: { service: 'land', environment: 'production', description: 'All parcels', labels: { tier: 1 } },
    spec: { title: 'Parcels', geometryType: 'Polygon', storage: { table: 'gis.parcels', srid: 4326 } },
  })

  it('gains the fields that the server asks for and keeps all others', () => {
    const { apiVersion, metadata, spec } = representedBy(open(), layer)
    expect({ apiVersion, metadata, spec }).toEqual({
      apiVersion: 'honua.io/v1alpha1',
      metadata: { labels: { tier: '1' } },
      spec: {
        ...layer.spec,
        schemaName: 'gis',
        tableName: 'parcels',
        srid: 4326,
        description: 'All parcels',
        serviceName: 'land',
      },
    })
  })

  it('is taken by the server and read back equal', async () => {
    const driver = open()
    await deploy(driver, [layer])
    expect((await driver.observe([], calm())).resources[0]?.digest).toBe(representedBy(driver, layer).digest)
  })

  it('without a schema in the table name it is public', () => {
    const plain = makeResource({ ...layer, spec: { storage: { table: 'parcels' } } })
    expect(representedBy(open(), plain).spec).toMatchObject({ schemaName: 'public', tableName: 'parcels' })
  })

  it('the server’s own form stays as it is', () => {
    const own = aTheme('a', { size: 1 }, { labels: { a: 'b' }, annotations: { c: 'd' } })
    expect(representedBy(open(), own)).toEqual(own)
  })
})

describe('writing', () => {
  const three = ['a', 'b', 'c'].map((name) => aTheme(name))

  it('never asks the server to prune, and deletes by version', async () => {
    const driver = open()
    await deploy(driver, three)
    await deploy(driver, three.slice(0, 1))
    expect(writes().slice(1)).toEqual([
      'DELETE /api/v1/admin/metadata/resources/Theme/default/b',
      'DELETE /api/v1/admin/metadata/resources/Theme/default/c',
    ])
    expect(server.requests.filter(({ body }) => body.includes('"prune":true'))).toEqual([])
    expect(
      server.requests.filter(({ method }) => method === 'DELETE').map(({ headers }) => headers['if-match']),
    ).toEqual(['"1"', '"1"'])
  })

  it('sends manifests of a hundred resources at most', async () => {
    await deploy(
      open(),
      Array.from({ length: 250 }, (_, index) => aTheme(`r${index}`)),
    )
    expect(writes()).toHaveLength(3)
    expect(server.state.all()).toHaveLength(250)
  })

  describe('of one kind', () => {
    const many = (labels: JsonObject) =>
      Array.from({ length: 1_000 }, (_, index) => aTheme(`r${String(index).padStart(4, '0')}`, {}, { labels }))
    /** So slow that what may be in flight at once is. */
    const slow = { kind: 'delay', ms: 50, on: 'writes' } as const

    it('go side by side, never more than maxInFlight at once, and tell how far they have come', async () => {
      server.setFault(slow)
      const driver = open({ settings: { maxInFlight: 3 } })
      const desired = many({ tier: 'one' })
      const told: string[] = []
      const request = requestFor(driver, await driver.observe([], calm()), desired)
      await driver.apply({ ...request, progress: (done, total) => told.push(`${done} of ${total}`) }, calm())
      expect([writes().length, server.mostAtOnce]).toEqual([10, 3])
      expect(told).toEqual(Array.from({ length: 10 }, (_, at) => `${(at + 1) * 100} of 1000`))
    })

    it('changes of labels and deletions too', async () => {
      await deploy(open(), many({ tier: 'one' }).slice(0, 20))
      server.setFault(slow)
      await deploy(open({ settings: { maxInFlight: 3 } }), many({ tier: 'two' }).slice(0, 10))
      expect(writes().filter((write) => !write.startsWith('POST'))).toHaveLength(20)
      expect([server.state.all().length, server.mostAtOnce]).toEqual([10, 3])
    })

    it('one that is refused stops those that have not begun, and what landed is told', async () => {
      server.setFault({ kind: 'refuse', key: 'Theme/default/r0000', message: 'Table is locked.' })
      await expect(deploy(open(), many({}))).rejects.toMatchObject({ code: 'HONUA_TARGET_PARTIAL', retry: 'never' })
      expect(writes()).toHaveLength(1)
      expect(server.state.all()).toHaveLength(99)
    })
  })

  it('that were cut are told apart from those that were not tried', async () => {
    const driver = open({ settings: { maxInFlight: 2 } })
    const many = Array.from({ length: 302 }, (_, at) => aTheme(`r${String(at).padStart(4, '0')}`))
    const request = requestFor(driver, await driver.observe([], calm()), many)
    const progress = () => void server.setFault({ kind: 'cut', when: 'before', on: 'writes' })
    const failure = await driver.apply({ ...request, progress }, calm()).catch((error: unknown) => error)
    expect(failure).toMatchObject({ message: expect.stringMatching(/took 100 of 302.*r0100 \(no answer, not there/) })
    expect(String(failure)).not.toContain('not tried')
  })

  it('are conditional on ETags that no compression has changed', async () => {
    await deploy(open(), [aTheme('a'), aTheme('b')])
    await deploy(open(), [aTheme('a', {}, { labels: { x: 'y' } })])
    const single = server.requests.filter(({ path }) => /Theme/.test(path))
    expect(single.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'DELETE'])
    const reads = single.filter(({ method }) => method === 'GET')
    expect(reads.map(({ headers }) => headers['accept-encoding'])).toEqual(['identity', 'identity'])
  })

  it('are never sent before those of another kind that come first in the plan', async () => {
    const spec = { tableName: 'parcels', schemaName: 'public', geometryType: 'Polygon', srid: 4326 }
    const layers = Array.from({ length: 101 }, (_, at) => makeResource({ ...aTheme(`l${at}`), kind: 'Layer', spec }))
    const themes = Array.from({ length: 150 }, (_, index) => aTheme(`t${index}`))
    await deploy(open(), [...layers, ...themes])
    const sent = server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)
    const firstTheme = sent.findIndex((body) => body.includes('"Theme"'))
    const lastLayer = sent.findLastIndex((body) => body.includes('"Layer"'))
    expect([firstTheme, lastLayer]).toEqual([1, 1])
  })

  it('a resource that the server skips with a reason is a failure, told with what landed', async () => {
    server.setFault({ kind: 'refuse', key: 'Theme/default/b', message: 'Table is locked.' })
    await expect(deploy(open(), three)).rejects.toMatchObject({
      code: 'HONUA_TARGET_PARTIAL',
      retry: 'never',
      message: expect.stringMatching(/landed: Theme\/default\/a, Theme\/default\/c;.*b \(Table is locked\.\)/),
    })
  })

  it('a single refused resource is a refusal', async () => {
    server.setFault({ kind: 'refuse', key: 'Theme/default/a', message: 'Table is locked.' })
    await expect(deploy(open(), [aTheme('a')])).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining('Table is locked.'),
    })
  })

  it('a dry run tells what the server would not take', async () => {
    const driver = open()
    const broken = makeResource({ ...aTheme('x'), kind: 'Layer', spec: { title: 'no table' } })
    const request = requestFor(driver, await driver.observe([], calm()), [aTheme('a'), broken])
    expect(await driver.dryRun(request, calm())).toEqual([
      { key: 'Layer/default/x', message: 'Missing required spec field(s): tableName, schemaName, geometryType, srid.' },
    ])
    expect(server.state.mutations).toEqual([])
  })

  it.each([
    ['a manifest', [aTheme('a'), aTheme('b', { size: 2 })]],
    ['a label change', [aTheme('a'), aTheme('b', { size: 1 }, { labels: { x: 'y' } })]],
    ['a deletion', [aTheme('a')]],
  ])('a lie about %s is found by reading back', async (_, desired) => {
    const driver = open()
    await deploy(driver, [aTheme('a'), aTheme('b', { size: 1 })])
    server.setFault({ kind: 'lie', times: 1 })
    await expect(deploy(driver, desired)).rejects.toMatchObject({
      code: 'HONUA_TARGET_NOT_APPLIED',
      message: expect.stringContaining('Theme/default/b'),
    })
  })

  it('a connection cut after the work was done is a success, and nothing is written twice', async () => {
    server.setFault({ kind: 'cut', when: 'after', times: 1, on: 'writes' })
    await deploy(open(), three)
    expect(writes()).toHaveLength(1)
  })

  it('a connection cut before it is unreachable, later, and the same request then succeeds', async () => {
    const driver = open()
    const request = requestFor(driver, await driver.observe([], calm()), three)
    server.setFault({ kind: 'cut', when: 'before', times: 1, on: 'writes' })
    await expect(driver.apply(request, calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_UNREACHABLE',
      retry: 'later',
    })
    await driver.apply(request, calm())
    expect(server.state.all()).toHaveLength(3)
  })

  it('a connection cut in the middle tells what landed, and the same request does the rest once', async () => {
    const driver = open()
    const request = requestFor(driver, await driver.observe([], calm()), three)
    server.setFault({ kind: 'cut', when: 2, times: 1, on: 'writes' })
    await expect(driver.apply(request, calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_PARTIAL',
      retry: 'later',
      message: expect.stringMatching(/took 2 of 3.*not landed: Theme\/default\/c/),
    })
    await open().apply(request, calm())
    expect(server.state.mutations.map(({ key }) => key)).toEqual(three.map(({ key }) => key))
  })

  it('a busy answer to a write is not repeated blindly', async () => {
    server.setFault({ kind: 'status', status: 503, times: 1, on: 'writes' })
    await expect(deploy(open(), three)).rejects.toMatchObject({ code: 'HONUA_TARGET_BUSY', retry: 'later' })
    expect(writes()).toHaveLength(1)
  })

  it('a resource that changes between the look and the deletion is left alone', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a'), aTheme('b')])
    const request = requestFor(driver, await driver.observe([], calm()), [aTheme('a')])
    server.setFault({
      kind: 'meanwhile',
      on: 'writes',
      times: 1,
      act: () => server.editOutOfBand('Theme/default/b', (live) => ({ ...live, spec: rawSpec({ name: 'edited' }) })),
    })
    await expect(driver.apply(request, calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE' })
    expect(server.state.get('Theme/default/b')).toBeDefined()
  })

  it('a resource deleted and created anew is stale though its version is the same again', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a', { size: 1 })])
    const request = requestFor(driver, await driver.observe([], calm()), [aTheme('a', { size: 2 })])
    server.editOutOfBand('Theme/default/a', () => null)
    server.createOutOfBand(wireOf(aTheme('a', { size: 7 })))
    await expect(driver.apply(request, calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE' })
  })

  it('a deletion that somebody else made already is done', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a'), aTheme('b')])
    const request = requestFor(driver, await driver.observe([], calm()), [aTheme('a')])
    server.editOutOfBand('Theme/default/b', () => null)
    await driver.apply(request, calm())
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toEqual([])
  })

  it.each([
    ['enterprise', 'approval'],
    ['community', 'enterprise edition'],
  ] as const)('a server that wants its own approval (%s) refuses, with the reason', async (edition, words) => {
    server.setFault({ kind: 'approval', edition })
    await expect(deploy(open(), three)).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      retry: 'never',
      message: expect.stringContaining(words),
    })
  })

  it('what exists but was never applied through a manifest is adopted without a write when it is equal', async () => {
    server.createOutOfBand(wireOf(aTheme('a')))
    await deploy(open(), [aTheme('a')])
    expect(writes()).toEqual([])
  })
})

describe('secrets', () => {
  const secrets = new Map([['PW', 'p"w\n-canary']])
  const desired = [aTheme('a', { password: placeholder('PW') })]

  it.each([
    ['an entry', { kind: 'refuse', key: 'Theme/default/a', message: 'Bad', echo: true }],
    ['a refusal of the whole request', { kind: 'status', status: 422, echo: true, on: 'writes' }],
    ['a server error', { kind: 'status', status: 500, echo: true, on: 'writes' }],
  ] as const)('echoed in %s, they are in no error', async (_, fault) => {
    server.setFault(fault)
    const failure = await deploy(open({ secrets }), desired).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('canary')
    expect(String(failure)).toContain('(hidden)')
  })

  it('a dry run does not carry them over the network', async () => {
    const driver = open({ secrets })
    await driver.dryRun(requestFor(driver, await driver.observe([], calm()), desired), calm())
    expect(server.requests.map(({ body }) => body).join()).not.toContain('canary')
  })

  it('a label change keeps the resource’s secret at the server', async () => {
    const driver = open({ secrets })
    await deploy(driver, desired)
    await deploy(driver, [aTheme('a', { password: placeholder('PW') }, { labels: { x: 'y' } })])
    expect(writes().at(-1)).toMatch(/^PUT /)
    expect(stateText()).toContain('canary')
  })

  it('control and direction characters of the server’s words do not reach the log', async () => {
    server.setFault({ kind: 'refuse', key: 'Theme/default/a', message: 'one\r\ntwo\u001b[31m \u202ethree' })
    await expect(deploy(open(), [aTheme('a')])).rejects.toMatchObject({
      message: expect.stringContaining('one two [31m  three'),
    })
  })
})

describe('health', () => {
  it('a server that is alive and not ready is unhealthy', async () => {
    server.setFault({ kind: 'unhealthy' })
    expect(await open().health(calm())).toMatchObject({
      healthy: false,
      message: expect.stringContaining('503; it is alive'),
    })
  })

  it('a server that is not there is unhealthy', async () => {
    const driver = open()
    await server.close()
    expect(await driver.health(calm())).toMatchObject({
      healthy: false,
      message: expect.stringContaining('ECONNREFUSED'),
    })
    server = await startHonuaServer()
  })

  it('is asked without credentials', async () => {
    await open().health(calm())
    expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual([undefined])
  })
})

describe('the address', () => {
  it.each([
    'ftp://gis',
    'not a url',
    'http://user:pw-canary@gis',
    'http://169.254.169.254',
    'http://2852039166',
    'http://[fe80::1]',
  ])('%s is refused before anything is asked', (url) => {
    let failure: unknown
    try {
      open({ settings: { url } })
    } catch (error) {
      failure = error
    }
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_CONFIG' })
    expect(String(failure)).not.toContain('canary')
  })
})
