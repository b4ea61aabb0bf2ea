import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CheckSite, checkActions } from '../../../src/adapters/drivers/checks/index.ts'
import { below, hostAndPort } from '../../../src/adapters/drivers/checks/site.ts'
import type { HttpTarget } from '../../../src/adapters/drivers/http/settings.ts'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import { FailedChecks } from '../../../src/core/errors/failed-checks.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { CheckResult } from '../../../src/core/vocabulary.ts'
import type { ActRequest, Driver } from '../../../src/ports/driver.ts'
import { calm } from '../../contract/driver.requests.ts'
import { aFeature } from '../../support/honua-server/ogc.ts'
import { type HonuaServer, startHonuaServer } from '../../support/honua-server/server.ts'
import { TestClock, testDeps } from './deps.ts'

let server: HonuaServer
let clock: TestClock

beforeEach(async () => {
  clock = new TestClock()
  server = await startHonuaServer()
})
afterEach(async () => {
  await server.close()
})

const layer = (name: string) =>
  makeResource({
    ...{ apiVersion: 'honua.io/v1', kind: 'Layer', namespace: 'default', name },
    ...{ metadata: { service: 'city' }, spec: {} },
  })

function serve(...names: readonly string[]): void {
  for (const name of names) {
    const spec = { serviceName: 'city', schemaName: 'public', tableName: name, geometryType: 'Polygon', srid: 4326 }
    server.createOutOfBand({ apiVersion: 'honua.io/v1alpha1', kind: 'Layer', metadata: { name }, spec })
  }
}

function asked(action: string, inputs: JsonObject = {}, names: readonly string[] = ['parcels']): ActRequest {
  const desired = names.map(layer)
  return {
    environment: 'dev',
    idempotencyKey: 'dev/1/0/gis',
    action,
    inputs,
    changed: desired.map(({ key }) => key),
    desired,
  }
}

function site(over: Partial<CheckSite> = {}): CheckSite {
  return {
    target: 'gis',
    base: new URL(`${server.url}/ogc`),
    certificates: [],
    visitor: async () => ({ headers: {}, tls: undefined, secrets: [] }),
    writtenDate: () => null,
    clock,
    ...over,
  }
}

const act = (request: ActRequest, over: Partial<CheckSite> = {}) => checkActions(site(over)).act(request, calm())

/** The results of a step that does not pass. */
async function failing(request: ActRequest, over: Partial<CheckSite> = {}): Promise<readonly CheckResult[]> {
  try {
    await act(request, over)
  } catch (error) {
    if (error instanceof FailedChecks) return error.results
    throw error
  }
  throw new Error('it passed')
}

const faults = async (request: ActRequest, over: Partial<CheckSite> = {}) =>
  (await failing(request, over)).filter(({ ok }) => !ok).map(({ name, message }) => `${name}: ${message}`)

describe('ogc-conformance-test', () => {
  const step = (inputs: JsonObject = {}, names?: readonly string[]) => asked('ogc-conformance-test', inputs, names)

  it('asks landing page, conformance, collections, and of each changed layer its collection and one item', async () => {
    serve('parcels', 'roads')
    const { message, checks } = await act(step({}, ['parcels', 'roads']))
    expect(message).toBe('5 checks passed')
    expect(checks?.map(({ name }) => name)).toEqual([
      'GET /',
      'GET /conformance',
      'GET /collections',
      'collection city::parcels',
      'collection city::roads',
    ])
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/ogc/',
      '/ogc/conformance',
      '/ogc/collections',
      '/ogc/collections/city%3A%3Aparcels',
      '/ogc/collections/city%3A%3Aparcels/items?limit=1',
      '/ogc/collections/city%3A%3Aroads',
      '/ogc/collections/city%3A%3Aroads/items?limit=1',
    ])
  })

  it('a layer that is not served is told, with all others', async () => {
    serve('parcels')
    expect(await faults(step({}, ['parcels', 'roads']))).toEqual(['collection city::roads: HTTP 404'])
  })

  it('a collection without items is told, unless that is what is expected', async () => {
    serve('parcels')
    server.ogc.holds = () => ({ features: [] })
    expect(await faults(step())).toEqual(['collection city::parcels: 0 items instead of > 0'])
    expect((await act(step({ expected: '= 0' }))).message).toBe('4 checks passed')
  })

  it('a feature outside its bbox is told; an extent in another system is not compared', async () => {
    serve('parcels')
    const features = [aFeature({ type: 'Point', coordinates: [2, 48.5, 30] })]
    server.ogc.holds = () => ({ features, bbox: [16, 48, 0, 17, 49, 900] })
    expect(await faults(step())).toEqual([
      "collection city::parcels: 1 item; Point outside its collection's bbox at 2 48.5",
    ])
    server.ogc.holds = () => ({ features, bbox: [0, 0, 1, 1], crs: 'http://www.opengis.net/def/crs/EPSG/0/31256' })
    expect((await act(step())).checks?.at(-1)?.message).toContain('of a collection that names no bbox')
  })

  it('a table that is not there is told', async () => {
    serve('parcels')
    server.ogc.holds = () => ({ features: [], status: 500 })
    expect(await faults(step())).toEqual(['collection city::parcels: HTTP 500'])
  })

  it('of many changed layers some are looked at, and the others are counted', async () => {
    serve('l0', 'l1', 'l2')
    expect((await act(step({ most: 2 }, ['l0', 'l1', 'l2']))).message).toBe(
      '5 checks passed; 1 more changed collections were not looked at',
    )
  })

  it('what fails once passes where it may, and what fails too often is not asked again', async () => {
    serve('parcels')
    server.setFault({ kind: 'status', status: 503, times: 4 })
    const { checks } = await act(step({ count: 3, failureLimit: 1, interval: '4s' }))
    expect(checks?.map(({ message }) => message.includes('(1 of 3 failed)'))).toEqual([true, true, true, true])
    expect(clock.pauses).toEqual([4000, 4000])
    server.setFault({ kind: 'status', status: 503 })
    const results = await failing(
      step({ count: 3, failureLimit: 0, collections: Array.from({ length: 30 }, (_, at) => `c${at}`) }),
    )
    expect(results.filter(({ message }) => message === 'HTTP 503')).toHaveLength(10)
    expect(results.at(-1)?.message).toBe('not looked at, after so many failures')
  })
})

