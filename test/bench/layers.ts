import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { openDriver } from '../../src/adapters/drivers/index.ts'
import type { HonuaTarget } from '../../src/adapters/drivers/settings.ts'
import { makePlan } from '../../src/core/plan/index.ts'
import { makeResource } from '../../src/core/resource.ts'
import type { DeclaredResource, DesiredState, Plan } from '../../src/core/vocabulary.ts'
import type { Driver } from '../../src/ports/driver.ts'
import { requestsOf } from '../../src/runtime/environment/apply.ts'
import { Reached } from '../../src/runtime/environment/reached.ts'
import { observeAll } from '../../src/runtime/environment/world.ts'
import { someSettings } from '../support/builders/environment.ts'
import { isObject } from '../support/honua-server/exchange.ts'
import { atMost, type Bench, inTurns, median, ratio, timed } from './figures.ts'
import { clock, silent } from './support.ts'

const LAYERS = 5_000
const ROUNDS = 15
const DEPLOYMENTS = 3
const MAX_IN_FLIGHT = 8
/** A server that answers at once never sees two requests; one that takes so long, in ms, sees all that are in flight. */
const WRITE_DELAY_MS = 50
/** Layers in one request, as the driver sends them too. */
const BY_HAND = 100
const MANIFEST = '/api/v1/admin/manifest'
const STAND_IN = new URL('../support/honua-server/main.ts', import.meta.url).pathname

/** Five thousand layers on one Honua server, in a process of its own: looked at, planned, and changed all at once. */
export const layers: Bench = {
  name: 'layers',
  goal: 'a look at 5,000 layers, planned or not, takes at most 1.5 × fetching and parsing; few requests are in flight',
  async run() {
    const server = await startStandIn()
    try {
      const driver = driverOn(server.url)
      await writeByHand(server.url, layersOf('first'))
      const desired = desiredOf('first')
      const signal = new AbortController().signal
      const [bare = 0, look = 0, planned = 0] = await inTurns(ROUNDS, [
        () => readByHand(server.url),
        () => driver.observe([], signal),
        async () => {
          const { changes } = await lookAndPlan(driver, desired, signal)
          if (changes.length > 0) throw new Error(`planned ${changes.length} changes`)
        },
      ])
      const byHand: number[] = []
      const ours: number[] = []
      for (let round = 0; round < DEPLOYMENTS; round += 1) {
        const texts = layersOf(`by hand ${round}`)
        byHand.push(
          await timed(async () => {
            await readByHand(server.url)
            await writeByHand(server.url, texts)
            await readByHand(server.url)
          }),
        )
        const deploy = await deploymentOf(driver, desiredOf(`round ${round}`), signal)
        ours.push(await timed(deploy))
      }
      await driver.close()
      return [
        ratio('5,000 layers: a look without a change, against fetch + JSON.parse', look, bare, 1.5),
        ratio('5,000 layers: probe, look and plan, against the same', planned, bare, 1.5),
        ratio(
          '5,000 changed layers: deployed, against reading, writing, reading back',
          median(ours),
          median(byHand),
          1.5,
        ),
        atMost('5,000 changed layers: requests in flight', await mostInFlight(), MAX_IN_FLIGHT, ''),
      ]
    } finally {
      server.end()
    }
  },
}

function driverOn(url: string): Driver {
  const target: HonuaTarget = {
    name: 'gis',
    driver: 'honua',
    url,
    credentials: { type: 'none' },
    timeoutMs: 60_000,
    maxInFlight: MAX_IN_FLIGHT,
  }
  return openDriver(target, 'production', {
    clock,
    log: silent,
    secrets: { read: async () => undefined },
    resolveSecret: async () => '',
  })
}

/** The greatest number of requests that a slow server sees at one moment while everything on it is changed. */
async function mostInFlight(): Promise<number> {
  const server = await startStandIn('--write-delay', String(WRITE_DELAY_MS))
  try {
    await writeByHand(server.url, layersOf('first'))
    const driver = driverOn(server.url)
    await (await deploymentOf(driver, desiredOf('second'), new AbortController().signal))()
    await driver.close()
    return await server.stop()
  } finally {
    server.end()
  }
}

