import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ApiWorld, apiWorld, asOtto } from '../support/api-world.ts'
import { aDeployment, aFullPlan } from '../support/builders/deployments.ts'
import { aHead, someSettings } from '../support/builders/environment.ts'

const ORDERS = [
  ['/v1/environments/production/sync', {}],
  ['/v1/environments/production/hold', { reason: 'elections', until: null }],
  ['/v1/environments/production/unhold', { reason: '' }],
  ['/v1/environments/production/rollback', { reason: '', to: null }],
  ['/v1/environments/production/restore', { reason: 'lost', target: 'db', backup: '20260105T080000Z-0123456789ab' }],
  ['/v1/deployments/production-20260105-080000/approve', { reason: '', plan: null }],
  ['/v1/deployments/production-20260105-080000/reject', { reason: 'no' }],
  ['/v1/deployments/production-20260105-080000/cancel', { reason: '' }],
  ['/v1/source/accept-rewrite', { reason: '', commit: 'abcdef1' }],
] as const

let world: ApiWorld
beforeEach(async () => {
  world = await apiWorld()
})
afterEach(() => world.close())

const order = (path: string, body: object, headers: { readonly [name: string]: string } = asOtto) =>
  world.send('POST', path, { headers, body: JSON.stringify(body) })

describe('reads', () => {
  it('show the status with the number of environments in each state', async () => {
    world.facade.happen('production', { type: 'settings.changed', settings: someSettings() })
    const { status, text } = await world.send('GET', '/v1/status')
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({
      state: 'Running',
      version: '1.2.3',
      source: { state: 'Watching', url: 'github.com/city/honua-config', branch: 'main' },
      environments: { Unknown: 2, Synced: 0 },
    })
  })

  it('show an environment by its name, and 404 with the remedy for one that is not there', async () => {
    expect(JSON.parse((await world.send('GET', '/v1/environments/dev')).text)).toMatchObject({
      name: 'dev',
      state: 'Unknown',
    })
    const missing = await world.send('GET', '/v1/environments/nowhere')
    expect(missing.status).toBe(404)
    expect(JSON.parse(missing.text)).toEqual({
      why: 'not-found',
      code: 'HONUA_NOT_FOUND',
      message: 'there is no environment "nowhere"',
      remedy: 'list them with: honua env list',
    })
  })

  it('names like __proto__ and constructor are names of nothing', async () => {
    for (const name of ['__proto__', 'constructor', '..%2f..%2fetc', '%00']) {
      const { status } = await world.send('GET', `/v1/environments/${name}`)
      expect(status).toBe(404)
    }
  })

  it('show a plan with both sides of each change as YAML', async () => {
    world.facade.plans.set('production', aFullPlan())
    const { plan } = JSON.parse((await world.send('GET', '/v1/environments/production/plan')).text)
    expect(plan.documents).toEqual([
      {
        target: 'files',
        key: 'Layer/default/parcels',
        action: 'delete',
        before: 'kind: Layer\nspec:\n  title: Parcels\n',
        after: null,
      },
    ])
    expect(JSON.parse((await world.send('GET', '/v1/environments/dev/plan')).text)).toEqual({ plan: null })
  })

  it('an environment whose name begins with another one’s keeps its deployments to itself', async () => {
    const other = await apiWorld({ environments: ['prod', 'prod-eu'] })
    other.facade.records.push(
      aDeployment({ id: 'prod-20260105-080000', environment: 'prod' }),
      aDeployment({ id: 'prod-eu-20260105-080000', environment: 'prod-eu' }),
    )
    const { deployments } = JSON.parse((await other.send('GET', '/v1/environments/prod/history')).text)
    await other.close()
    expect(deployments.map((one: { id: string }) => one.id)).toEqual(['prod-20260105-080000'])
  })

  it('a limit that is no number is refused', async () => {
    const { status, text } = await world.send('GET', '/v1/deployments?limit=many')
    expect(status).toBe(400)
    expect(JSON.parse(text).message).toContain('limit')
  })

  it('journal and audit come as one JSON value a line, with their place in the chain', async () => {
    world.facade.happen('production', { type: 'settings.changed', settings: someSettings() })
    world.facade.happen('production', { type: 'head.moved', head: aHead() })
    for (const action of ['hold.placed', 'hold.lifted', 'sync.requested'])
      world.facade.noteAudit('environment/production', { at: 1, actor: { name: 'anna' }, action, details: {} })
    const lines = (await world.send('GET', '/v1/journal/environment/production?from=2')).text.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).sequence)).toEqual([2])
    const audited = async (query: string) =>
      (await world.send('GET', `/v1/audit${query}`)).text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    expect((await audited(''))[0]).toMatchObject({ sequence: 1, action: 'hold.placed' })
    expect((await audited('?from=2&to=2')).map(({ action }) => action)).toEqual(['hold.lifted'])
  })

  it('a replay bundle holds the journal as far as its snapshot goes', async () => {
    world.facade.happen('production', { type: 'settings.changed', settings: someSettings() })
    const bundle = JSON.parse((await world.send('GET', '/v1/replay/production')).text)
    expect(bundle).toMatchObject({
      format: 'honua-replay',
      stream: 'environment/production',
      input: { name: 'production' },
    })
    expect(bundle.entries).toHaveLength(1)
  })
})

