import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPeerIdentity } from '../../src/adapters/peer-identity.ts'
import { makeIdentity } from '../../src/api/identity.ts'
import type { Authorise } from '../../src/api/orders.ts'
import { startApi } from '../../src/api/server.ts'
import { makeTokens } from '../../src/api/tokens.ts'
import { sha256 } from '../../src/core/canonical.ts'
import type { Log } from '../../src/ports/log.ts'
import { FakeFacade } from './fake-facade.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

export const TOKEN = 'a-token-that-only-otto-has'

/** A real API on a real socket before a fake controller. */
export interface ApiWorld {
  readonly facade: FakeFacade
  readonly clock: VirtualClock
  readonly folder: string
  readonly socket: string
  send(method: string, path: string, options?: Sending): Promise<Received>
  close(): Promise<void>
}
interface Sending {
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}
export interface Received {
  readonly status: number
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly text: string
}

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
}

export async function apiWorld(
  options: { readonly environments?: readonly string[]; readonly authorise?: Authorise; readonly tokens?: string } = {},
): Promise<ApiWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'honua-api-'))
  const socket = join(folder, 'honua.sock')
  const clock = virtualClock()
  const facade = new FakeFacade(clock, options.environments)
  const peers = await openPeerIdentity({ folder: join(folder, 'peers'), clock })
  const tokens = options.tokens ?? `otto ${sha256(TOKEN)}\n`
  const secrets = { read: async (name: string) => (name === 'operator-tokens' ? tokens : undefined) }
  const api = await startApi({
    facade,
    socketPath: socket,
    identity: makeIdentity({ peers, tokens: makeTokens(secrets) }),
    log: silent,
    clock,
    ...(options.authorise === undefined ? {} : { authorise: options.authorise }),
  })
  return {
    facade,
    clock,
    folder,
    socket,
    send: (method, path, sending) => exchange(socket, method, path, sending),
    async close() {
      await api.close()
      await peers.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Headers of an order by otto, who has a token. */
export const asOtto = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

function exchange(
  socketPath: string,
  method: string,
  path: string,
  { headers, body }: Sending = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath, method, path, agent: false, headers: { host: 'localhost', ...headers } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          text += part
        })
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
        answer.once('error', reject)
      },
    )
    call.once('error', reject)
    call.end(body)
  })
}
