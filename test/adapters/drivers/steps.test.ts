import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { escaped } from '../../../src/adapters/drivers/http/fill.ts'
import type { ActionTemplate, HttpTarget, StepRequest } from '../../../src/adapters/drivers/http/settings.ts'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import { loadConfig } from '../../../src/core/config/index.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { ActRequest } from '../../../src/ports/driver.ts'
import { calm, placeholder } from '../../contract/driver.requests.ts'
import { EXAMPLES, minimal } from '../../support/builders/configs.ts'
import { type JsonApi, startJsonApi } from '../../support/json-api/server.ts'
import { TestClock, testDeps } from './deps.ts'

let api: JsonApi
let clock: TestClock

beforeEach(async () => {
  clock = new TestClock()
  api = await startJsonApi()
})
afterEach(async () => {
  await api.close()
})

const layer = (name: string) =>
  makeResource({
    apiVersion: 'honua.io/v1',
    kind: 'Layer',
    namespace: 'city',
    name,
    metadata: { service: 'gis' },
    spec: {},
  })

function asked(action: string, over: Partial<ActRequest> = {}): ActRequest {
  const desired = [layer('parcels')]
  return {
    ...{ environment: 'dev', idempotencyKey: 'dev/7/0/api', action, inputs: {}, desired },
    changed: [...desired.map(({ key }) => key), 'Layer/city/gone', 'Theme/default/dark'],
    ...over,
  }
}

function open(actions: HttpTarget['actions'], over: Partial<HttpTarget> = {}, secrets = new Map<string, string>()) {
  const common = { credentials: { type: 'none' }, timeoutMs: 60_000, maxInFlight: 4, kinds: [] } as const
  const target: HttpTarget = { name: 'api', driver: 'http', url: api.url, ...common, actions, ...over }
  return openDriver(target, 'dev', testDeps({ clock, resolvable: secrets }))
}

const template = (...requests: readonly Partial<StepRequest>[]): ActionTemplate => ({
  requests: requests.map((request) => ({ method: 'POST', path: '/jobs', ...request })),
  keyHeader: 'Idempotency-Key',
})
const step = (action: ActionTemplate, over: Partial<ActRequest> = {}, secrets?: Map<string, string>) =>
  open({ 'create-backup': action }, {}, secrets).act?.(asked('create-backup', over), calm())
const sent = () => api.calls.map(({ method, path, body }) => `${method} ${path} ${body}`.trim())
const waiting = { interval: 2_000, within: 60_000 }
/** A job that is made under the step's key, and looked at by it. */
const job: ActionTemplate = {
  ...template({ body: { key: '{key}' } }),
  look: { path: '/jobs/{key}', pointer: '/state', done: ['done'], failed: ['aborted'], ...waiting },
}

/** Lets time pass with each pause between two looks. */
function countIntervals(): void {
  let now = 0
  clock.now = () => now
  const sleep = clock.sleep.bind(clock)
  clock.sleep = (ms, signal) => {
    if (ms === waiting.interval) now += ms
    return sleep(ms, signal)
  }
}

