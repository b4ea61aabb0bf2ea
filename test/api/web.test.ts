import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asOtto, TOKEN } from '../support/api-world.ts'
import { BROWSER, type WebApiWorld, webApiWorld } from '../support/web/api-world.ts'

const SYNC = '/v1/environments/dev/sync'

let world: WebApiWorld
beforeEach(async () => {
  world = await webApiWorld({ names: ['gitops.city.example'] })
})
afterEach(() => world.close())

const codeOf = ({ text }: { readonly text: string }) => JSON.parse(text).code

describe('the name that is asked for', () => {
  it.each([
    'evil.example',
    'localhost.evil',
    'localhost',
    '[::ffff:7f00:1]',
    '0x7f.1',
    '127.0.0.1:1',
    'gitops.city.example.evil',
  ])('%j is refused with 421 on pages and on the API', async (host) => {
    for (const path of ['/', '/v1/session', '/v1/live'])
      expect((await world.send('GET', path, { headers: { host } })).status, path).toBe(421)
    const headers = { ...(await world.signedIn()), host }
    expect((await world.send('POST', SYNC, { headers, body: {} })).status).toBe(421)
    expect(world.facade.orders).toEqual([])
  })

  it('that is absent is refused with 421', async () => {
    const socket = connect(Number(world.host.split(':')[1]), '127.0.0.1')
    socket.end('GET / HTTP/1.0\r\n\r\n')
    let answer = ''
    for await (const part of socket.setEncoding('utf8')) answer += String(part)
    expect(answer).toMatch(/^HTTP\/1\.1 421 /)
  })

  it('may be any that leads here: the address, localhost, and what the configuration gives', async () => {
    const port = world.host.split(':')[1]
    for (const host of [
      world.host,
      `localhost:${port}`,
      `[::1]:${port}`,
      'gitops.city.example',
      'GitOps.City.Example:443',
    ])
      expect((await world.send('GET', '/v1/session', { headers: { host } })).status, host).toBe(200)
  })
})

describe('an order', () => {
  it.each([
    ['from another origin', { origin: 'https://evil.example' }],
    ['from an origin that hides', { origin: 'null' }],
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused with 403, though the cookie is there', async (_, headers) => {
    const answer = await world.send('POST', SYNC, { headers: { ...(await world.signedIn()), ...headers }, body: {} })
    expect(answer.status).toBe(403)
    expect(codeOf(answer)).toBe('HONUA_WEB_CROSS_SITE')
    expect(world.facade.orders).toEqual([])
  })

  it('without the header that a form cannot send is refused with 403', async () => {
    const { 'honua-request': _, ...headers } = { ...BROWSER, ...(await world.signedIn()) }
    const answer = await world.send('POST', SYNC, { headers, body: {} })
    expect([answer.status, codeOf(answer)]).toEqual([403, 'HONUA_WEB_HEADER_MISSING'])
    expect(world.facade.orders).toEqual([])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'as %s is refused with 415',
    async (type) => {
      const headers = { ...(await world.signedIn()), 'content-type': type }
      expect((await world.send('POST', SYNC, { headers, body: '{}' })).status).toBe(415)
      expect(world.facade.orders).toEqual([])
    },
  )

  it('of somebody who is unknown is refused with 401, and says what to do', async () => {
    const answer = await world.send('POST', SYNC, { headers: BROWSER, body: {} })
    expect([answer.status, codeOf(answer)]).toEqual([401, 'HONUA_WEB_SIGN_IN_NEEDED'])
    expect(JSON.parse(answer.text).remedy).toContain('sign in')
  })

  it('is given in the name of the one who signed in, or who sends a token', async () => {
    await world.send('POST', SYNC, { headers: await world.signedIn(), body: {} })
    await world.send('POST', SYNC, { headers: { ...asOtto, 'honua-request': '1' }, body: {} })
    expect(world.facade.orders.map(({ by }) => by)).toEqual([
      { name: 'otto', how: 'token' },
      { name: 'otto', how: 'token' },
    ])
  })

  it('is never given by GET', async () => {
    const headers = await world.signedIn()
    for (const path of [
      SYNC,
      '/v1/deployments/dev-20260105-080000/approve',
      '/v1/source/accept-rewrite',
      '/v1/session/end',
    ])
      expect((await world.send('GET', path, { headers })).status, path).toBe(404)
    expect(world.facade.orders).toEqual([])
  })
})

describe('a session', () => {
  it('is kept in a cookie that scripts and other sites cannot use', async () => {
    const { headers } = await world.send('POST', '/v1/session', { headers: BROWSER, body: { token: TOKEN } })
    expect(String(headers['set-cookie'])).toMatch(
      /^honua-session-\d+=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const behindProxy = { ...BROWSER, host: 'gitops.city.example', origin: 'https://gitops.city.example' }
    const proxied = await world.send('POST', '/v1/session', { headers: behindProxy, body: { token: TOKEN } })
    expect(String(proxied.headers['set-cookie'])).toMatch(/; Secure$/)
  })

  it('begins with no wrong token, and ends when it is ended, when the token is taken away, or after half a day of silence', async () => {
    const wrong = await world.send('POST', '/v1/session', { headers: BROWSER, body: { token: 'guessed' } })
    expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined])

    const ended = await world.signedIn()
    await world.send('POST', '/v1/session/end', { headers: ended, body: {} })
    const idle = await world.signedIn()
    await world.clock.advance(12 * 3_600_000 + 1)
    const revoked = await world.signedIn()
    expect((await world.send('GET', '/v1/status', { headers: revoked })).status).toBe(200)
    world.revoke()
    for (const headers of [ended, idle, revoked])
      expect((await world.send('GET', '/v1/status', { headers })).status).toBe(401)
  })

  it('begins by the code of a link, once', async () => {
    const code = new URL(world.web.invite('anna')).hash.slice(1)
    const first = await world.send('POST', '/v1/session', { headers: BROWSER, body: { code } })
    expect(JSON.parse(first.text)).toEqual({
      actor: { name: 'anna', how: 'token' },
      rights: 'everything',
      mayRead: true,
    })
    const second = await world.send('POST', '/v1/session', { headers: BROWSER, body: { code } })
    expect([second.status, codeOf(second)]).toEqual([401, 'HONUA_WEB_INVITATION_USED'])
  })
})

