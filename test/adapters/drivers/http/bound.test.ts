import { expect, it } from 'vitest'
import type { Pending } from '../../../../src/adapters/drivers/carry-out.ts'
import { kindsBound } from '../../../../src/adapters/drivers/http/bound.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { makeResource } from '../../../../src/core/resource.ts'

function creation(name: string, spec: JsonObject, namespace = 'default'): Pending {
  const desired = makeResource({ apiVersion: 'v1', kind: 'Group', namespace, name, metadata: {}, spec })
  const { key } = desired
  const change = {
    action: 'create',
    before: null,
    after: desired.digest,
    version: null,
    fields: [],
    labels: {},
    breaking: [],
    dependsOn: [],
    wave: 0,
  } as const
  return { change: { ...change, key, target: 'gis', location: null }, desired, before: null }
}

/** Whether the first is bound to another of its kind. */
const isBound = (name: string, spec: JsonObject) => kindsBound([creation(name, {}), creation('other', spec)]).size > 0

it.each<[string, JsonObject]>([
  ['7', { parentId: 7 }],
  ['7', { parents: [1, 7] }],
  ['roads.v1', { parent: '/groups/roads.v1?f=json' }],
  ['roads@v2', { ref: 'ws.roads@v2' }],
  ['city roads', { parent: '/groups/city roads' }],
  ['a b', { parent: '/groups/a%20b' }],
  ['a b', { parent: '/groups?name=a+b' }],
  ['straße', { parent: '/groups/stra%C3%9Fe/100%' }],
  ['Roads', { ref: 'ROADS' }],
  ['Roads.V1', { ref: '/groups/roads.v1/items' }],
  ['roads', { style: 'style_roads' }],
  ['_roads_', { ref: '/groups/_roads_' }],
  ['…', { ref: '…' }],
])('%s is named by %j', (name, spec) => {
  expect(isBound(name, spec)).toBe(true)
})

it.each<[string, JsonObject]>([
  ['7', { zoom: 17, title: 'map-7' }],
  ['road-1', { title: 'road-10' }],
  ['r1', { title: 'map_r1' }],
  ['…', { title: '' }],
  ['other', { title: 'other', path: '/groups/other' }],
])('%s is not named by %j', (name, spec) => {
  expect(isBound(name, spec)).toBe(false)
})

it('a name in another letter case is another', () => {
  expect(kindsBound([creation('Roads', {}), creation('roads', { parent: 'Roads' })]).size).toBe(1)
})

it('long texts and many names take no long time', () => {
  const many = Array.from({ length: 3000 }, (_, at) =>
    creation(`a layer of ${at}`, { title: 'of a layer '.repeat(30) }),
  )
  expect(kindsBound(many).size).toBe(0)
})
