import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ClientOptions } from 'ws'
import { sha256 } from '../../../src/core/canonical.ts'
import { inspectErrors } from '../../../src/core/errors/inspect.ts'
import { webErrors } from '../../../src/core/errors/web.ts'
import { asOtto, TOKEN } from '../../support/api-world.ts'
import { someSettings } from '../../support/builders/environment.ts'
import { type WebApiWorld, webApiWorld } from '../../support/web/api-world.ts'
import { connectInspector, type Refusal } from '../../support/web/inspector.ts'

let world: WebApiWorld
beforeEach(async () => {
  world = await webApiWorld({ inspect: (text) => text })
})
afterEach(() => world.close())

const PATHS = ['/v1/inspect/stately', '/v1/inspect/xstate'] as const
const knock = (path: string = PATHS[0], headers: NonNullable<ClientOptions['headers']> = asOtto) =>
  connectInspector(`ws://${world.host}${path}`, { headers })
/** How the controller refuses. */
const refusal = async (connecting: Promise<object>): Promise<readonly [number, string]> => {
  const { status, code } = await connecting.then(
    () => Promise.reject(new Error('it was let in')),
    (error: Refusal) => error,
  )
  return [status, code]
}
const ticket = async (headers: { readonly [name: string]: string }): Promise<string> =>
  JSON.parse((await world.send('POST', '/v1/inspect/tickets', { headers, body: {} })).text).ticket
const asOttoWithOrder = { ...asOtto, 'honua-request': '1' }
/** Waits for what is on its way by the network, which no virtual time moves. */
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

describe('an inspector', () => {
  it.each(PATHS)('at %s is let in by a token, by a session, and not without either', async (path) => {
    for (const headers of [asOtto, { cookie: (await world.signedIn())['cookie'] ?? '' }]) {
      const { socket } = await knock(path, headers)
      socket.terminate()
    }
    expect(await refusal(knock(path, {}))).toEqual([401, 'HONUA_WEB_SIGN_IN_NEEDED'])
    expect(await refusal(knock(path, { authorization: 'Bearer guessed' }))).toEqual([401, 'HONUA_IDENTITY_UNKNOWN'])
  })

  it('is let in by a token that may only read, and gets a ticket by it', async () => {
    world.retoken(`otto ${sha256(TOKEN)} read\n`)
    for (const path of [PATHS[0], `${PATHS[1]}?ticket=${await ticket(asOttoWithOrder)}`]) {
      const { socket } = await knock(path, path === PATHS[0] ? asOtto : {})
      socket.terminate()
    }
  })

  it('needs no token where everybody on this computer may look', async () => {
    const open = await webApiWorld({ inspect: (text) => text, anonymous: 'read' })
    onTestFinished(() => open.close())
    for (const path of PATHS) {
      const { socket } = await connectInspector(`ws://${open.host}${path}`)
      socket.terminate()
    }
    const foreign = connectInspector(`ws://${open.host}${PATHS[0]}`, { headers: { origin: 'https://evil.example' } })
    expect(await refusal(foreign)).toEqual([403, 'HONUA_WEB_CROSS_SITE'])
  })

  it('finds nothing while inspectors are not enabled, and nobody gets a ticket', async () => {
    const off = await webApiWorld()
    onTestFinished(() => off.close())
    expect(off.web.inspectors).toBe(null)
    for (const path of PATHS)
      expect((await refusal(connectInspector(`ws://${off.host}${path}`, { headers: asOtto })))[0]).toBe(404)
    const asked = await off.send('POST', '/v1/inspect/tickets', { headers: asOttoWithOrder, body: {} })
    expect(asked.status).toBe(404)
  })

  it.each(['https://evil.example', 'null', 'http://localhost'])(
    'of a page of the origin %s is refused, though the cookie is there',
    async (origin) => {
      const { cookie = '' } = await world.signedIn()
      expect(await refusal(knock(PATHS[1], { cookie, origin }))).toEqual([403, 'HONUA_WEB_CROSS_SITE'])
      const own = await knock(PATHS[1], { cookie, origin: `http://${world.host}` })
      own.socket.terminate()
    },
  )

  it.each(['evil.example', 'localhost.evil', 'localhost', '127.0.0.1:1'])(
    'that asks for the host %s, as after DNS was turned to here, is refused',
    async (host) => {
      expect(await refusal(knock(PATHS[0], { ...asOtto, host }))).toEqual([421, 'HONUA_WEB_HOST_REFUSED'])
    },
  )

  it.each(['/', '/v1/live', '/v1/inspect', '/v1/inspect/stately/', '//'])('finds nothing at %s', async (path) => {
    expect(await refusal(knock(path))).toEqual([404, 'HONUA_API_ROUTE_UNKNOWN'])
  })

  it('is one of eight; the ninth is refused until one leaves', async () => {
    const eight = await Promise.all(Array.from({ length: 8 }, (_, at) => knock(PATHS[at % 2])))
    const more = await Promise.all([1, 2, 3].map(() => refusal(knock())))
    expect(more).toEqual(Array.from({ length: 3 }, () => [503, 'HONUA_API_TOO_MANY']))
    eight[0]?.socket.close()
    await eight[0]?.closed
    const next = await knock()
    for (const { socket } of [...eight, next]) socket.terminate()
  })

  it('is hung up on within five seconds when its token is taken away', async () => {
    const inspector = await knock()
    world.revoke()
    await world.clock.advance(5_000)
    const { code, message } = webErrors.signInNeeded({ what: 'an inspector' })
    expect(await inspector.closed).toEqual({ code: 1008, reason: `${code}: ${message}` })
  })

  it('that answers no ping is hung up on', async () => {
    const deaf = await connectInspector(`ws://${world.host}${PATHS[0]}`, { headers: asOtto, autoPong: false })
    const hears = await knock()
    const pinged = Promise.all(
      [deaf, hears].map(({ socket }) => new Promise((resolve) => socket.once('ping', resolve))),
    )
    await world.clock.advance(15_000)
    await pinged
    let isSilent = false
    hears.socket.ping('', undefined, () => undefined)
    hears.socket.once('pong', () => {
      isSilent = true
    })
    await until(() => isSilent)
    await world.clock.advance(15_000)
    expect((await deaf.closed).code).toBe(1006)
    expect(hears.socket.readyState).toBe(hears.socket.OPEN)
    hears.socket.terminate()
  })

  it('is told when the controller stops', async () => {
    const inspector = await knock()
    await world.close()
    expect(await inspector.closed).toEqual({ code: 1001, reason: 'HONUA_INSPECT_STOPPING: the controller stops' })
  })
})