describe('looking', () => {
  const PATHS = [
    '/v1/status',
    '/v1/environments',
    '/v1/audit',
    '/v1/live',
    '/v1/events',
    '/v1/source',
    '/v1/environments/dev',
    '/v1/environments/dev/plan',
    '/v1/environments/dev/history',
    '/v1/environments/dev/composition',
    '/v1/deployments',
    '/v1/deployments/dev-1',
    '/v1/deployments/dev-1/plan',
    '/v1/deployments/dev-1/events',
    '/v1/deployments/dev-1/composition',
    '/v1/journal/source',
    '/v1/journal/environment/dev',
    '/v1/replay/dev',
    '/v1/charts/source',
    '/v1/charts/source/1',
    '/v1/charts/environment/dev',
    '/v1/charts/environment/dev/1',
    '/v1/behind',
    '/v1/pipeline',
    '/v1/windows',
    '/v1/health',
    '/v1/notifications',
    '/v1/backup',
  ]

  it('needs a name, unless the configuration says otherwise; a backup always does', async () => {
    for (const path of PATHS) expect((await world.send('GET', path)).status, path).toBe(401)
    const open = await webApiWorld({ anonymous: 'read' })
    expect((await open.send('GET', '/v1/status')).status).toBe(200)
    expect((await open.send('GET', '/v1/backup')).status).toBe(401)
    expect((await open.send('POST', SYNC, { headers: BROWSER, body: {} })).status).toBe(401)
    await open.close()
  })

  it('by a page of another site is refused, while a link to a page is followed', async () => {
    const headers = { ...(await world.signedIn()), 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect((await world.send('GET', '/v1/status', { headers })).status).toBe(403)
    expect((await world.send('GET', '/environments/dev', { headers })).status).toBe(200)
    expect((await world.send('GET', '/', { headers: { ...headers, 'sec-fetch-mode': 'no-cors' } })).status).toBe(403)
  })

  it('tells no cache to keep it, and no browser to run, frame or guess anything', async () => {
    for (const path of ['/', '/v1/session', '/nowhere', '/v1/nowhere']) {
      const { headers } = await world.send('GET', path)
      expect(headers, path).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      expect(headers['content-security-policy'], path).not.toContain('unsafe')
    }
    const asset = await world.send('GET', '/assets/main-0123.js')
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it('leads to the pages and to no other file', async () => {
    for (const path of ['/secret.txt', '/assets/../secret.txt', '/assets/..%2fsecret.txt', '/..%2f..%2fetc/passwd'])
      expect((await world.send('GET', path)).text, path).not.toMatch(/not for the web|root:/)
    expect((await world.send('GET', '/assets/gone.js')).status).toBe(404)
  })
})

describe('an address that others can reach', () => {
  it('is not opened while there are no tokens', async () => {
    await expect(webApiWorld({ host: '0.0.0.0' }, '# nobody yet\n')).rejects.toMatchObject({
      code: 'HONUA_WEB_TOKENS_MISSING',
    })
  })

  it('that another program holds is named', async () => {
    const port = Number(world.host.split(':')[1])
    await expect(webApiWorld({ port })).rejects.toMatchObject({ code: 'HONUA_WEB_PORT_TAKEN' })
  })
})
