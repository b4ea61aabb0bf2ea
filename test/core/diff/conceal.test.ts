import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concealedSides, diffResources } from '../../../src/core/diff/index.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { json } from '../../support/builders/json.ts'
import { aSeedLayer, planned } from '../../support/builders/plans.ts'

const CANARY = 'hunter2-canary'
const layer = (spec: JsonObject, annotations: Readonly<Record<string, string>> = {}) =>
  aSeedLayer('main', { spec, annotations })

/** Places where people put a secret in the clear. */
const places: readonly (readonly [where: string, put: (secret: string) => JsonObject])[] = [
  ['a field', (secret) => ({ password: secret })],
  ['a field in other letters', (secret) => ({ 'API-Key': secret, clientSecret: secret, access_token: secret })],
  ['a field deep down', (secret) => ({ pool: { credentials: { dbPassword: secret } } })],
  ['a list', (secret) => ({ passwords: [secret, 'other'] })],
  ['an object that is named like a secret', (secret) => ({ secret: { current: secret, former: [secret] } })],
  ['a variable', (secret) => ({ env: [{ name: 'DB_PASSWORD', value: secret }] })],
  ['a connection string', (secret) => ({ main: `Host=db;Username=u;Password=${secret};Timeout=5` })],
  ['a field that is a connection string', (secret) => ({ connectionString: `Host=db;${secret}` })],
  ['a URL', (secret) => ({ source: `postgres://gis:${secret}@db.internal/gis` })],
]

describe('a secret in the clear', () => {
  describe.each(places)('in %s', (_, put) => {
    it.each([
      ['added', {}, put(CANARY)],
      ['changed', put('former-canary'), put(CANARY)],
      ['removed', put(CANARY), {}],
    ])('is in no plan when it is %s, and the change still is', (_case, before, after) => {
      const plan = planned([layer(before)], [layer(after)])
      expect(JSON.stringify(plan)).not.toContain('canary')
      expect(plan.changes[0]?.fields.length).toBeGreaterThan(0)
    })

    it('is on neither side that people compare, and the two sides still differ', () => {
      const { before, after } = concealedSides(put('former-canary'), put(CANARY))
      expect(JSON.stringify([before, after])).not.toContain('canary')
      expect(after).not.toEqual(before)
    })
  })

  it('in an annotation is hidden too', () => {
    const changes = diffResources(
      layer({}, { 'example.org/api-token': 'old' }),
      layer({}, { 'example.org/api-token': CANARY }),
    )
    expect(changes).toEqual([
      { pointer: '/metadata/annotations/example.org~1api-token', before: '(hidden)', after: '(hidden)' },
    ])
  })

  it('that is a number is hidden too', () => {
    expect(diffResources(layer({ password: 1234 }), layer({ password: 5678 }))[0]).toMatchObject({ after: '(hidden)' })
  })

  it('that is the same on both sides is not marked as changed', () => {
    expect(concealedSides({ password: CANARY, a: 1 }, { password: CANARY, a: 2 })).toEqual({
      before: { password: '(hidden)', a: 1 },
      after: { password: '(hidden)', a: 2 },
    })
  })
})

describe('what is no secret', () => {
  it.each<[string, JsonObject]>([
    ['the name of a secret', { password: '${DB_PASSWORD}', url: 'postgres://gis:${DB_PASSWORD}@db/gis' }],
    ['a reference to one', { secretRef: 'gis-key', passwordPolicy: 'strict', primaryKey: 'gid' }],
    ['a layer field of that name', { fields: [{ name: 'token', type: 'string', alias: 'Token' }] }],
    ['a flag', { secret: true, token: null }],
    ['a URL without credentials', { url: 'https://tiles.example.org:8443/wms?layers=a@b' }],
  ])('stays readable: %s', (_, spec) => {
    expect(concealedSides(null, spec).after).toEqual(spec)
  })

  it('is told as it is, whatever else it is', () => {
    const plain = fc.dictionary(fc.constantFrom('a', 'title', 'table', '__proto__'), json)
    fc.assert(
      fc.property(plain, (spec) => {
        const text = JSON.stringify(spec)
        fc.pre(!/pass|pwd|secret|token|key|connection|:\/\//i.test(text))
        expect(concealedSides(null, spec).after).toEqual(spec)
      }),
    )
  })
})