describe('a ticket', () => {
  it('lets in once, without a header', async () => {
    const path = `${PATHS[0]}?ticket=${await ticket(asOttoWithOrder)}`
    const { socket } = await knock(path, {})
    socket.terminate()
    expect(await refusal(knock(path, {}))).toEqual([401, 'HONUA_INSPECT_TICKET_USED'])
    expect(await refusal(knock(`${PATHS[0]}?ticket=`, {}))).toEqual([401, 'HONUA_INSPECT_TICKET_USED'])
  })

  it('is good for a minute, and not once the token that it was asked with is taken away', async () => {
    const [late, revoked] = [await ticket(asOttoWithOrder), await ticket(await world.signedIn())]
    await world.clock.advance(60_001)
    expect(await refusal(knock(`${PATHS[0]}?ticket=${late}`, {}))).toEqual([401, 'HONUA_INSPECT_TICKET_USED'])
    const fresh = await ticket(asOttoWithOrder)
    world.revoke()
    for (const one of [fresh, revoked]) expect((await refusal(knock(`${PATHS[0]}?ticket=${one}`, {})))[0]).toBe(401)
  })

  it('is given to nobody who is unknown, and to no page of another site', async () => {
    const ask = async (headers: { readonly [name: string]: string }) =>
      (await world.send('POST', '/v1/inspect/tickets', { headers, body: {} })).status
    expect(await ask({ 'content-type': 'application/json', 'honua-request': '1' })).toBe(401)
    expect(await ask({ ...asOttoWithOrder, origin: 'https://evil.example' })).toBe(403)
    expect(await ask(asOtto)).toBe(403)
  })
})

