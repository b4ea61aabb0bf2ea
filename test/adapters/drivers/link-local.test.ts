import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import { dumpTo } from '../../../src/adapters/drivers/postgres/backup/dump.ts'
import type { Driver } from '../../../src/ports/driver.ts'
import { calm } from '../../contract/driver.requests.ts'
import { PASSWORD } from '../../support/postgres/server.ts'
import { testDeps } from './deps.ts'
import { themes } from './http-kinds.ts'
import { aTarget, open } from './postgres/targets.ts'

interface Answer {
  readonly address: string
  readonly family: number
}

const { names } = vi.hoisted(() => ({ names: new Map<string, readonly Answer[]>() }))
const v4 = (address: string): Answer => ({ address, family: 4 })
const v6 = (address: string): Answer => ({ address, family: 6 })

/** Names lead where a test says. */
vi.mock('node:dns', () => ({
  lookup: (
    host: string,
    { all }: { readonly all?: boolean },
    tell: (error: Error | null, address: string | readonly Answer[], family?: number) => void,
  ) => {
    const answers = names.get(host) ?? []
    const [first] = answers
    if (first === undefined) tell(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), '')
    else if (all === true) tell(null, answers)
    else tell(null, first.address, first.family)
  },
}))

const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  response.setHeader('content-type', 'application/json')
  response.end('{"themes":""}')
})
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = address === null || typeof address === 'string' ? 0 : address.port
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

const common = { credentials: { type: 'none' }, timeoutMs: 60_000, maxInFlight: 4 } as const
const http = (url: string, more = {}): Driver =>
  openDriver({ name: 'api', driver: 'http', ...common, url, kinds: [themes], actions: {}, ...more }, 'dev', testDeps())
const honua = (url: string): Driver => openDriver({ name: 'gis', driver: 'honua', ...common, url }, 'dev', testDeps())

describe('a name that leads to a link-local address', () => {
  it.each<[string, readonly Answer[]]>([
    ['a cloud’s metadata service', [v4('169.254.169.254')]],
    ['IPv6', [v6('fe80::1')]],
    ['IPv4 in IPv6', [v6('::ffff:169.254.169.254')]],
    ['the same in hexadecimal', [v6('::ffff:a9fe:a9fe')]],
    ['one of several addresses', [v4('127.0.0.1'), v4('169.254.169.254')]],
  ])('is not connected to, and told as a mistake of the configuration: %s', async (_, answers) => {
    names.set('inside.example.org', answers)
    const url = `http://inside.example.org:${port}/`
    const mistake = {
      code: 'HONUA_TARGET_CONFIG',
      retry: 'after-config-change',
      message: expect.stringMatching(/inside\.example\.org leads to .*, a link-local address/),
    }
    await expect(http(url).probe(calm())).rejects.toMatchObject(mistake)
    await expect(honua(url).probe(calm())).rejects.toMatchObject(mistake)
    const request = { method: 'POST', path: '/purge' } as const
    const actions = { 'flush-cdn-cache': { requests: [request], keyHeader: 'Idempotency-Key' } }
    const step = {
      environment: 'dev',
      idempotencyKey: 'k',
      action: 'flush-cdn-cache',
      inputs: {},
      changed: [],
      desired: [],
    }
    await expect(http(url, { actions }).act?.(step, calm())).rejects.toMatchObject(mistake)
    await expect(http(url.replace('http:', 'https:')).probe(calm())).rejects.toMatchObject(mistake)
    const database = open(aTarget(port, 'gis', { host: 'inside.example.org' }))
    await expect(database.observe([], calm())).rejects.toMatchObject({
      ...mistake,
      message: expect.stringMatching(/inside\.example\.org:\d+ leads to a link-local address/),
    })
    expect(asked).toEqual([])
  })

  it.each(['inside.example.org', '169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]', '0xA9FEA9FE'])(
    'is no place for a database either, though only a secret says it: %s',
    async (host) => {
      for (const name of ['inside.example.org', '0xa9fea9fe', '0xA9FEA9FE']) names.set(name, [v4('169.254.169.254')])
      const { host: _h, database: _d, user: _u, ...rest } = aTarget(port, 'gis')
      const target = { ...rest, credentials: { type: 'dsn', secretRef: 'dsn' } as const }
      const dsn = `postgres://honua:${PASSWORD}@${host}:${port}/gis`
      const driver = openDriver(target, 'dev', testDeps({ own: new Map([['dsn', dsn]]) }))
      await expect(driver.observe([], calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_CONFIG',
        message: expect.stringContaining('the address in "dsn" leads to a link-local address'),
      })
    },
  )

  it('is given to no program that connects to a database by itself', async () => {
    const programs = { dump: '/bin/true', restore: '/bin/true' }
    const dump = (host: string) => {
      const request = { environment: 'dev', idempotencyKey: 'k', action: 'create-backup', inputs: {}, changed: [] }
      const deps = testDeps({ own: new Map([['db-password', PASSWORD]]) })
      const acting = { target: aTarget(port, 'gis', { host }), deps, request: { ...request, desired: [] } }
      return dumpTo({ ...acting, signal: calm() }, programs, '/nonexistent/dump')
    }
    names.set('moving.example.org', [v4('127.0.0.1')])
    await dump('moving.example.org')
    names.set('moving.example.org', [v4('127.0.0.1'), v6('fe80::1')])
    for (const host of ['moving.example.org', '169.254.169.254'])
      await expect(dump(host)).rejects.toMatchObject({
        code: 'HONUA_TARGET_CONFIG',
        message: expect.stringContaining(`${host}:${port} leads to a link-local address`),
      })
  })

  it('is noticed whenever a connection is made, though it led elsewhere before', async () => {
    names.set('moving.example.org', [v4('127.0.0.1')])
    const driver = http(`http://moving.example.org:${port}/`)
    await driver.probe(calm())
    expect(asked.splice(0)).toEqual(['/themes.json'])
    server.closeAllConnections()
    names.set('moving.example.org', [v4('169.254.169.254')])
    await expect(driver.probe(calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_CONFIG' })
    expect(asked).toEqual([])
  })

  it('is no place for checks either', async () => {
    names.set('inside.example.org', [v4('169.254.169.254')])
    const checks = { signIn: false, certificates: ['inside.example.org:443'] }
    const driver = http(`http://inside.example.org:${port}/`, { checks })
    const step = { environment: 'dev', idempotencyKey: 'k', inputs: {}, changed: [], desired: [] }
    const quick = { count: 1, interval: '1s' }
    for (const [action, inputs] of [
      ['smoke-tests', quick],
      ['verify-ssl', {}],
    ] as const)
      await expect(driver.act?.({ ...step, action, inputs }, calm())).rejects.toThrow(/link-local address/)
  })
})
