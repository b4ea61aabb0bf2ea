/**
 * A stand-in for a Honua server of any generation, over real HTTP, with every trap of its API and, for tests, with troubles that can
 * be put on it. It is no mock: it keeps resources, versions and hashes by the server's own rules.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HonuaServerOptions, Letter, SeenRequest } from './exchange.ts'
import { type Fault, Faults } from './faults.ts'
import { Approvals } from './generation-b/approvals.ts'
import { keyOf, type Stored, type Wanted, wantedOf } from './generation-b/resources.ts'
import { newOgc, type Ogc } from './ogc.ts'
import { parseRaw, type Raw, stringifyRaw, toRaw } from './raw-json.ts'
import { route } from './routes.ts'

export type { HonuaServerOptions, SeenRequest } from './exchange.ts'

import { StateOfA } from './generation-a/state.ts'
import { HonuaState } from './generation-b/state.ts'
import { StateOfC } from './generation-c/state.ts'

export interface HonuaServer {
  readonly url: string
  readonly port: number
  /** What a server of generation B holds. */
  readonly state: HonuaState
  /** What one of generation A holds. */
  readonly a: StateOfA
  /** What one of generation C holds. */
  readonly c: StateOfC
  /** Upgrades the server in place; what another generation held is kept out of sight. */
  become(generation: Letter): void
  /** What it serves to everybody below /ogc. */
  readonly ogc: Ogc
  /** Every request so far, the last 10,000. */
  readonly requests: readonly SeenRequest[]
  /** The greatest number of requests that were being answered at one moment. */
  readonly mostAtOnce: number
  /** The same of those that write. */
  readonly mostWritesAtOnce: number
  /** Puts a trouble on the server; call the result to lift it. */
  setFault(fault: Fault): () => void
  clearFaults(): void
  /** Changes a resource behind everybody's back; null removes it. The resource is in the form of the API. */
  editOutOfBand(key: string, edit: (resource: Wanted) => Wanted | null): void
  /** Puts a resource there as a person with another tool would. */
  createOutOfBand(resource: unknown): Stored
  close(): Promise<void>
}

const REQUESTS_KEPT_MAX = 10_000
const BODY_BYTES_MAX = 64 * 1024 * 1024

/** Starts the stand-in on loopback; resolves when it accepts connections. */
export async function startHonuaServer(options: HonuaServerOptions = {}): Promise<HonuaServer> {
  const now = options.now ?? (() => new Date())
  const state = new HonuaState(options.persistPath ?? null, now)
  const a = new StateOfA()
  const c = new StateOfC(now)
  let generation: Letter = options.generation ?? 'B'
  const faults = new Faults()
  for (const fault of options.faults ?? []) faults.set(fault)
  const approvals = new Approvals(now)
  const ogc = newOgc()
  const requests: SeenRequest[] = []
  let atOnce = 0
  let mostAtOnce = 0
  let writesAtOnce = 0
  let mostWritesAtOnce = 0
  const server = createServer((request, response) => {
    atOnce += 1
    mostAtOnce = Math.max(mostAtOnce, atOnce)
    const writes = request.method === 'GET' ? 0 : 1
    writesAtOnce += writes
    mostWritesAtOnce = Math.max(mostWritesAtOnce, writesAtOnce)
    response.once('close', () => {
      atOnce -= 1
      writesAtOnce -= writes
    })
    void (async () => {
      const seen: SeenRequest = {
        method: request.method ?? '',
        path: request.url ?? '/',
        headers: request.headers,
        body: await readBody(request),
        status: 0,
      }
      requests.push(seen)
      if (requests.length > REQUESTS_KEPT_MAX) requests.shift()
      await route({ options, generation, state, a, c, faults, approvals, ogc, now, seen, request, response })
      if (response.headersSent) seen.status = response.statusCode
    })().catch((error: unknown) => failLoudly(response, error))
  })
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1')
  const { port } = addressOf(server)
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${port}`,
    port,
    state,
    a,
    c,
    become: (next) => {
      generation = next
    },
    ogc,
    requests,
    get mostAtOnce() {
      return mostAtOnce
    },
    get mostWritesAtOnce() {
      return mostWritesAtOnce
    },
    setFault: (fault) => faults.set(fault),
    clearFaults: () => faults.clear(),
    editOutOfBand: (key, edit) => {
      const stored = state.get(key)
      if (stored === undefined) throw new Error(`no resource ${key}`)
      const next = edit(stored)
      if (next === null) state.remove(key)
      else state.put(next)
    },
    createOutOfBand: (resource) => {
      const { wanted, problem } = wantedOf(toRaw(resource))
      if (problem !== null) throw new Error(`${keyOf(wanted)}: ${problem}`)
      return state.put(wanted)
    },
    close: () => close(server),
  }
}

/** Text of JSON as raw JSON, for out-of-band edits whose number text matters. */
export function raw(text: string): Raw {
  return parseRaw(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > BODY_BYTES_MAX) throw new Error('the request is too long')
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function failLoudly(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(500, { 'content-type': 'application/json' })
  response.end(stringifyRaw(toRaw({ success: false, message: String(error) })))
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
}