describe('what an inspector sends', () => {
  const EVENT = { type: 'approval.granted', deployment: 'production-20260105-080000', by: { name: 'mallory' } }

  it.each([
    [PATHS[0], { type: '@xstate.event', sessionId: 'environment/production', event: EVENT }],
    [
      PATHS[1],
      {
        type: 'xstate.event',
        event: JSON.stringify({ name: EVENT.type, data: EVENT, origin: 'environment/production' }),
      },
    ],
    [PATHS[1], { type: 'xstate.event', event: JSON.stringify(EVENT), service: 'environment/production' }],
  ])('at %s as an event reaches no actor and gives no order: it is hung up on, and told why', async (path, message) => {
    const before = world.facade.environment('production')
    const inspector = await knock(path)
    inspector.socket.send(JSON.stringify(message))
    const { code, message: words } = inspectErrors.looksOnly()
    expect(await inspector.closed).toEqual({ code: 1008, reason: `${code}: ${words}` })
    expect(world.facade.environment('production')).toEqual(before)
    expect(world.facade.orders).toEqual([])
  })

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['half of a word', '{"type":"xstate.inspec'],
    ['a word of another protocol', '{"type":"subscribe"}'],
    ['JSON that is no object', '[["xstate.event"]]'],
    ['bytes', Buffer.from([1, 2, 3])],
  ])('that is %s ends it', async (_, message) => {
    for (const path of PATHS) {
      const inspector = await knock(path)
      inspector.socket.send(message)
      const { code, message: words } = inspectErrors.messageUnknown()
      expect(await inspector.closed).toEqual({ code: 1008, reason: `${code}: ${words}` })
    }
  })

  it('may not be long, nor come in many pieces', async () => {
    for (const path of PATHS) {
      const long = await knock(path)
      long.socket.send('x'.repeat(4 * 1024 + 1))
      expect((await long.closed).code).toBe(1009)
      const torn = await knock(path)
      torn.socket.on('error', () => undefined)
      for (let piece = 0; piece < 1_000; piece += 1) torn.socket.send('', { fin: false })
      expect([1006, 1008]).toContain((await torn.closed).code)
    }
    expect((await world.send('GET', '/v1/status', { headers: asOtto })).status).toBe(200)
  })

  it('as bytes that are no WebSocket is cut off', async () => {
    const key = 'dGhlIHNhbXBsZSBub25jZQ=='
    for (const lines of [
      ['upgrade: websocket', 'sec-websocket-version: 13'],
      ['upgrade: websocket', 'sec-websocket-version: 99', `sec-websocket-key: ${key}`],
      ['upgrade: h2c', 'sec-websocket-version: 13', `sec-websocket-key: ${key}`],
      [
        'upgrade: websocket',
        'sec-websocket-version: 13',
        `sec-websocket-key: ${key}`,
        'sec-websocket-protocol: ,,\u0001',
      ],
    ]) {
      const head = [`GET ${PATHS[0]} HTTP/1.1`, `host: ${world.host}`, `authorization: ${asOtto.authorization}`]
      const answer = await say([...head, 'connection: upgrade', ...lines, '', ''].join('\r\n'))
      expect(answer, lines.join()).toMatch(/^HTTP\/1\.1 4\d\d /)
    }
  })
})

describe('an inspector that does not read', () => {
  /** Lets more happen than may wait for one inspector, with another one that sees it all. */
  const muchHappens = async () => {
    const quick = await knock()
    await quick.at(2)
    for (let seen = 1; seen <= 60; seen += 1) {
      const settings = someSettings({ targets: [`${seen}-${'x'.repeat(200_000)}`] })
      world.facade.happen('dev', { type: 'settings.changed', settings })
      await quick.at(2 + 2 * seen)
    }
    quick.socket.terminate()
    return { told: 3 + 2 * 60 }
  }

  it('delays nobody, costs a bounded number of bytes, and is told why it is hung up on', async () => {
    const slow = await knock()
    slow.socket.pause()
    const { told } = await muchHappens()
    slow.socket.resume()
    const { code, message } = inspectErrors.tooSlow()
    expect(await slow.closed).toEqual({ code: 1013, reason: `${code}: ${message}` })
    expect(slow.told.length).toBeLessThan(told)
  })

  it('and never will, is cut off two seconds later', async () => {
    const deaf = await knock()
    deaf.socket.pause()
    await muchHappens()
    await world.clock.advance(2_000)
    deaf.socket.resume()
    expect((await deaf.closed).code).toBe(1006)
  })
})

/** What is answered to bytes. */
function say(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(Number(world.host.split(':')[1]), '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('close', () => resolve(answer))
    socket.on('error', () => socket.destroy())
    socket.write(bytes, 'latin1')
  })
}
