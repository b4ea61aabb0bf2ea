import { expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import { compositionIn } from '../../../src/core/topology/index.ts'
import { aSeedLayer } from '../../support/builders/plans.ts'

const topology = (spec: JsonObject) =>
  makeResource({ apiVersion: 'honua.io/v1', kind: 'Topology', namespace: 'default', name: 'city', metadata: {}, spec })

it('is null where no topology is declared', () => {
  expect(compositionIn([aSeedLayer('parcels')])).toBeNull()
})

it('names every place, and which component refers to which, each pair once', () => {
  const found = compositionIn([
    aSeedLayer('parcels'),
    topology({
      database: { target: 'db', host: 'db.city.example', port: 5432 },
      applicationServers: {
        dsn: 'postgres://${database.host}:${database.port}/gis',
        instances: [
          { name: 'one', target: 'gis-1' },
          { name: 'two', target: 'gis-2', pool: { of: ['${database.host}'] } },
        ],
      },
      cdn: { target: 'cache', origin: 'https://${applicationServers.instances.0.name}', self: '${cdn.target}' },
      colours: { of: '${database.host}' },
    }),
  ])
  expect(found?.places.map(({ component, instance, target }) => `${component} ${instance} ${target}`)).toEqual([
    'database database db',
    'applicationServers one gis-1',
    'applicationServers two gis-2',
    'cdn cdn cache',
  ])
  expect(found?.references).toEqual([
    { from: 'applicationServers', to: 'database' },
    { from: 'cdn', to: 'applicationServers' },
  ])
})

it('draws no arrow to a secret, to what is not there, or to what is no component', () => {
  const found = compositionIn([
    topology({
      cdn: { target: 'cache', key: '${CDN_KEY}', origin: '${colours.of}', other: '${loadBalancer.host}' },
      colours: { of: 'blue' },
    }),
  ])
  expect(found?.references).toEqual([])
})
