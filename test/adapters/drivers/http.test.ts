import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpKind, HttpTarget, Paging } from '../../../src/adapters/drivers/http/settings.ts'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import { loadConfig } from '../../../src/core/config/index.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Driver } from '../../../src/ports/driver.ts'
import { representedBy } from '../../../src/runtime/environment/world.ts'
import { aTheme, calm, deploy, placeholder, requestFor } from '../../contract/driver.requests.ts'
import { EXAMPLES } from '../../support/builders/configs.ts'
import { type JsonApi, type JsonApiOptions, startJsonApi } from '../../support/json-api/server.ts'
import { TestClock, testDeps } from './deps.ts'
import { themes } from './http-kinds.ts'

let api: JsonApi
let clock: TestClock

beforeEach(async () => {
  clock = new TestClock()
  api = await startJsonApi({ etags: true })
})
afterEach(async () => {
  await api.close()
})

async function restart(options: JsonApiOptions): Promise<void> {
  await api.close()
  api = await startJsonApi(options)
}

const OWN = new Map([['key', 'pass-canary']])

function open(settings: Partial<HttpTarget> = {}, secrets: ReadonlyMap<string, string> = new Map()): Driver {
  const base = {
    name: 'api',
    driver: 'http',
    credentials: { type: 'none' },
    timeoutMs: 60_000,
    maxInFlight: 4,
    actions: {},
  } as const
  const target: HttpTarget = { ...base, url: api.url, kinds: [themes], ...settings }
  return openDriver(target, 'production', testDeps({ resolvable: secrets, own: OWN, clock }))
}