describe('orders', () => {
  it('each reaches the controller once, in the name that was proved', async () => {
    for (const [path, body] of ORDERS) expect((await order(path, body)).status).toBe(200)
    expect(world.facade.orders.map((one) => one.order)).toEqual([
      'sync',
      'hold',
      'unhold',
      'rollback',
      'restore',
      'approve',
      'reject',
      'cancel',
      'acceptRewrite',
    ])
    expect(new Set(world.facade.orders.map(({ by }) => `${by.name} by ${by.how}`))).toEqual(new Set(['otto by token']))
  })

  it('each asks the one authorising function exactly once, and none is carried out when it says no', async () => {
    const asked: string[] = []
    const strict = await apiWorld({
      authorise: async (request) => {
        asked.push(request.url)
        throw new Error('no')
      },
    })
    for (const [path, body] of ORDERS) await strict.send('POST', path, { headers: asOtto, body: JSON.stringify(body) })
    const { orders } = strict.facade
    await strict.close()
    expect(asked).toEqual(ORDERS.map(([path]) => path))
    expect(orders).toEqual([])
  })

  it('without proof of who asks they answer 401, whatever the request claims', async () => {
    const claims = { 'content-type': 'application/json', 'x-user': 'root', from: 'root', cookie: 'user=root' }
    for (const [path, body] of ORDERS) {
      const { status, text } = await order(path, body, claims)
      expect(status).toBe(401)
      expect(JSON.parse(text)).toMatchObject({ why: 'not-allowed', code: 'HONUA_IDENTITY_UNKNOWN' })
    }
    expect(world.facade.orders).toEqual([])
  })

  it.each([
    ['no content type and no body', {}, undefined],
    ['text/plain', { 'content-type': 'text/plain' }, '{}'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'],
    ['JSON of another charset', { 'content-type': 'application/json; charset=utf-16' }, '{}'],
    ['a type that only begins like JSON', { 'content-type': 'application/json-seq' }, '{}'],
    ['two types', { 'content-type': 'application/json, text/plain' }, '{}'],
  ])('sent as %s they answer 415', async (_what, headers, body) => {
    const { status } = await world.send('POST', '/v1/environments/production/sync', {
      headers: { authorization: asOtto.authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    expect(status).toBe(415)
    expect(world.facade.orders).toEqual([])
  })

  it.each([
    ['an unknown key', '/v1/environments/production/sync', '{"force":true}'],
    ['a missing reason', '/v1/environments/production/hold', '{"until":null}'],
    ['an empty reason for a hold', '/v1/environments/production/hold', '{"reason":"  ","until":null}'],
    ['a number for a word', '/v1/environments/production/unhold', '{"reason":1}'],
    ['a plan digest that could be any', '/v1/deployments/x/approve', '{"reason":"","plan":"3f"}'],
    ['a commit like an option', '/v1/source/accept-rewrite', '{"reason":"","commit":"--force1"}'],
    ['a list', '/v1/environments/production/sync', '[]'],
    ['no JSON', '/v1/environments/production/sync', '{'],
    ['nothing', '/v1/environments/production/sync', ''],
    ['a key that reaches the prototype', '/v1/environments/production/sync', '{"__proto__":{"a":1}}'],
  ])('with %s they answer 400', async (_what, path, body) => {
    const { status, text } = await world.send('POST', path, { headers: asOtto, body })
    expect([status, JSON.parse(text).code]).toEqual([400, 'HONUA_API_BODY_INVALID'])
    expect(world.facade.orders).toEqual([])
  })

  it('with a body beyond the limit they answer 413', async () => {
    const { status, text } = await order('/v1/environments/production/unhold', { reason: 'x'.repeat(70_000) })
    expect([status, JSON.parse(text).code]).toEqual([413, 'HONUA_API_BODY_TOO_LARGE'])
  })

  it.each([
    ['not-found', 404],
    ['refused', 409],
    ['busy', 409],
    ['blocked', 423],
    ['invalid', 400],
    ['unavailable', 503],
  ] as const)('the controller’s %s is answered with %i and its own words', async (why, status) => {
    world.facade.refusal = { ok: false, why, code: 'HONUA_X', message: 'because', remedy: 'do this' }
    const answer = await order('/v1/environments/production/sync', {})
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      status,
      { why, code: 'HONUA_X', message: 'because', remedy: 'do this' },
    ])
  })

  it('an unexpected error answers 500 and says nothing of itself', async () => {
    world.facade.onOrder = () => {
      throw new Error('password=hunter2')
    }
    const { status, text } = await order('/v1/environments/production/sync', {})
    expect([status, JSON.parse(text).code]).toEqual([500, 'HONUA_API_INTERNAL'])
    expect(text).not.toContain('hunter2')
  })
})

describe('requests from web pages', () => {
  it.each([
    ['GET', { origin: 'https://evil.example' }],
    ['POST', { ...asOtto, origin: 'null' }],
    ['POST', { ...asOtto, 'sec-fetch-site': 'cross-site' }],
  ])('%s with %o is refused with 403', async (method, headers) => {
    const path = method === 'GET' ? '/v1/status' : '/v1/environments/production/sync'
    expect((await world.send(method, path, { headers, body: method === 'GET' ? '' : '{}' })).status).toBe(403)
  })

  it('any Host is fine: nobody resolves a name to get here', async () => {
    expect((await world.send('GET', '/v1/status', { headers: { host: 'anything.example' } })).status).toBe(200)
  })
})

it('no answer may be kept or read as something else', async () => {
  const { headers } = await world.send('GET', '/v1/status')
  expect([headers['cache-control'], headers['x-content-type-options']]).toEqual(['no-store', 'nosniff'])
})

it('a route that does not exist, and an order by GET, answer 404', async () => {
  for (const path of ['/', '/v1/nothing', '/v1/environments/production/sync'])
    expect(JSON.parse((await world.send('GET', path)).text).code).toBe('HONUA_API_ROUTE_UNKNOWN')
})
