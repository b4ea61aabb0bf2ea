import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hide } from '../../../src/api/inspect/index.ts'
import { makeTokens } from '../../../src/api/tokens.ts'
import { type RunningWeb, startWeb, type WebSettings } from '../../../src/api/web/server.ts'
import { sha256 } from '../../../src/core/canonical.ts'
import { type Received, silent, TOKEN } from '../api-world.ts'
import { FakeFacade } from '../fake-facade.ts'
import { type VirtualClock, virtualClock } from '../virtual-clock.ts'

export interface Sending {
  readonly headers?: { readonly [name: string]: string }
  readonly body?: object | string
}

/** The real server of the pages before a fake controller; otto has a token. */
export interface WebApiWorld {
  readonly facade: FakeFacade
  readonly clock: VirtualClock
  readonly web: RunningWeb
  readonly host: string
  /** `Host` is right unless another is given. */
  send(method: string, path: string, sending?: Sending): Promise<Received>
  /** A response that stays open. */
  open(path: string, headers?: { readonly [name: string]: string }): Promise<IncomingMessage>
  /** What a browser of somebody who signed in sends. */
  signedIn(): Promise<{ readonly [name: string]: string }>
  /** Changes the secret that holds the tokens. */
  retoken(text: string): void
  /** Takes all tokens away. */
  revoke(): void
  close(): Promise<void>
}

/** `inspect`: inspectors may look, and this takes secrets out of what they are shown. */
export async function webApiWorld(
  {
    inspect = null,
    environments,
    ...settings
  }: Partial<WebSettings> & { readonly inspect?: Hide | null; readonly environments?: readonly string[] } = {},
  tokens = `otto ${sha256(TOKEN)}\n`,
): Promise<WebApiWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'honua-web-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Honua</title>')
  writeFileSync(join(folder, 'assets/main-0123.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'not for the web')
  const clock = virtualClock()
  const facade = new FakeFacade(clock, environments)
  let current = tokens
  const web = await startWeb({
    facade,
    tokens: makeTokens({ read: async () => current }),
    log: silent,
    clock,
    pages: folder,
    inspect: inspect === null ? null : { page: folder, hide: inspect },
    settings: { host: '127.0.0.1', port: 0, names: [], anonymous: 'nothing', ...settings },
  })
  const { port } = new URL(web.url)
  const host = `127.0.0.1:${port}`
  const ask = (method: string, path: string, { headers, body }: Sending) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port, method, path, agent: false, headers: { host, ...headers } })
      call.once('response', resolve)
      call.once('error', reject)
      call.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body))
    })
  const send: WebApiWorld['send'] = async (method, path, sending = {}) => {
    const answer = await ask(method, path, sending)
    let text = ''
    for await (const part of answer.setEncoding('utf8')) text += String(part)
    return { status: answer.statusCode ?? 0, headers: answer.headers, text }
  }
  return {
    facade,
    clock,
    web,
    host,
    send,
    open: (path, headers = {}) => ask('GET', path, { headers }),
    async signedIn() {
      const { headers } = await send('POST', '/v1/session', { headers: BROWSER, body: { token: TOKEN } })
      return { ...BROWSER, cookie: String(headers['set-cookie']).split(';')[0] ?? '' }
    },
    retoken(text) {
      current = text
    },
    revoke() {
      current = ''
    },
    async close() {
      await web.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What our own pages send with an order. */
export const BROWSER = { 'content-type': 'application/json', 'honua-request': '1', 'sec-fetch-site': 'same-origin' }