describe('the requests of a step', () => {
  it('are filled in: percent-encoded in paths, as values in bodies', async () => {
    const body = {
      all: '{changed}',
      deep: { list: '{inputs.list}', text: 'for {environment}: {inputs.title}' },
      '{key}': 1,
    }
    const inputs = { list: [1, { a: null }], title: 'a "quoted" \\ one', instance: 'gis/1 ü' }
    await step(template({ path: '/jobs/{inputs.instance}', body }), { inputs })
    expect(api.calls[0]?.path).toBe('/geoserver/rest/jobs/gis%2F1%20%C3%BC')
    expect(JSON.parse(api.calls[0]?.body ?? '')).toEqual({
      all: ['Layer/city/parcels', 'Layer/city/gone', 'Theme/default/dark'],
      deep: { list: [1, { a: null }], text: 'for dev: a "quoted" \\ one' },
      '{key}': 1,
    })
  })

  it('are sent once for each changed resource of a kind, also for one that is gone', async () => {
    const told = await step(template({ path: '/jobs', each: ['Layer'], body: '{service}/{namespace}/{name}' }))
    expect(sent()).toEqual([
      'POST /geoserver/rest/jobs "gis/city/parcels"',
      'POST /geoserver/rest/jobs "city/city/gone"',
    ])
    expect(told?.message).toBe('2 requests answered as expected')
    expect((await step(template({ each: ['Style'] })))?.message).toBe('nothing of it has changed')
  })

  it('hold a key that is the same for the same work, and another for other work', async () => {
    const two = template({ each: ['Layer'] }, {})
    await step(two)
    await step(two)
    await step(two, { idempotencyKey: 'dev/8/0/api' })
    const keys = api.calls.map(({ headers }) => headers['idempotency-key'])
    expect(keys.slice(3, 6)).toEqual(keys.slice(0, 3))
    expect(new Set(keys).size).toBe(6)
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each<[string, Partial<StepRequest>, JsonObject]>([
    ['with.instance is missing', { path: '/jobs/{inputs.instance}' }, {}],
    ['is no single value', { path: '/jobs/{inputs.instance}' }, { instance: ['a'] }],
    ['cannot stand in a path', { path: '/jobs/{inputs.instance}' }, { instance: '..' }],
    ['holds a secret', { path: '/jobs/{inputs.instance}' }, { instance: placeholder('PW') }],
    ['nothing stands for {name}', { body: '{name}' }, {}],
    ['with.toString.length is missing', { body: '{inputs.toString.length}' }, {}],
  ])('are refused before anything is sent: %s', async (reason, request, inputs) => {
    const driver = open({ 'create-backup': template(request) })
    expect(driver.actFault?.(asked('create-backup', { inputs }))).toContain(reason)
    await expect(driver.act?.(asked('create-backup', { inputs }), calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
    })
    expect(sent()).toEqual([])
  })

  it('stay within a number', () => {
    const changed = Array.from({ length: 1_001 }, (_, at) => `Layer/city/l${at}`)
    expect(
      open({ 'create-backup': template({ each: ['Layer'] }) }).actFault?.(asked('create-backup', { changed })),
    ).toContain('1001 requests')
  })

  it('hold secrets of inputs in their body, and no message does, though the API echoes them', async () => {
    const secrets = new Map([['PW', 'pw-canary']])
    const inputs = { token: placeholder('PW') }
    const action = template({ body: { token: '{inputs.token}' } })
    await step(action, { inputs }, secrets)
    expect(sent()).toEqual(['POST /geoserver/rest/jobs {"token":"pw-canary"}'])
    api.setFault({ kind: 'status', status: 422, echo: true, on: 'writes' })
    const failure = await step(action, { inputs }, secrets)?.then(String, String)
    expect(failure).toContain('(hidden)')
    expect(failure).not.toContain('canary')
  })

  it('may be XML, where nothing that is filled in is taken for a tag', async () => {
    const xml = '<truncateLayer><layerName>{namespace}:{name}</layerName></truncateLayer>'
    const gwc = { url: `${new URL(api.url).origin}/geoserver/gwc/rest` }
    const driver = open({ 'flush-cdn-cache': template({ path: '/masstruncate', each: ['Layer'], xml }) }, gwc)
    const changed = ['Layer/city/a<b>&"c']
    await driver.act?.(asked('flush-cdn-cache', { changed, desired: [] }), calm())
    expect(api.calls[0]?.headers['content-type']).toBe('text/xml')
    expect(api.steps.done).toEqual(['truncate city:a&#60;b&#62;&#38;&#34;c'])
    expect(escaped('a\u0000b\uffff')).toBe('ab')
  })
})

describe('what an answer must be', () => {
  it('is 2xx, or what the template says', async () => {
    await expect(step(template({ path: '/nowhere/at/all' }))).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    await expect(step(template({ expect: { status: [201] } }))).rejects.toMatchObject({
      message: expect.stringContaining('answered 202'),
    })
    await expect(step(template({ expect: { pointer: '/id', equals: 'x' } }))).rejects.toMatchObject({
      message: expect.stringContaining('/id is not "x"'),
    })
  })

  it.each([
    [429, 'HONUA_TARGET_BUSY'],
    [503, 'HONUA_TARGET_BUSY'],
    [401, 'HONUA_TARGET_AUTH'],
  ])('%d is told as %s', async (status, code) => {
    api.setFault({ kind: 'status', status, on: 'writes' })
    await expect(step(template({}))).rejects.toMatchObject({ code })
  })

  it('is no redirect', async () => {
    api.setFault({ kind: 'redirect', location: 'http://169.254.169.254/', on: 'writes' })
    await expect(step(template({}))).rejects.toMatchObject({ code: 'HONUA_TARGET_REDIRECT' })
  })
})

describe('work that goes on after the answer', () => {
  const polled = template({
    poll: { path: '/jobs/{answer.id}', pointer: '/state', done: ['done'], failed: ['aborted'], ...waiting },
  })

  it('is asked for until it is done, by what the answer said', async () => {
    api.steps.asksUntilDone = 3
    await step(polled)
    expect(clock.pauses).toEqual([2_000, 2_000])
    expect(api.calls[1]?.path).toBe(`/geoserver/rest/jobs/${api.calls[0]?.headers['idempotency-key']}`)
  })

  it('may be named by the next request', async () => {
    await step(template({}, { path: '/jobs/{answer.id}/promote' }))
    const key = api.calls[0]?.headers['idempotency-key']
    expect(api.calls[1]?.path).toBe(`/geoserver/rest/jobs/${key}/promote`)
  })

  it('by what the answer did not say, is refused', async () => {
    const poll = { path: '/jobs/{answer.number}', ...waiting }
    await expect(step(template({ poll }))).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining('nothing stands for {answer.number}'),
    })
  })

  it('and has failed, fails the step', async () => {
    api.steps.ending = 'aborted'
    await expect(step(polled)).rejects.toMatchObject({ message: expect.stringContaining('/state is "aborted"') })
  })

  it('and does not end in its time, fails the step', async () => {
    api.steps.asksUntilDone = 1_000
    countIntervals()
    await expect(step(polled)).rejects.toMatchObject({
      message: expect.stringContaining('did not tell within its time'),
    })
  })

  it('ends at once when it is stopped', async () => {
    api.steps.asksUntilDone = 1_000
    const stop = new AbortController()
    const driver = open({ 'create-backup': polled })
    clock.sleep = async (ms, signal) => {
      if (ms < 60_000) stop.abort(new Error('stopped'))
      signal?.throwIfAborted()
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    }
    await expect(driver.act?.(asked('create-backup'), stop.signal)).rejects.toThrow('stopped')
  })
})

