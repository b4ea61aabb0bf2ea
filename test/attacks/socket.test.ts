import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ApiWorld, apiWorld } from '../support/api-world.ts'

let world: ApiWorld
beforeEach(async () => {
  world = await apiWorld()
})
afterEach(() => world.close())

/** What the API says to bytes, and whether it then hung up by itself. */
function say(bytes: string | Buffer, more = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(world.socket)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
    )
    socket.write(bytes)
    for (let sent = 0; more !== '' && sent < 200 && !socket.destroyed; sent += 1) socket.write(more)
  })
}

const HEAD = 'GET /v1/status HTTP/1.1\r\nHost: x\r\n'
const POST =
  'POST /v1/environments/production/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer x\r\n'

describe('the socket', () => {
  it.each<[string, string, string, RegExp]>([
    ['two thousand headers', HEAD, 'X-A: 1\r\n'.repeat(50), /^HTTP\/1\.1 431 /],
    ['one header without end', `${HEAD}X-A: `, 'a'.repeat(8_192), /^HTTP\/1\.1 431 /],
    ['a line without end', 'GET /', 'a'.repeat(8_192), /^HTTP\/1\.1 (?:431|414|400) /],
    ['a body that is said to be endless', `${POST}Content-Length: 99999999999\r\n\r\n{`, '', /^HTTP\/1\.1 4(?:01|13) /],
    [
      'a chunked body without end',
      `${POST}Transfer-Encoding: chunked\r\n\r\n`,
      `2000\r\n${'a'.repeat(8_192)}\r\n`,
      /^HTTP\/1\.1 4(?:01|13) /,
    ],
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, '', /^HTTP\/1\.1 400 /],
    [
      'a length and chunks',
      `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      '',
      /^HTTP\/1\.1 400 /,
    ],
    ['a header with a bare line feed', `${HEAD}X-A: 1\nX-B\r\n\r\n`, '', /^HTTP\/1\.1 400 /],
    ['a NUL in a header', `${HEAD}X-A: \0\r\n\r\n`, '', /^HTTP\/1\.1 400 /],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', '', /^HTTP\/1\.1 400 /],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', '', /^HTTP\/1\.1 400 /],
  ])('is cut off: %s', async (_, bytes, more, answer) => {
    expect(await say(Buffer.from(bytes, 'latin1'), more)).toMatch(answer)
    expect((await world.send('GET', '/v1/status')).status).toBe(200)
  })

  it('a hundred requests that never finish keep nobody from being answered', async () => {
    const slow: Socket[] = []
    for (let n = 0; n < 100; n += 1) slow.push(connect(world.socket).on('error', () => undefined))
    await Promise.all(slow.map((socket) => new Promise((resolve) => socket.on('connect', resolve))))
    for (const socket of slow) socket.write(HEAD)
    expect((await world.send('GET', '/v1/status')).status).toBe(200)
    for (const socket of slow) socket.destroy()
  })

  it('no path leads anywhere but to a route, however it is written', async () => {
    for (const path of [
      '/v1/../v1/../etc/passwd',
      '/v1/environments/..%2f..%2fetc',
      '/v1/environments/%00',
      '/v1/%zz',
      '//v1/status',
      '/V1/status',
      '/v1/status/',
    ]) {
      const { status } = await world.send('GET', path)
      expect([400, 404], path).toContain(status)
    }
  })
})