const kindWith = (more: Partial<HttpKind>) => ({ kinds: [{ ...themes, ...more }] })
/** Without a place to remember where secrets stand. */
const { remember: _remember, ...bare } = themes
const forgetful: Partial<HttpTarget> = { kinds: [{ ...bare, writeOnly: ['/password'] }] }
const writes = () => api.calls.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`)
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('lists in pages', () => {
  const pagings: readonly Paging[] = [
    { by: 'page', parameter: 'page', first: 1 },
    { by: 'offset', parameter: 'offset', size: { parameter: 'limit', items: 100 } },
    { by: 'cursor', parameter: 'cursor', next: '/next' },
    { by: 'link' },
  ]
  const paged = (paging: Paging) => kindWith({ etag: false, list: { ...themes.list, paging } })

  it.each(pagings)('by $by are read to their end, though a page holds less than it was asked for', async (paging) => {
    await restart({ paging: paging.by })
    const desired = Array.from({ length: 7 }, (_, index) => aTheme(`r${index}`))
    const driver = open(paged(paging))
    await deploy(driver, desired)
    expect((await driver.observe([], calm())).resources.map(({ name }) => name)).toEqual(
      desired.map(({ name }) => name),
    )
  })

  it('an API that knows no pages and repeats itself is no list', async () => {
    await restart({})
    api.state.put('themes', 'a', { id: 'a' })
    await expect(open(paged({ by: 'page', parameter: 'page', first: 1 })).observe([], calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_ANSWER',
      message: expect.stringContaining('listed twice'),
      // Every driver may get such an answer.
      remedy: expect.not.stringContaining('Honua'),
    })
  })
})

describe('writes of one kind', () => {
  const many = Array.from({ length: 9 }, (_, index) => aTheme(`r${index}`))
  const slow = { kind: 'delay', ms: 50, on: 'writes' } as const

  it('go side by side, never more than maxInFlight at once, and tell how far they have come', async () => {
    const driver = open({ maxInFlight: 3 })
    api.setFault(slow)
    const told: string[] = []
    const request = requestFor(driver, await driver.observe([], calm()), many)
    await driver.apply({ ...request, progress: (done, total) => told.push(`${done} of ${total}`) }, calm())
    expect([api.mostWritesAtOnce, writes().length]).toEqual([3, 9])
    expect(told).toEqual(many.map((_, at) => `${at + 1} of 9`))
    await deploy(driver, [])
    expect([api.mostWritesAtOnce, writes().length]).toEqual([3, 18])
  })

  it.each<[string, JsonObject]>([
    ['whole', { parent: 'r7' }],
    ['behind what it is in', { layers: ['cadastre:r7'] }],
    ['as a key', { styles: { r7: 1 } }],
  ])('go one after the other in the plan’s order when one names another %s', async (_, spec) => {
    api.setFault(slow)
    await deploy(open({ maxInFlight: 3 }), [...many, aTheme('r9', spec)])
    const order = api.calls.filter(({ method }) => method === 'POST').map(({ body }) => /"id":"(r\d)"/.exec(body)?.[1])
    expect(order).toEqual([...many.map(({ name }) => name), 'r9'])
    expect(api.mostWritesAtOnce).toBe(1)
  })

  it('those that were cut are told apart from those that were not tried', async () => {
    const driver = open({ maxInFlight: 3 })
    const request = requestFor(driver, await driver.observe([], calm()), many)
    const progress = () => void api.setFault({ kind: 'cut', when: 'before', on: 'writes' })
    await expect(driver.apply({ ...request, progress }, calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_PARTIAL',
      retry: 'later',
      message: expect.stringMatching(
        /r1 \(no answer, not there when read back: [^;]*\); .*r3 \(no answer[^;]*; [^;]*r4 \(not tried\).*r8 \(not tried\)/,
      ),
    })
  })

  it('one that is refused stops those that have not begun, and what landed is told', async () => {
    api.setFault({ kind: 'refuse', key: 'Theme/default/r0', message: 'Locked.' })
    await expect(deploy(open(), many)).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED', retry: 'never' })
    expect(writes()).toEqual(['POST /geoserver/rest/themes.json'])
  })
})

it.each([
  [true, 'identity'],
  [false, 'gzip, deflate'],
])('with ETags %s, answers are asked for in %s: compressing servers make other ETags of them', async (etag, asked) => {
  const driver = open(kindWith({ etag }))
  await deploy(driver, [aTheme('a')])
  await deploy(driver, [aTheme('a', { color: 'red' })])
  expect(new Set(api.calls.map(({ headers }) => headers['accept-encoding']))).toEqual(new Set([asked]))
})

describe('who calls', () => {
  it.each<[HttpTarget['credentials'], string]>([
    [
      { type: 'basic', username: 'admin', secretRef: 'key' },
      `Basic ${Buffer.from('admin:pass-canary').toString('base64')}`,
    ],
    [{ type: 'bearer', secretRef: 'key' }, 'Bearer pass-canary'],
    [{ type: 'api-key', header: 'X-Api-Key', secretRef: 'key' }, 'pass-canary'],
  ])('is told as $type', async (credentials, authorization) => {
    await restart({ authorization })
    expect((await open({ credentials }).observe([], calm())).resources).toEqual([])
    await restart({ authorization: 'another' })
    const failure = await failureOf(open({ credentials }).observe([], calm()))
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_AUTH', message: expect.stringContaining('"key"') })
    expect(String(failure)).not.toContain('canary')
  })

  it('a redirect is not followed, and nothing is sent on', async () => {
    api.setFault({ kind: 'redirect', location: 'https://elsewhere.example.org/' })
    await expect(open().observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_REDIRECT' })
  })

  it('a secret that the API echoes is in no error', async () => {
    const driver = open({}, new Map([['PW', 'pw-canary']]))
    api.setFault({ kind: 'status', status: 422, echo: true, on: 'writes' })
    const failure = await failureOf(deploy(driver, [aTheme('a', { password: placeholder('PW') })]))
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('canary')
  })
})

describe('mutual TLS', () => {
  let folder: string
  const file = (name: string) => join(folder, name)
  const pem = (name: string) => readFileSync(file(name), 'utf8')

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'honua-tls-'))
    const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    openssl('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca', '-days', '2')
    for (const name of ['localhost', 'controller']) {
      openssl('req', ...ec, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-out', `${name}.pem`]
      openssl('x509', '-req', '-in', `${name}.csr`, ...signed)
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('the API knows the controller by its certificate, and a controller without one, or without trust, gets nothing', async () => {
    await restart({ etags: true, tls: { key: pem('localhost.key'), cert: pem('localhost.pem'), ca: pem('ca.pem') } })
    OWN.set('controller-key', pem('controller.key'))
    const client = { certificate: file('controller.pem'), secretRef: 'controller-key' }
    const driver = open({ tls: { ca: file('ca.pem'), client } })
    await deploy(driver, [aTheme('a', { size: 1 })])
    expect((await driver.observe([], calm())).resources).toHaveLength(1)
    for (const tls of [{ ca: file('ca.pem') }, { client }])
      await expect(open({ tls }).observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE' })
    await expect(open({ tls: { ca: file('none.pem') } }).observe([], calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_CONFIG',
    })
  })
})

describe('pace', () => {
  it('a busy API is asked again after the pause it names, twice at most', async () => {
    api.setFault({ kind: 'status', status: 429, retryAfter: '3', times: 2, on: 'reads' })
    expect((await open().observe([], calm())).resources).toEqual([])
    expect(clock.pauses).toEqual([3000, 3000])
  })

  it('a busy answer to a write is not repeated blindly', async () => {
    api.setFault({ kind: 'status', status: 503, times: 1, on: 'writes' })
    await expect(deploy(open(), [aTheme('a')])).rejects.toMatchObject({ code: 'HONUA_TARGET_BUSY' })
    expect(writes()).toEqual(['POST /geoserver/rest/themes.json'])
  })

  it('requests start no faster than they may', async () => {
    clock.now = () => 1_000_000
    for (const name of ['a', 'b', 'c']) api.state.put('themes', name, { id: name })
    await open({ requestsPerSecond: 10 }).observe([], calm())
    // One list and three items: the first at once, each of the others 100 ms after the one before.
    expect(clock.pauses).toEqual([100, 200, 300])
  })
})

describe('writes', () => {
  it('are conditional on what was observed', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a', { size: 1 }), aTheme('b')])
    await deploy(driver, [aTheme('a', { size: 2 })])
    const conditions = api.calls
      .filter(({ method }) => method !== 'GET')
      .map(({ method, headers }) => `${method} ${headers['if-match'] ?? headers['if-none-match'] ?? ''}`)
    expect(conditions).toEqual(['POST *', 'POST *', 'PUT "1"', 'DELETE "2"'])
  })

  it('what moves between the look and the write is left alone', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a', { size: 1 })])
    api.setFault({
      kind: 'meanwhile',
      times: 1,
      on: 'writes',
      act: () => api.state.put('themes', 'a', { id: 'a', size: 9 }),
    })
    await expect(deploy(driver, [aTheme('a', { size: 2 })])).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE' })
    expect(api.state.get('themes', 'a')?.item).toEqual({ id: 'a', size: 9 })
  })

  it('a part that cannot be changed in place is deleted and created anew', async () => {
    const driver = open(kindWith({ fixed: [{ pointer: '/size', change: 'recreate', why: 'keeps its size' }] }))
    const [part] = (await driver.probe(calm())).abilities.fixed
    expect(`${part?.kind} ${part?.pointer} ${part?.then}: ${part?.why}`).toBe(
      'Theme /spec/size recreate: keeps its size',
    )
    await deploy(driver, [aTheme('a', { size: 1 })])
    const request = requestFor(driver, await driver.observe([], calm()), [aTheme('a', { size: 2 })])
    const changes = request.changes.map(({ change, desired }) => ({
      change: { ...change, means: 'recreate' as const },
      desired,
    }))
    await driver.apply({ ...request, changes }, calm())
    expect(writes().slice(1)).toEqual(['DELETE /geoserver/rest/themes/a.json', 'POST /geoserver/rest/themes.json'])
  })

  it('are refused where the API could not hold them as declared, and a rehearsal says so first', async () => {
    const driver = open(forgetful)
    const desired = [
      aTheme('clear', { password: 'in the clear' }),
      aTheme('elsewhere', { dsn: placeholder('PW') }),
      aTheme('own', { id: 'x' }),
      aTheme('..'),
      makeResource({ ...aTheme('x'), namespace: 'other' }),
    ]
    const request = requestFor(open(), { target: 'api', resources: [] }, desired)
    expect(driver.takes?.(makeResource({ ...aTheme('x'), kind: 'Layer' }))).toBe(false)
    const secrets = open(forgetful, new Map([['PW', 'x']]))
    expect((await secrets.dryRun(request, calm())).map(({ key }) => key)).toEqual(desired.map(({ key }) => key))
    await expect(secrets.apply(request, calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    expect(writes()).toEqual([])
  })
})

it('a list by namespace without namespaces is a mistake, not an empty target', () => {
  const list = { ...themes.list, path: '/workspaces/{namespace}/themes.json' }
  expect(() => open(kindWith({ list }))).toThrow('name')
})

describe('names that would lead elsewhere', () => {
  it.each(['.', '..', ''])('a list with an item called "%s" is refused', async (name) => {
    api.state.put('themes', name, { id: name })
    await expect(open().observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_ANSWER' })
  })

  it('slashes, queries and dots of a name stay in the name', async () => {
    const driver = open()
    await deploy(driver, [aTheme('../../admin?x=1#y')])
    await deploy(driver, [aTheme('../../admin?x=1#y', { size: 2 })])
    expect(writes().at(-1)).toBe('PUT /geoserver/rest/themes/..%2F..%2Fadmin%3Fx%3D1%23y.json')
  })
})

describe('the example for GeoServer', () => {
  const of = (kind: string, namespace: string, name: string, spec: JsonObject) =>
    makeResource({ apiVersion: 'honua.io/v1', kind, namespace, name, metadata: {}, spec })
  const store = (more: JsonObject = {}) =>
    of('DataStore', 'cadastre', 'gis', {
      type: 'PostGIS',
      connectionParameters: { host: 'db', passwd: placeholder('GIS_PASSWORD') },
      ...more,
    })
  const desired = [
    of('Workspace', 'default', 'cadastre', { isolated: false }),
    store(),
    of('Style', 'cadastre', 'parcels', { format: 'sld', filename: 'parcels.sld' }),
  ]
  const secrets = new Map([['GIS_PASSWORD', 'gis-canary']])

  function geoserver(): Driver {
    const example = EXAMPLES.find(({ name }) => name === 'geoserver.yaml')
    const { config } = loadConfig(example?.text ?? '', 'geoserver.yaml')
    const [target] = config?.spec.targets ?? []
    if (target?.driver !== 'http') throw new Error('the example has no http target')
    const { environments: _, timeout, requestsPerSecond: __, ...settings } = target
    return open({ ...settings, url: api.url, credentials: { type: 'none' }, timeoutMs: timeout }, secrets)
  }

  beforeEach(() => restart({}))

  it('deploys workspace, store and style, and finds nothing left to do', async () => {
    const driver = geoserver()
    await deploy(driver, desired)
    expect(writes()).toEqual([
      'POST /geoserver/rest/workspaces.json',
      'POST /geoserver/rest/workspaces/cadastre/datastores.json',
      'POST /geoserver/rest/workspaces/cadastre/styles.json',
    ])
    const state = await driver.observe(desired, calm())
    const digests = state.resources.map(({ key, digest }) => `${key} ${digest}`)
    expect(digests).toEqual(
      desired
        .map((one) => representedBy(driver, one))
        .map(({ key, digest }) => `${key} ${digest}`)
        .sort(),
    )
    expect(api.state.text()).toContain('gis-canary')
    expect(await driver.health(calm())).toEqual({ healthy: true })
  })

  it('a password that is given back encrypted is shown to nobody, declared or not', async () => {
    await deploy(geoserver(), desired)
    const seen = JSON.stringify([await geoserver().observe(desired, calm()), await geoserver().observe([], calm())])
    expect([seen.includes('crypt1'), seen.includes('canary')]).toEqual([false, false])
  })

  it('what cannot be changed in place, and what cannot be deleted, is said by the probe', async () => {
    const { abilities } = await geoserver().probe(calm())
    expect(abilities).toMatchObject({ delete: 'none', conditionalWrite: false })
    expect(abilities.fixed.map(({ kind, pointer, then }) => `${kind} ${pointer} ${then}`)).toEqual([
      'Workspace /spec/isolated refuse',
      'DataStore /spec/type recreate',
    ])
  })
})