describe('an answer of before', () => {
  it('does not count: no cache is asked, and what one had ready is told', async () => {
    serve('parcels')
    server.ogc.headers = { age: '7' }
    expect(await faults(asked('smoke-tests'))).toEqual(['GET /: a cache answered, with what it had for 7 s'])
    expect(server.requests[0]?.headers).toMatchObject({ 'cache-control': 'no-cache', pragma: 'no-cache' })
  })

  it('does not count by its own date either', async () => {
    const writtenDate = () => new Date(clock.now() + 60_000).toUTCString()
    expect((await faults(asked('smoke-tests'), { writtenDate }))[0]).toContain('before the last write')
  })

  it('may come to whoever only warms a cache or measures', async () => {
    serve('parcels')
    server.ogc.headers = { age: '7' }
    for (const step of ['warmup-cache', 'warm-metadata-cache', 'performance-benchmark', 'monitor-errors'])
      expect((await act(asked(step, { count: 1 }))).message).toContain('passed')
    expect(server.requests[0]?.headers['cache-control']).toBeUndefined()
  })
})

describe('smoke-tests', () => {
  const requests = (...all: readonly JsonObject[]) => asked('smoke-tests', { requests: all })

  it('ask for pages, once for each changed layer where they name one, and for what stands in them', async () => {
    serve('parcels')
    const { checks } = await act(
      requests(
        { path: '/collections/{collection}', pointer: '/id', equals: 'city::parcels' },
        { path: '/collections/{service}%3A%3A{name}/items', pointer: '/numberMatched', expected: '>= 1' },
        { path: '/nowhere', status: 404 },
      ),
    )
    expect(checks?.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      'GET /collections/city%3A%3Aparcels: /id is as expected',
      'GET /collections/city%3A%3Aparcels/items: /numberMatched is as expected',
      'GET /nowhere: HTTP 404',
    ])
  })

  it('tell what is not as it must be', async () => {
    expect(
      await faults(
        requests(
          { path: '/', status: 204 },
          { path: '/', pointer: '/title', equals: 'Other' },
          { path: '/', pointer: '/title', expected: '> 0' },
          { path: '/nowhere' },
        ),
      ),
    ).toEqual([
      'GET /: HTTP 200 instead of 204',
      'GET /: /title is not "Other"',
      'GET /: /title is no number',
      'GET /nowhere: HTTP 404',
    ])
  })
})

describe('performance-benchmark', () => {
  it('judges by a percentile of the times of all answers', async () => {
    let now = 0
    const took = [10, 20, 3000, 30, 40, 50, 60, 70, 80, 90]
    // Every question reads the clock before and after; each answer takes the next of these times.
    const timed = {
      ...clock,
      sleep: clock.sleep.bind(clock),
      random: () => 0,
      id: () => 'x',
      scheduler: clock.scheduler,
      now: () => now,
    }
    const server2 = await listening((_, response) => {
      now += took.shift() ?? 0
      response.end('{}')
    })
    const over = { base: new URL(server2.url), clock: timed }
    const { checks } = await act(
      asked('performance-benchmark', { paths: ['/'], count: 10, percentile: 90, limit: '1s' }),
      over,
    )
    expect(checks?.[0]?.message).toBe('90 % of 10 answers within 90 ms')
    took.push(10, 3000)
    expect(await faults(asked('performance-benchmark', { paths: ['/'], count: 2, limit: '1s' }), over)).toEqual([
      'GET /: 95 % of 2 answers within 3000 ms, the limit being 1s',
    ])
    await server2.close()
  })
})