describe('a step that can be looked at', () => {
  it('is done once, however often it is asked for with one key', async () => {
    const driver = open({ 'create-backup': job })
    const messages = [
      await driver.act?.(asked('create-backup'), calm()),
      await driver.act?.(asked('create-backup'), calm()),
    ]
    expect(messages.map((acted) => acted?.message)).toEqual(['1 request answered as expected', 'done already'])
    expect(api.calls.filter(({ method }) => method === 'POST')).toHaveLength(1)
    await driver.act?.(asked('create-backup', { idempotencyKey: 'dev/8/0/api' }), calm())
    expect(api.calls.filter(({ method }) => method === 'POST')).toHaveLength(2)
  })

  it('and whose answer does not come has not failed: a look tells', async () => {
    api.setFault({ kind: 'cut', when: 'after', times: 1, on: 'writes' })
    expect((await step(job))?.message).toContain('as a look shows')
    expect(api.steps.done).toHaveLength(1)
  })

  it('and of which a look shows nothing has failed in passing', async () => {
    api.setFault({ kind: 'cut', when: 'before', times: 1, on: 'writes' })
    countIntervals()
    await expect(step(job)).rejects.toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE', retry: 'later' })
  })

  it('without a look, an answer that does not come is told as such', async () => {
    api.setFault({ kind: 'cut', when: 'after', times: 1, on: 'writes' })
    await expect(step(template({}))).rejects.toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE', retry: 'later' })
  })
})

