import type { JsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import { ALL_FAULTS, type DriverFault } from '../../contract/driver.faults.ts'
import { type Sample, themes } from '../../contract/driver.sample.ts'
import { driverContract } from '../../contract/driver.suite.ts'
import type { Letter } from '../../support/honua-server/exchange.ts'
import type { Fault } from '../../support/honua-server/faults.ts'
import { toAnswer } from '../../support/honua-server/generation-b/resources.ts'
import { isRawObject, stringifyRaw, toRaw } from '../../support/honua-server/raw-json.ts'
import type { HonuaServer } from '../../support/honua-server/server.ts'
import { standIn } from './honua-target.ts'

/** What a generation is tried with, and how a hand reaches behind the driver's back. */
interface Subject {
  readonly name: string
  readonly sample: Sample
  edit(server: HonuaServer, name: string, spec: JsonObject): void
  remove(server: HonuaServer, name: string): void
  text(server: HonuaServer): string
}

const declared = (kind: string, name: string, spec: JsonObject) =>
  makeResource({ apiVersion: 'honua.io/v1', kind, namespace: 'default', name, metadata: {}, spec })

const sizeIn = (text: unknown) => Number(/Size=([0-9]+)/.exec(String(text))?.[1])

const dataSources: Sample = {
  of: (name, { size = 0, text } = {}) =>
    declared('DataSource', name, {
      provider: 'postgis',
      connectionString: text === undefined ? `Host=db;Size=${size}` : `Host=db;Password=${text}`,
    }),
  sizeOf: ({ connectionString }) => sizeIn(connectionString),
  textOf: ({ connectionString }) => connectionString,
  isFree: false,
  nameLengthMax: 200,
  secrets: 'one place',
}

const connections: Sample = {
  of: (name, { size = 5432, text } = {}) =>
    declared('Connection', name, {
      host: 'db',
      databaseName: 'gis',
      username: 'honua',
      port: size,
      ...(text === undefined ? { secretReference: 'env:DB_PASSWORD' } : { password: text }),
    }),
  sizeOf: ({ port }) => port,
  textOf: ({ password }) => password,
  isFree: false,
  nameLengthMax: 64,
  secrets: 'never read back',
}

const subjects: Readonly<Record<Letter, Subject>> = {
  A: {
    name: 'honua (generation A)',
    sample: dataSources,
    edit: ({ a }, id, spec) => a.put('datasources', { ...a.get('datasources', id), ...spec }),
    remove: ({ a }, id) => a.remove('datasources', id),
    text: ({ a }) => a.text(),
  },
  B: {
    name: 'honua (generation B)',
    sample: themes,
    edit: (server, name, spec) =>
      server.editOutOfBand(`Theme/default/${name}`, (live) => {
        const next = toRaw(spec)
        return isRawObject(next) ? { ...live, spec: next } : live
      }),
    remove: (server, name) => server.editOutOfBand(`Theme/default/${name}`, () => null),
    text: ({ state }) => stringifyRaw(state.all().map(toAnswer)),
  },
  C: {
    name: 'honua (generation C)',
    sample: connections,
    edit: ({ c }, name, spec) => {
      const before = c.connectionNamed(name)
      c.connections.set(String(before?.['connectionId']), { ...before, ...spec })
      c.changed()
    },
    remove: ({ c }, name) => {
      c.connections.delete(String(c.connectionNamed(name)?.['connectionId']))
      c.changed()
    },
    text: ({ c }) => c.text(),
  },
}

const troublesOf = ({ of }: Sample): Readonly<Record<DriverFault, Fault>> => ({
  'answer lost': { kind: 'cut', when: 'after', times: 1, on: 'writes' },
  'partial failure': { kind: 'refuse', key: of('b').key, message: 'Table is locked.' },
  'lying success': { kind: 'lie', times: 1 },
  slow: { kind: 'delay', ms: 60_000 },
  'too many requests': { kind: 'status', status: 429 },
  unavailable: { kind: 'status', status: 503 },
  unauthorised: { kind: 'status', status: 401 },
  garbage: { kind: 'garbage' },
  'connection cut': { kind: 'cut', when: 'before' },
})

for (const letter of ['A', 'B', 'C'] as const) {
  const { name, sample, edit, remove, text } = subjects[letter]
  const named = (key: string) => key.slice(key.lastIndexOf('/') + 1)
  driverContract({
    name,
    sample,
    faults: ALL_FAULTS,
    open: async () => {
      const { server, clock, open } = await standIn(letter)
      return {
        open: (secrets) => open(secrets === undefined ? {} : { secrets }),
        trouble: async (fault) => {
          const end = server.setFault(troublesOf(sample)[fault])
          return async () => end()
        },
        expire: () => clock.expireDeadlines(),
        editOutOfBand: async (key, spec) => edit(server, named(key), spec),
        removeOutOfBand: async (key) => remove(server, named(key)),
        fingerprint: async () => text(server),
        close: () => server.close(),
      }
    },
  })
}