describe('monitor-errors', () => {
  it('bears as many failures as it may, and ends at one more', async () => {
    server.setFault({ kind: 'status', status: 500, times: 2 })
    expect((await act(asked('monitor-errors', { count: 5, failureLimit: 2 }))).checks?.[0]?.message).toBe(
      'HTTP 200 (2 of 5 failed)',
    )
    server.setFault({ kind: 'status', status: 500 })
    const before = server.requests.length
    expect(await faults(asked('monitor-errors', { count: 5, failureLimit: 1 }))).toEqual([
      'GET /: HTTP 500 (2 of 2 failed)',
    ])
    expect(server.requests.length - before).toBe(2)
  })

  it('ends at once when it is stopped', async () => {
    const stop = new AbortController()
    clock.sleep = async () => stop.abort(new Error('stopped'))
    const step = checkActions(site()).act(asked('monitor-errors', { count: 5 }), stop.signal)
    await expect(step).rejects.toThrow('stopped')
    expect(server.requests.length).toBeLessThan(2)
  })
})

describe('what a topology or a server says', () => {
  it.each(['/../admin', '/%2e%2e/admin', '/./../../admin', '/a/../../admin', '//evil.example.org/'])(
    'leads no request out of the address that is configured: %s',
    async (path) => {
      const told = await act(asked('smoke-tests', { requests: [{ path }] })).then(
        () => 'passed',
        (error: unknown) => String(error),
      )
      expect(told).toMatch(/leads out of|HTTP 404/)
      expect(server.requests.every((request) => request.path.startsWith('/ogc/'))).toBe(true)
    },
  )

  it('follows no redirect and no link, and reads no endless answer', async () => {
    server.setFault({ kind: 'redirect', location: 'http://169.254.169.254/latest', times: 1 })
    expect((await faults(asked('smoke-tests')))[0]).toContain('redirects are not followed')
    server.setFault({ kind: 'endless', times: 1 })
    expect((await faults(asked('smoke-tests')))[0]).toContain('longer than')
  })

  it('shows no secret, though the server gives it back', async () => {
    const secret = 'key-canary'
    const echo = await listening((request, response) =>
      response.end(JSON.stringify({ id: request.headers['x-api-key'], links: [] })),
    )
    const visitor = async () => ({ headers: { 'x-api-key': secret }, tls: undefined, secrets: [secret] })
    const told = await faults(asked('ogc-conformance-test'), { base: new URL(echo.url), visitor })
    expect(told.at(-1)).toBe('collection city::parcels: it is the collection "(hidden)"')
    await echo.close()
  })

  it('is refused where it is no input, and nothing is asked', async () => {
    await expect(act(asked('smoke-tests', { urls: [] }))).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining('with.urls is not known'),
    })
    await expect(act(asked('create-backup'))).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    expect(server.requests).toEqual([])
  })

  it('makes addresses of hosts and ports alone', () => {
    expect([hostAndPort('gis.example.org'), hostAndPort('[::1]:8443'), hostAndPort('a/b'), hostAndPort('u@h')]).toEqual(
      [{ host: 'gis.example.org', port: 443 }, { host: '[::1]', port: 8443 }, null, null],
    )
    expect(below(new URL('https://h/a'), '/b?c=/../..')?.href).toBe('https://h/a/b?c=/../..')
    expect(below(new URL('https://h/a'), '/../ab')).toBeNull()
  })
})

