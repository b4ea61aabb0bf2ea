import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { asOtto } from '../support/api-world.ts'
import { aDecision, aHead, aPlan, someSettings } from '../support/builders/environment.ts'
import { type WebApiWorld, webApiWorld } from '../support/web/api-world.ts'

let world: WebApiWorld
beforeEach(async () => {
  world = await webApiWorld({ anonymous: 'read' })
})
afterEach(() => world.close())

interface Message {
  readonly id: string
  readonly event: string
  readonly data: {
    readonly environments: readonly { readonly name: string }[]
    readonly events: readonly { readonly sequence: number }[]
    readonly missed: number
  }
}

/** The messages of a response, one by one. */
async function* messages(answer: IncomingMessage): AsyncGenerator<Message, void> {
  let text = ''
  for await (const part of answer.setEncoding('utf8')) {
    text += String(part)
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
      if (field('event') !== '') yield { id: field('id'), event: field('event'), data: JSON.parse(field('data')) }
    }
  }
}

async function watch(path = '/v1/live', headers: { readonly [name: string]: string } = {}) {
  const answer = await world.open(path, headers)
  const all = messages(answer)
  return {
    answer,
    async next(): Promise<Message> {
      const { value } = await all.next()
      if (value === undefined) throw new Error('the controller hung up')
      return value
    },
  }
}

const happen = (name = 'production', size = 0) =>
  world.facade.happen(name, { type: 'settings.changed', settings: someSettings({ targets: ['x'.repeat(size)] }) })
const namesIn = ({ data }: Message) => data.environments.map(({ name }) => name)
/** Waits for what is on its way by the network, which no virtual time moves. */
const until = async (holds: () => boolean) => {
  while (!holds()) {
    await world.clock.advance(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

it('begins with everything as it is, and goes on with what moved', async () => {
  const page = await watch()
  const first = await page.next()
  expect([first.event, namesIn(first)]).toEqual(['reset', ['dev', 'production']])
  happen()
  await world.clock.advance(100)
  const second = await page.next()
  expect([second.event, namesIn(second), second.data.events.length]).toEqual(['changed', ['production'], 1])
  expect(second.id).not.toBe(first.id)
})

it('a storm is one message in a tenth of a second, with the newest events and the number of the others', async () => {
  const page = await watch()
  await page.next()
  for (let n = 0; n < 150; n += 1) happen()
  await world.clock.advance(100)
  const { data } = await page.next()
  expect([data.environments.length, data.events.length, data.missed]).toEqual([1, 100, 50])
})

it('resumes where a page was, by header or address, and tells nothing that it knows', async () => {
  const page = await watch()
  const { id } = await page.next()
  page.answer.destroy()
  happen('dev')
  for (const again of [await watch('/v1/live', { 'last-event-id': id }), await watch(`/v1/live?after=${id}`)]) {
    const message = await again.next()
    expect([message.event, namesIn(message)]).toEqual(['changed', ['dev']])
  }
})

it('a page that has everything is told nothing until something happens', async () => {
  const page = await watch()
  const { id } = await page.next()
  const again = await watch(`/v1/live?after=${id}`)
  happen()
  await world.clock.advance(100)
  expect(namesIn(await again.next())).toEqual(['production'])
})

it.each(['0-00000001', '99-12345678', 'nonsense', ''])(
  'a position that is not known (%j) is answered with everything',
  async (after) => {
    happen()
    expect((await (await watch(`/v1/live?after=${after}`)).next()).event).toBe('reset')
  },
)

it('a position that is older than what is remembered is answered with everything', async () => {
  const page = await watch()
  const { id } = await page.next()
  page.answer.destroy()
  for (let n = 0; n < 1_001; n += 1) happen()
  expect((await (await watch(`/v1/live?after=${id}`)).next()).event).toBe('reset')
})

it('tells how far the writing has come, twice a second and without an id, while something is written', async () => {
  const deploy = () => {
    const { facade } = world
    facade.happen('dev', { type: 'settings.changed', settings: someSettings() })
    facade.happen('dev', { type: 'head.moved', head: aHead() })
    facade.happen('dev', { type: 'look.planned', effect: facade.owed('dev'), plan: aPlan() })
    facade.happen('dev', { type: 'decision.made', effect: facade.owed('dev'), decision: aDecision('deploy') })
  }
  deploy()
  const page = await watch()
  const { id } = await page.next()
  const told = async (done: number) => {
    world.facade.writing = [{ target: 'files', done, total: 9 }]
    await world.clock.advance(500)
    return page.next()
  }
  for (const done of [3, 8])
    expect(await told(done)).toEqual({
      id: '',
      event: 'progress',
      data: { environments: [{ name: 'dev', progress: [{ target: 'files', done, total: 9 }] }] },
    })
  // Nothing is told of what stands still, and the place in the journals is as it was.
  await world.clock.advance(2_000)
  happen('production')
  await world.clock.advance(100)
  const next = await page.next()
  expect([next.event, next.id !== id]).toEqual(['changed', true])
})

it('gives a sign of life every 15 s', async () => {
  const page = await watch()
  await page.next()
  await world.clock.advance(15_000)
  expect((await page.next()).event).toBe('alive')
})

it('a page that does not read costs nothing more, and gets the present once it reads', async () => {
  const slow = await watch()
  await slow.next()
  slow.answer.pause()
  for (let n = 0; n < 200; n += 1) {
    happen('production', 50_000)
    await world.clock.advance(100)
  }
  happen('dev')
  let last = await slow.next()
  let told = 1
  const isPresent = () => namesIn(last).includes('dev')
  while (!isPresent()) {
    const next = slow.next()
    let isThere = false
    void next.then(() => {
      isThere = true
    })
    await until(() => isThere)
    last = await next
    told += 1
  }
  expect(told).toBeLessThan(200)
})

it.each([
  ['a page that signed in', '/v1/live', (strict: WebApiWorld) => strict.signedIn()],
  ['a program with a token', '/v1/live', async () => asOtto],
  ['a program that follows events', '/v1/events?follow=true', async () => asOtto],
])('hangs up on %s within 5 s when the token is taken away', async (_, path, headersIn) => {
  const strict = await webApiWorld()
  const answer = await strict.open(path, await headersIn(strict))
  expect(answer.statusCode).toBe(200)
  const closed = new Promise<void>((resolve) => answer.on('close', resolve))
  answer.on('error', () => undefined)
  answer.resume()
  strict.revoke()
  await strict.clock.advance(5_000)
  await closed
  await strict.close()
})
