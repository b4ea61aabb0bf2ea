/** The stand-in keeps the real server's traps: were one lost, the driver's tests would prove nothing. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canonicalRaw, parseRaw, stringifyRaw } from './honua-server/raw-json.ts'
import { type HonuaServer, startHonuaServer } from './honua-server/server.ts'

let server: HonuaServer

beforeEach(async () => {
  server = await startHonuaServer({ apiKey: 'x' })
})
afterEach(async () => {
  await server.close()
})

/** The fields of answers that tests look at; which of them an answer has depends on the route. */
interface Data {
  readonly id: string
  readonly summary: object
  readonly entries: readonly { readonly action: string; readonly message: string | null }[]
  readonly resources: readonly { readonly metadata: { readonly name: string } }[]
  readonly driftedResources: readonly object[]
  readonly metadata: { readonly labels: object }
  readonly compatibility: { readonly features: { readonly manifestApply: boolean } }
}

interface Told {
  readonly status: number
  readonly success: boolean
  readonly message: string | null
  readonly data: Data
  readonly etag: string | null
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Told> {
  const response = await fetch(`${server.url}/api/v1/admin${path}`, {
    method,
    headers: { 'x-api-key': 'x', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const { success, message, data }: Pick<Told, 'success' | 'message' | 'data'> = JSON.parse(await response.text())
  return { status: response.status, success, message, data, etag: response.headers.get('etag') }
}

const layer = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'honua.io/v1alpha1',
  kind: 'Layer',
  metadata: { name, ...metadata },
  spec: { tableName: name, schemaName: 'public', geometryType: 'Polygon', srid: 4326, ...spec },
})
const apply = (resources: readonly unknown[], options: object = {}) =>
  ask('POST', '/manifest/apply', { resources, ...options })
const actions = (told: Told) => told.data.entries.map((entry) => entry.action)
const names = async () => (await ask('GET', '/manifest')).data.resources.map((item) => item.metadata.name)
const one = '/metadata/resources/Layer/default/a'

describe('apply', () => {
  it('is no transaction: one bad resource is a skip with a message inside a success', async () => {
    const told = await apply([layer('a'), { ...layer('b'), spec: { srid: 1 } }, layer('c')])
    expect([told.status, told.success, actions(told)]).toEqual([200, true, ['create', 'skip', 'create']])
    expect(told.data.entries[1]?.message).toContain('tableName')
    expect(await names()).toEqual(['a', 'c'])
  })

  it('skips an equal spec with "No changes.", labels and annotations notwithstanding', async () => {
    await apply([layer('a')])
    const told = await apply([layer('a', {}, { labels: { new: 'label' } })])
    expect(told.data.entries).toMatchObject([{ action: 'skip', message: 'No changes.' }])
    expect((await ask('GET', one)).data.metadata.labels).toEqual({})
  })

  it('takes 1.0 for another number than 1', async () => {
    const text = (srid: string) => JSON.stringify({ resources: [layer('a', { srid: 'SRID' })] }).replace('"SRID"', srid)
    await ask('POST', '/manifest/apply', text('1'))
    expect(actions(await ask('POST', '/manifest/apply', text('1.0')))).toEqual(['update'])
    expect(actions(await ask('POST', '/manifest/apply', text('1.0')))).toEqual(['skip'])
  })

  it('ignores the order of keys, not of arrays', async () => {
    await apply([layer('a', { x: { p: 1, q: 2 }, list: [1, 2] })])
    expect(actions(await apply([layer('a', { list: [1, 2], x: { q: 2, p: 1 } })]))).toEqual(['skip'])
    expect(actions(await apply([layer('a', { list: [2, 1], x: { q: 2, p: 1 } })]))).toEqual(['update'])
  })

  it('counts an unchanged resource that no manifest ever applied as an update', async () => {
    server.createOutOfBand(layer('a'))
    expect(actions(await apply([layer('a')]))).toEqual(['update'])
  })

  it('prunes only within the kinds and namespaces of the request, and there without mercy', async () => {
    await apply([
      layer('a'),
      layer('b'),
      layer('c', {}, { namespace: 'other' }),
      { ...layer('t'), kind: 'Theme', spec: { name: 't' } },
    ])
    expect((await apply([layer('a')], { prune: true })).data.summary).toMatchObject({ deleted: 1, skipped: 1 })
    expect([...(await names())].sort()).toEqual(['a', 'c', 't'])
  })

  it('refuses an empty request', async () => {
    expect(await apply([], { prune: true })).toMatchObject({ status: 400, success: false })
  })

  it('as a dry run reports the same entries and changes nothing', async () => {
    expect(actions(await apply([layer('a')], { dryRun: true }))).toEqual(['create'])
    expect(await names()).toEqual([])
  })

  it('looks at the presence of fields only, and at unknown kinds not at all', async () => {
    const told = await apply([layer('a', { srid: 'nonsense' }), { ...layer('b'), kind: 'Nonsense' }])
    expect(actions(told)).toEqual(['create', 'skip'])
  })

  it('with an approval asked for answers 403, or 202 and a pending request in the enterprise edition', async () => {
    expect((await apply([layer('a')], { approvalRequired: true })).status).toBe(403)
    server.setFault({ kind: 'approval', edition: 'enterprise' })
    const told = await apply([layer('a')], { requestedBy: 'me' })
    expect([told.status, await names()]).toEqual([202, []])
    await ask('POST', `/manifest/pending/${told.data.id}/approve`, { approvedBy: 'you', reason: 'fine' })
    expect(await names()).toEqual(['a'])
    expect((await ask('GET', '/manifest/pending/history')).data).toMatchObject([
      { status: 'approved', decidedBy: 'you' },
    ])
  })
})

describe('one resource', () => {
  beforeEach(async () => {
    await apply([layer('a')])
  })

  it('is written and deleted only with If-Match', async () => {
    const { etag } = await ask('GET', one)
    expect((await ask('PUT', one, layer('a'))).status).toBe(428)
    expect((await ask('DELETE', one)).status).toBe(428)
    expect((await ask('DELETE', one, undefined, { 'if-match': '"7"' })).status).toBe(412)
    expect((await ask('PUT', one, layer('a', {}, { labels: { x: 'y' } }), { 'if-match': etag ?? '' })).status).toBe(200)
    expect((await ask('DELETE', one, undefined, { 'if-match': etag ?? '' })).status).toBe(412)
  })

  it('counts its version with every write, its generation with every new spec, and both anew after a deletion', async () => {
    await apply([layer('a', { title: 'new' })])
    expect((await ask('GET', one)).data.metadata).toMatchObject({ resourceVersion: '2', generation: 2 })
    await ask('DELETE', one, undefined, { 'if-match': '"2"' })
    await apply([layer('a')])
    expect((await ask('GET', one)).data.metadata).toMatchObject({ resourceVersion: '1', generation: 1 })
  })

  it('posted a second time is a conflict', async () => {
    expect((await ask('POST', '/metadata/resources', layer('a'))).status).toBe(409)
  })
})

describe('drift', () => {
  it('knows the last request only: what an earlier one applied is extra', async () => {
    await apply([layer('a')])
    await apply([layer('b')])
    const { data } = await ask('GET', '/manifest/drift')
    expect(data.resources).toMatchObject([{ identifier: { name: 'a' }, driftType: 'extra' }])
  })

  it('tells a changed spec with both hashes', async () => {
    await apply([layer('a')])
    server.editOutOfBand('Layer/default/a', (live) => ({ ...live, spec: new Map(live.spec).set('title', 'by hand') }))
    const { data } = await ask('GET', '/manifest/drift?verbose=true')
    expect(data.resources).toMatchObject([{ driftType: 'spec-drift', actualSpec: { title: 'by hand' } }])
    expect((await ask('GET', '/manifest')).data.driftedResources).toEqual([
      { kind: 'Layer', namespace: 'default', name: 'a' },
    ])
  })
})

describe('the server', () => {
  it('wraps every answer', async () => {
    const response = await fetch(`${server.url}/api/v1/admin/manifest`, { headers: { 'x-api-key': 'x' } })
    expect(Object.keys(JSON.parse(await response.text()))).toEqual(['success', 'data', 'message', 'timestamp'])
  })

  it('wants its key, but not for health', async () => {
    expect((await ask('GET', '/manifest', undefined, { 'x-api-key': 'wrong' })).status).toBe(401)
    expect((await fetch(`${server.url}/healthz/ready`)).status).toBe(200)
  })

  it('of generation C has no manifests and claims to have them', async () => {
    await server.close()
    server = await startHonuaServer({ apiKey: 'x', generation: 'C' })
    expect((await ask('GET', '/manifest')).status).toBe(404)
    expect((await ask('GET', '/capabilities')).data.compatibility.features.manifestApply).toBe(true)
  })

  it('keeps its resources over a restart when told where, number text included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'honua-stand-in-'))
    try {
      const persistPath = join(folder, 'resources.json')
      await server.close()
      server = await startHonuaServer({ apiKey: 'x', persistPath })
      await ask(
        'POST',
        '/manifest/apply',
        JSON.stringify({ resources: [layer('a', { srid: 'SRID' })] }).replace('"SRID"', '1.0'),
      )
      const before = stringifyRaw(server.state.manifest(null))
      await server.close()
      server = await startHonuaServer({ apiKey: 'x', persistPath })
      const withoutTime = (text: string) => text.replace(/"generatedAt":"[^"]*"/, '')
      expect(withoutTime(stringifyRaw(server.state.manifest(null)))).toBe(withoutTime(before))
      expect(before).toContain('"srid":1.0')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('JSON with its number text', () => {
  it('reads and writes what JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(JSON.parse(stringifyRaw(parseRaw(text)))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('keeps 1.0, 1e3 and keys like __proto__ as they are', () => {
    const text = '{"b":[1.0,1e3,-0],"__proto__":{"a":1}}'
    expect([stringifyRaw(parseRaw(text)), canonicalRaw(parseRaw(text))]).toEqual([
      text,
      '{"__proto__":{"a":1},"b":[1.0,1e3,-0]}',
    ])
  })

  it('refuses what is no JSON', () => {
    expect(() => parseRaw('{"a":}')).toThrow(SyntaxError)
  })
})