function observed(driver: Driver, { resources }: DesiredState, signal: AbortSignal) {
  return observeAll(
    { reached: new Reached(), clock },
    { environment: 'bench', drivers: [driver], desired: resources },
    signal,
  )
}

async function lookAndPlan(driver: Driver, desired: DesiredState, signal: AbortSignal): Promise<Plan> {
  return planOf(driver, desired, await observed(driver, desired, signal))
}

function planOf(driver: Driver, desired: DesiredState, found: Awaited<ReturnType<typeof observeAll>>): Plan {
  return makePlan({
    desired,
    reason: 'commit',
    targets: found.map(({ description, abilities, live }) => ({
      name: driver.name,
      description,
      abilities,
      live,
      takes: (resource) => driver.takes?.(resource) ?? true,
      represent: (resource) => driver.represent?.(resource) ?? resource,
    })),
    inventory: [],
    settings: someSettings(),
  })
}

async function deploymentOf(driver: Driver, desired: DesiredState, signal: AbortSignal) {
  const found = await observed(driver, desired, signal)
  const plan = planOf(driver, desired, found)
  if (plan.changes.length !== LAYERS) throw new Error(`planned ${plan.changes.length} changes`)
  const requests = requestsOf(plan, plan.steps, desired.resources, found, desired.commit)
  return async () => {
    for (const { request } of requests) await driver.apply(request, signal)
  }
}

/** Layers in the server's own form. */
function layersOf(title: string): readonly DeclaredResource[] {
  return Array.from({ length: LAYERS }, (_, at) => {
    const name = `layer-${String(at).padStart(4, '0')}`
    const storage = { schemaName: 'public', tableName: name.replace('-', '_'), srid: 4326, geometryType: 'Polygon' }
    return {
      ...makeResource({
        apiVersion: 'honua.io/v1alpha1',
        kind: 'Layer',
        namespace: 'default',
        name,
        metadata: {},
        spec: { title, description: `Parcels of district ${at}`, ...storage },
      }),
      location: { path: `environments/production/${name}.yaml`, line: 1, column: 1 },
    }
  })
}

function desiredOf(title: string): DesiredState {
  return {
    environment: 'production',
    commit: '0'.repeat(40),
    trees: { environment: null, common: null, gitops: null },
    resources: layersOf(title),
    release: '0'.repeat(64),
  }
}

async function readByHand(url: string): Promise<unknown> {
  return JSON.parse(await (await fetch(`${url}${MANIFEST}`)).text())
}

/** One request after the other, each with a hundred layers, and each answer read. */
async function writeByHand(url: string, all: readonly DeclaredResource[]): Promise<void> {
  for (let at = 0; at < all.length; at += BY_HAND) {
    const resources = all.slice(at, at + BY_HAND).map(({ apiVersion, kind, name, namespace, spec }) => ({
      ...{ apiVersion, kind, spec },
      metadata: { name, namespace },
    }))
    const answer = await fetch(`${url}${MANIFEST}/apply`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resources }),
    })
    const told: unknown = await answer.json()
    if (!isObject(told) || told['success'] !== true) throw new Error(`the server answered ${answer.status}`)
  }
}

interface StandIn {
  readonly url: string
  /** Ends it; resolves with the greatest number of requests at once. */
  stop(): Promise<number>
  /** Ends it if it is still there. */
  end(): void
}

async function startStandIn(...how: readonly string[]): Promise<StandIn> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', STAND_IN, '--port', '0', ...how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout === null) throw new Error('the stand-in has no output')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const found = async (form: RegExp): Promise<string> => {
    const line = await lines.next()
    const match = line.done === true ? null : form.exec(line.value)
    if (match?.[1] === undefined) throw new Error('the stand-in does not say what it should')
    return match[1]
  }
  return {
    url: await found(/listens on (\S+)$/),
    async stop() {
      child.kill('SIGTERM')
      const most = Number(await found(/^At most (\d+) /))
      await once(child, 'exit')
      return most
    },
    end: () => void child.kill('SIGKILL'),
  }
}
