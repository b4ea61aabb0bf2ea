import { createServer } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { HttpApi } from '../../../../src/adapters/drivers/http/api.ts'
import { calm } from '../../../contract/driver.requests.ts'
import { TestClock, testDeps } from '../deps.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Calls of a server whose clock, in ms from ours, is each answer's own. */
async function calls(dates: readonly (number | string)[]) {
  const left = [...dates]
  const clock = new TestClock()
  const server = createServer((_, response) => {
    const date = left.shift() ?? 0
    response.setHeader('date', typeof date === 'string' ? date : new Date(clock.now() + date).toUTCString())
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const url = `http://127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}/`
  const settings = {
    name: 'api',
    driver: 'http',
    credentials: { type: 'none' },
    timeoutMs: 60_000,
    maxInFlight: 4,
    actions: {},
    kinds: [],
  } as const
  const api = new HttpApi({ ...settings, url }, new URL(url), testDeps({ clock }))
  return {
    write: () => api.write({ method: 'PUT', path: '/x' }, {}, {}, {}, [], calm()),
    read: async () => (await api.read(new URL('/y', url), calm())).stale,
  }
}

const HOUR_MS = 3_600_000

it('an answer of before the last write is stale', async () => {
  const { write, read } = await calls([0, -HOUR_MS])
  await write()
  expect(await read()).toContain('before the last write')
})

it('one clock that is ahead makes no later answer one of before', async () => {
  const { write, read } = await calls([HOUR_MS, 0, 0])
  await write()
  expect(await read()).toBeNull()
})

it('a server whose clock is behind or ahead is judged by its own', async () => {
  for (const apart of [-HOUR_MS, HOUR_MS]) {
    const { write, read } = await calls([apart, apart])
    await write()
    expect(await read()).toBeNull()
  }
})

it('a time that is none is no later one', async () => {
  const { write, read } = await calls([0, 'yesterday', -HOUR_MS])
  await write()
  await write()
  expect(await read()).toContain('before the last write')
})