describe('verify-ssl', () => {
  let folder: string
  const pem = (name: string) => readFileSync(join(folder, name), 'utf8')

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'honua-ssl-'))
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-x509']
    const make = (name: string, subject: string) =>
      execFileSync(
        'openssl',
        [
          'req',
          ...ec,
          '-keyout',
          `${name}.key`,
          '-out',
          `${name}.pem`,
          '-subj',
          `/CN=${subject}`,
          '-addext',
          `subjectAltName=DNS:${subject}`,
          '-days',
          '30',
        ],
        { cwd: folder, stdio: 'ignore' },
      )
    make('good', 'localhost')
    make('other', 'elsewhere.example.org')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function told(name: string, inputs: JsonObject, ca: string | null) {
    const tls = createHttpsServer({ key: pem(`${name}.key`), cert: pem(`${name}.pem`) })
    const { url, close } = await listeningOn(tls, 'https')
    const visitor = async () => ({ headers: {}, tls: ca === null ? undefined : { ca }, secrets: [] })
    const outcome = await act(asked('verify-ssl', inputs), { base: new URL(url), visitor }).then(
      ({ checks = [] }) => checks,
      (error: unknown) => (error instanceof FailedChecks ? error.results : []),
    )
    await close()
    return outcome.map(({ ok, message }) => `${ok}: ${message}`)
  }

  it('a certificate that is trusted and lasts is good', async () => {
    expect(await told('good', {}, pem('good.pem'))).toEqual([expect.stringMatching(/^true: trusted, until 20\d\d-/)])
  })

  it('one that ends too soon, is not trusted, or is for another name is told', async () => {
    expect(await told('good', { days: 60 }, pem('good.pem'))).toEqual([expect.stringContaining('in less than 60 days')])
    expect(await told('good', {}, null)).toEqual([
      expect.stringContaining('false: it is not trusted: DEPTH_ZERO_SELF_SIGNED'),
    ])
    expect(await told('other', {}, pem('other.pem'))).toEqual([expect.stringContaining('ALTNAME')])
  })

  it('a server that is not there, or says nothing, is told', async () => {
    const silent = await listeningOn(createHttpServer(), 'http')
    const { port } = new URL(silent.url)
    await silent.close()
    expect(await faults(asked('verify-ssl'), { certificates: [`localhost:${port}`] })).toEqual([
      `certificate of localhost:${port}: ECONNREFUSED`,
    ])
  })

  it('without any place to look at, it is refused', async () => {
    await expect(act(asked('verify-ssl'))).rejects.toMatchObject({
      message: expect.stringContaining('no certificate to look at'),
    })
  })
})

describe('a target', () => {
  const http = (over: Partial<HttpTarget>) => {
    const common = { credentials: { type: 'none' }, timeoutMs: 60_000, maxInFlight: 4, kinds: [], actions: {} } as const
    return openDriver({ name: 'gis', driver: 'http', url: server.url, ...common, ...over }, 'dev', testDeps({ clock }))
  }
  const honua = () =>
    openDriver(
      {
        name: 'gis',
        driver: 'honua',
        url: server.url,
        credentials: { type: 'none' },
        timeoutMs: 60_000,
        maxInFlight: 4,
      },
      'dev',
      testDeps({ clock }),
    )

  it('of driver http checks where its configuration says so, with {environment} filled in', async () => {
    const checks = { url: `${server.url}/{environment}`, signIn: false, certificates: [] }
    const driver = http({ checks })
    expect((await driver.probe(calm())).abilities.actions).toContain('smoke-tests')
    await driver.act?.(asked('smoke-tests', { requests: [{ path: '/x', status: 404 }] }), calm())
    expect(server.requests.map(({ path }) => path)).toEqual(['/dev/x'])
    expect((await http({}).probe(calm())).abilities.actions).toEqual([])
  })

  it('of driver honua checks below its own address', async () => {
    serve('parcels')
    const driver = honua()
    expect((await driver.probe(calm())).abilities.actions).toContain('ogc-conformance-test')
    expect((await driver.act?.(asked('ogc-conformance-test', { path: '/ogc' }), calm()))?.message).toBe(
      '4 checks passed',
    )
  })

  it.each<[string, () => Driver]>([
    ['honua', honua],
    ['http', () => http({ health: { path: '/healthz/ready' } })],
    [
      'directory',
      () =>
        openDriver(
          {
            name: 'd',
            driver: 'directory',
            path: '/nowhere',
            keep: 1,
            health: { url: `${server.url}/healthz/ready`, timeoutMs: 60_000 },
          },
          'dev',
          testDeps({ clock }),
        ),
    ],
  ])('of driver %s is not well by what a cache had ready, and asks past caches', async (_, openOne) => {
    server.ogc.headers = { age: '30' }
    expect(await openOne().health(calm())).toMatchObject({
      healthy: false,
      message: expect.stringContaining('a cache answered'),
    })
    expect(server.requests[0]?.headers['cache-control']).toBe('no-cache')
    server.ogc.headers = { age: '0' }
    expect(await openOne().health(calm())).toEqual({ healthy: true })
  })

  it.each(['http://169.254.169.254/', 'http://[fe80::1]/', 'ftp://gis.example.org/'])('never checks at %s', (url) => {
    expect(() => http({ checks: { url, signIn: false, certificates: [] } })).toThrow('checks')
  })

  it('never looks at the certificate of a cloud’s metadata service', () => {
    expect(() => http({ checks: { signIn: false, certificates: ['169.254.169.254:443'] } })).toThrow(
      'checks.certificates',
    )
  })
})

async function listening(listener: RequestListener) {
  return listeningOn(createHttpServer(listener), 'http')
}

async function listeningOn(opened: Server, scheme: string) {
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve))
  const address = opened.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `${scheme}://localhost:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        opened.close(() => resolve())
        opened.closeAllConnections()
      }),
  }
}
