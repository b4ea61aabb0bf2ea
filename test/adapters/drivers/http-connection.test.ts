import { createServer, type RequestListener } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exchange, type HttpRequest } from '../../../src/adapters/drivers/http-client.ts'
import { calm } from '../../contract/driver.requests.ts'
import { TestClock } from './deps.ts'

const closing: (() => void)[] = []
let clock = new TestClock()
beforeEach(() => {
  clock = new TestClock()
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Sends one request to a server that does as the listener says. */
async function asked(listener: RequestListener, request: Partial<HttpRequest> = {}, signal = calm()) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const url = new URL(`http://127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}/a?b=c`)
  const base = { method: 'GET', headers: {}, timeoutMs: 60_000, bytesMax: 100 } as const
  return exchange('gis', { ...base, url, ...request }, clock, signal)
}

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('an answer in %s is read as it was before', async (encoding, compress) => {
  const { text } = await asked((_, response) => {
    response.setHeader('content-encoding', encoding)
    response.end(compress('{"a":1}'))
  })
  expect(text).toBe('{"a":1}')
})

const thrice = (text: string) => gzipSync(deflateSync(gzipSync(text)))

it('an answer compressed several times over is read as it was before', async () => {
  const { text } = await asked((_, response) => {
    response.setHeader('content-encoding', 'gzip, Deflate , identity, x-gzip')
    response.end(thrice('{"a":1}'))
  })
  expect(text).toBe('{"a":1}')
})

it.each(['zstd', 'gzip, aes128gcm', 'gzip, gzip, gzip, gzip'])('an answer in %s is unusable', async (encoding) => {
  const answer = asked((_, response) => {
    response.setHeader('content-encoding', encoding)
    response.end('{"a":1}')
  })
  await expect(answer).rejects.toMatchObject({
    code: 'HONUA_TARGET_ANSWER',
    message: expect.stringContaining(`GET /a: its encoding "${encoding}" cannot be read`),
  })
})

it.each([
  ['gzip', gzipSync],
  ['gzip, deflate, gzip', thrice],
] as const)('a short answer in %s that unfolds to a long one is not held', async (encoding, compress) => {
  const bomb = compress('0'.repeat(10_000_000))
  const answer = asked((_, response) => {
    response.setHeader('content-encoding', encoding)
    response.end(bomb)
  })
  await expect(answer).rejects.toMatchObject({ code: 'HONUA_TARGET_ANSWER' })
})

it.each([
  ['is none of its encoding', 'gzip', 'not compressed'],
  ['is shorter than it said', '', 'cut'],
])('an answer that %s is told as a broken connection', async (_, encoding, body) => {
  const answer = asked((_request, response) => {
    response.setHeader('content-encoding', encoding)
    response.setHeader('content-length', '50')
    response.write(body, () => response.destroy())
  })
  await expect(answer).rejects.toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE' })
})

it.each(['gzip', 'gzip, gzip', 'zstd'])('an answer without a body may be said to be in %s', async (encoding) => {
  const { status, text } = await asked((_, response) => {
    response.writeHead(204, { 'content-encoding': encoding }).end()
  })
  expect([status, text]).toEqual([204, ''])
})

it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('a %s is sent whole, with its length', async (method) => {
  const { text } = await asked(
    (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { 'content-length': length, 'transfer-encoding': coding = 'none' } = request.headers
        response.end(`${request.method} ${request.url} ${length} ${coding} ${Buffer.concat(chunks).toString()}`)
      })
    },
    { method, body: 'äöü' },
  )
  expect(text).toBe(`${method} /a?b=c 6 none äöü`)
})

describe('an exchange ends', () => {
  const switching: RequestListener = ({ socket }) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
  }
  const ending: readonly (readonly [string, RequestListener])[] = [
    ['never answers', () => undefined],
    ['switches to another protocol', switching],
    ['sends half a head', ({ socket }) => void socket.write('HTTP/1.1 200')],
    ['sends half a body', (_, response) => void response.writeHead(200, { 'content-length': 9 }).write('abc')],
  ]

  it('when the server switches to another protocol', async () => {
    await expect(asked(switching)).rejects.toMatchObject({
      code: 'HONUA_TARGET_UNREACHABLE',
      message: expect.stringContaining('the connection broke'),
    })
  })

  it.each(ending)('at its deadline when the server %s', async (_, listener) => {
    const answer = asked((request, response) => {
      clock.expireDeadlines()
      listener(request, response)
    })
    await expect(answer).rejects.toMatchObject({ message: expect.stringContaining('no complete answer within') })
  })

  it.each(ending)('with the reason of its abort when the server %s', async (_, listener) => {
    const abort = new AbortController()
    const answer = asked(
      (request, response) => {
        abort.abort(new Error('owed no more'))
        listener(request, response)
      },
      {},
      abort.signal,
    )
    await expect(answer).rejects.toThrow('owed no more')
  })
})
