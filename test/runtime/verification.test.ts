import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/adapters/clock-system.ts'
import { openDriver, type TargetConfig } from '../../src/adapters/drivers/index.ts'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { Deployment } from '../../src/core/vocabulary.ts'
import { silentLog, testDeps } from '../adapters/drivers/deps.ts'
import { layerFile } from '../support/builders/layers.ts'
import { aFeature } from '../support/honua-server/ogc.ts'
import { textField } from '../support/honua-server/raw-json.ts'
import { type HonuaServer, startHonuaServer } from '../support/honua-server/server.ts'
import { type JsonApi, startJsonApi } from '../support/json-api/server.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'

const TOPOLOGY = `apiVersion: honua.io/v1
kind: Topology
metadata: {name: city}
spec:
  applicationServers: {instances: [{name: one, target: gis}]}
  cdn: {target: cache}
  deploymentCoordination:
    phases:
      edge: [flush-cdn-cache]
      validation:
        - {step: smoke-tests, tries: 1, with: {requests: [{path: /conformance, pointer: /conformsTo/0, equals: "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"}]}}
        - {step: ogc-conformance-test, tries: 1, with: {collection: "default::{name}"}}
      post-deployment: [warm-metadata-cache]
`
/** Generous: what is waited for comes within a second on an idle computer. */
const WAIT = { timeout: 30_000, interval: 50 }

let server: HonuaServer
let cache: JsonApi
let git: MemoryGit
let world: RuntimeWorld

beforeEach(async () => {
  server = await startHonuaServer()
  cache = await startJsonApi()
  git = memoryGit()
  git.commit({
    'environments/dev/topology.yaml': TOPOLOGY,
    'environments/dev/a.yaml': layerFile('parcels', { title: 'first' }),
  })
  const clock = systemClock()
  const deps = { ...testDeps({ clock }), log: silentLog }
  const common = { credentials: { type: 'none' }, timeoutMs: 10_000, maxInFlight: 4 } as const
  const flush = {
    requests: [
      {
        method: 'POST' as const,
        path: '/masstruncate',
        each: ['Layer'],
        xml: '<truncateLayer><layerName>{namespace}:{name}</layerName></truncateLayer>',
      },
    ],
    keyHeader: 'Idempotency-Key',
  }
  const checks = { url: `${server.url}/ogc`, signIn: false, certificates: [] }
  const targets: readonly TargetConfig[] = [
    { name: 'gis', driver: 'honua', url: server.url, checks, ...common },
    {
      ...{ name: 'cache', driver: 'http', url: `${new URL(cache.url).origin}/geoserver/gwc/rest`, kinds: [] },
      ...{ actions: { 'flush-cdn-cache': flush }, ...common },
    },
  ]
  const drivers = targets.map((target) => openDriver(target, 'dev', deps))
  world = await startRuntime({ clock, git, store: await openMemoryStore(), drivers: () => drivers, pollMs: 100 })
})
afterEach(async () => {
  await world.stop()
  await server.close()
  await cache.close()
})

async function newest(): Promise<Deployment | undefined> {
  for await (const one of world.facade.deployments({ prefix: 'dev-', reverse: true })) return one
  return undefined
}

async function ended(state: Deployment['state'], commit: string | null = null): Promise<Deployment> {
  return vi.waitFor(async () => {
    const one = await newest()
    if (one?.state !== state || (commit !== null && one.commit !== commit)) throw new Error(`it is ${one?.state}`)
    return one
  }, WAIT)
}

describe('what is served after a deployment', () => {
  it('is checked in the phase of validation, and the record tells each check', async () => {
    const { deeds = [] } = await ended('Completed')
    expect(deeds.map(({ step, target, ok }) => `${step} ${target} ${ok}`)).toEqual([
      'flush-cdn-cache cache true',
      'smoke-tests gis true',
      'ogc-conformance-test gis true',
      'warm-metadata-cache gis true',
    ])
    expect(deeds[2]?.checks?.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      'GET /: as the OGC API says',
      'GET /conformance: as the OGC API says',
      'GET /collections: as the OGC API says',
      "collection default::parcels: 1 item; Polygon inside its collection's bbox",
    ])
    expect(cache.steps.done).toEqual(['truncate default:parcels'])
  })

  it('and is not what it should be: everything is rolled back, caches are flushed again, and the record tells why', async () => {
    const { commit } = await ended('Completed')
    server.ogc.holds = ({ spec }) =>
      textField(spec, 'title') === 'second'
        ? { features: [aFeature({ type: 'Point', coordinates: [48.2, 16.4] })], bbox: [16, 48, 17, 49] }
        : { features: [aFeature()], bbox: [16, 48, 17, 49] }
    git.commit({ 'environments/dev/a.yaml': layerFile('parcels', { title: 'second' }) })
    const failed = await ended('RolledBack')
    expect(failed.commit).not.toBe(commit)
    expect(failed.error?.message).toContain('its axes are swapped')
    const told = failed.deeds?.find(({ step }) => step === 'ogc-conformance-test')
    expect(told?.checks?.map(({ ok }) => ok)).toEqual([true, true, true, false])
    expect(textField(server.state.get('Layer/default/parcels')?.spec, 'title')).toBe('first')
    expect(cache.steps.done).toHaveLength(3)
  })

  it('inputs that mean nothing are refused before anything is written', async () => {
    await ended('Completed')
    git.commit({
      'environments/dev/topology.yaml': TOPOLOGY.replace('{collection:', '{colection:'),
      'environments/dev/a.yaml': layerFile('parcels', { title: 'second' }),
    })
    const { error } = await ended('Failed')
    expect(error?.message).toContain('with.colection is not known; did you mean "collection"?')
    expect(textField(server.state.get('Layer/default/parcels')?.spec, 'title')).toBe('first')
  })
})