describe('a configuration', () => {
  const problems = (target: object) =>
    loadConfig(
      minimal({ targets: [{ name: 'a', driver: 'http', url: 'https://a.example.org', ...target }] }),
      'f',
    ).problems.map(({ message }) => message)
  const action = (request: object) => ({ actions: { 'create-backup': { requests: [request] } } })

  it('of a target without kinds does steps or checks', () => {
    expect(problems({})).toEqual([expect.stringContaining('neither kinds, nor actions, nor checks')])
    expect([problems({ checks: {} }), problems(action({ path: '/x' }))]).toEqual([[], []])
  })

  it('names steps that drivers do', () => {
    expect(problems({ actions: { 'flush-cdn-cach': { requests: [{ path: '/x' }] } } })[0]).toContain(
      'did you mean "flush-cdn-cache"',
    )
    expect(problems({ actions: { 'run-migrations': { requests: [{ path: '/x' }] } } })[0]).toContain(
      'expected a step that drivers do',
    )
  })

  it.each(['//evil.example.org/x', 'https://evil.example.org', '/a b', '/{inputs}', '/{nonsense}'])(
    'refuses the path %s',
    (path) => {
      expect(problems(action({ path }))).toHaveLength(1)
    },
  )

  it('refuses a body beside XML', () => {
    expect(problems(action({ path: '/x', body: {}, xml: '<x/>' }))[0]).toContain('not both')
  })
})

it('a step is told as one that may be done twice, unless it can be looked at', async () => {
  const driver = open({ 'create-backup': job, 'flush-cdn-cache': template({}) })
  expect((await driver.probe(calm())).abilities.unseen).toEqual(['flush-cdn-cache'])
})

describe('GeoServer, by the example configuration', () => {
  function example(name: string, path: string) {
    const found = EXAMPLES.find((one) => one.name === 'geoserver.yaml')
    const { config } = loadConfig(found?.text ?? '', 'geoserver.yaml')
    const target = config?.spec.targets.find((one) => one.name === name)
    if (target?.driver !== 'http') throw new Error(`the example has no http target ${name}`)
    const { environments: _, timeout, requestsPerSecond: __, ...settings } = target
    const url = `${new URL(api.url).origin}${path}`
    const deps = testDeps({ clock, own: new Map([['geoserver-password', 'pw']]) })
    return openDriver({ ...settings, url, timeoutMs: timeout }, 'dev', deps)
  }

  it('is reloaded and reset', async () => {
    const driver = example('geoserver', '/geoserver/rest')
    await driver.act?.(asked('rolling-restart'), calm())
    await driver.act?.(asked('warm-metadata-cache'), calm())
    expect(api.steps.done).toEqual(['reload', 'reset'])
    const { actions, unseen } = (await driver.probe(calm())).abilities
    expect(actions).toEqual(expect.arrayContaining(['rolling-restart', 'ogc-conformance-test']))
    expect(unseen).toEqual(['rolling-restart', 'warm-metadata-cache'])
  })

  it('drops the tiles of changed layers, and makes them anew until no task is left', async () => {
    api.steps.asksUntilDone = 2
    const driver = example('tile-cache', '/geoserver/gwc/rest')
    expect(driver.actFault?.(asked('regenerate-tiles'))).toBe('with.zoomStop is missing')
    await driver.act?.(asked('flush-cdn-cache'), calm())
    await driver.act?.(asked('regenerate-tiles', { inputs: { zoomStop: 12 }, changed: ['Layer/city/parcels'] }), calm())
    const seed = {
      name: 'city:parcels',
      type: 'reseed',
      format: 'image/png',
      zoomStart: 0,
      zoomStop: 12,
      threadCount: 1,
    }
    expect(api.steps.done).toEqual([
      'truncate city:parcels',
      'truncate city:gone',
      `seed city:parcels ${JSON.stringify({ seedRequest: seed })}`,
    ])
    expect(clock.pauses).toEqual([5_000])
  })
})
