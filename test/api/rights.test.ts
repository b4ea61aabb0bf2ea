import fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addOrders } from '../../src/api/orders.ts'
import { sha256 } from '../../src/core/canonical.ts'
import { type Act, type Anonymous, missingFor } from '../../src/core/rights.ts'
import { type ApiWorld, apiWorld, asOtto, silent, TOKEN } from '../support/api-world.ts'
import { FakeFacade } from '../support/fake-facade.ts'
import { virtualClock } from '../support/virtual-clock.ts'
import { type WebApiWorld, webApiWorld } from '../support/web/api-world.ts'

const ALL = `otto ${sha256(TOKEN)}`
const READ = `${ALL} read`
const SYNC = '/v1/environments/dev/sync'

/** Every order there is, read off the routes themselves: a new one is tried without being listed here. */
function orderPaths(): readonly string[] {
  const app = fastify()
  const paths: string[] = []
  app.addHook('onRoute', ({ url }) => {
    paths.push(url.replace(':of', 'dev'))
  })
  const authorise = () => Promise.reject(new Error('nobody asks'))
  addOrders(app, { facade: new FakeFacade(virtualClock()), log: silent, authorise })
  return paths
}

describe('what is missing', () => {
  const otto = { name: 'otto', how: 'token' } as const
  const callers = {
    nobody: null,
    reader: { actor: otto, rights: 'read' },
    operator: { actor: otto, rights: 'everything' },
  } as const

  it.each<[Act, Anonymous, keyof typeof callers, ReturnType<typeof missingFor>]>([
    ['look', 'nothing', 'nobody', 'a-name'],
    ['look', 'read', 'nobody', null],
    ['backup', 'nothing', 'nobody', 'a-name'],
    ['backup', 'read', 'nobody', 'a-name'],
    ['order', 'nothing', 'nobody', 'a-name'],
    ['order', 'read', 'nobody', 'a-name'],
    ['look', 'nothing', 'reader', null],
    ['backup', 'nothing', 'reader', null],
    ['order', 'nothing', 'reader', 'the-right'],
    ['order', 'read', 'reader', 'the-right'],
    ['look', 'nothing', 'operator', null],
    ['backup', 'nothing', 'operator', null],
    ['order', 'nothing', 'operator', null],
  ])('to %s, where those who are not known may do %s, %s lacks %s', (act, anonymous, who, missing) => {
    expect(missingFor(act, callers[who], anonymous)).toBe(missing)
  })
})

describe('a token that may only read', () => {
  let web: WebApiWorld
  let socket: ApiWorld
  beforeEach(async () => {
    ;[web, socket] = await Promise.all([webApiWorld({}, READ), apiWorld({ tokens: READ })])
  })
  afterEach(() => Promise.all([web.close(), socket.close()]))

  it('gives none of the orders there are, on the socket, in a session and by itself', async () => {
    const cookie = await web.signedIn()
    const paths = orderPaths()
    expect(paths.length).toBeGreaterThanOrEqual(9)
    for (const path of paths) {
      const answers = await Promise.all([
        socket.send('POST', path, { headers: asOtto, body: '{}' }),
        web.send('POST', path, { headers: cookie, body: {} }),
        web.send('POST', path, { headers: { ...asOtto, 'honua-request': '1' }, body: {} }),
      ])
      for (const { status, text } of answers) {
        expect([path, status]).toEqual([path, 403])
        expect(JSON.parse(text)).toMatchObject({
          why: 'not-allowed',
          code: 'HONUA_NOT_ALLOWED',
          message: expect.stringContaining('otto may only look'),
          remedy: expect.stringContaining('ask'),
        })
      }
    }
    expect([...web.facade.orders, ...socket.facade.orders]).toEqual([])
  })

  it('looks at everything, and is told what it may do', async () => {
    const headers = await web.signedIn()
    for (const path of ['/v1/status', '/v1/environments', '/v1/audit', '/v1/backup'])
      expect((await web.send('GET', path, { headers })).status, path).toBe(200)
    expect(JSON.parse((await web.send('GET', '/v1/session', { headers })).text)).toEqual({
      actor: { name: 'otto', how: 'token' },
      rights: 'read',
      mayRead: true,
    })
  })

  it('counts as such from the very next order on, in sessions that have begun too, and until its line says otherwise', async () => {
    web.retoken(ALL)
    const headers = await web.signedIn()
    const order = async () => (await web.send('POST', SYNC, { headers, body: {} })).status
    expect(await order()).toBe(200)
    web.retoken(READ)
    expect(await order()).toBe(403)
    expect((await web.send('GET', '/v1/status', { headers })).status).toBe(200)
    web.retoken(ALL)
    expect(await order()).toBe(200)
    expect(web.facade.orders).toHaveLength(2)
  })
})
