import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ApiWorld, apiWorld } from '../support/api-world.ts'
import { someSettings } from '../support/builders/environment.ts'
import { settle } from '../support/virtual-clock.ts'

let world: ApiWorld
beforeEach(async () => {
  world = await apiWorld()
})
afterEach(() => world.close())

/** Something happens, as often as it is asked for; `size` makes the event long. */
const happen = (name = 'production', size = 0) =>
  world.facade.happen(name, { type: 'settings.changed', settings: someSettings({ targets: ['x'.repeat(size)] }) })

interface Reader {
  readonly answer: IncomingMessage
  text(): string
  /** Resolves when the text holds `part`. */
  until(part: string): Promise<void>
}

function read(path: string, headers: { readonly [name: string]: string } = {}): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: world.socket, path, agent: false, headers }, (answer) => {
      let text = ''
      let wake = () => undefined as undefined
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        text += part
        wake()
      })
      resolve({
        answer,
        text: () => text,
        async until(part) {
          while (!text.includes(part)) await new Promise<void>((ready) => (wake = () => void ready()))
        },
      })
    })
    call.once('error', reject)
    call.end()
  })
}

const follow = (query = '', headers: { readonly [name: string]: string } = {}) =>
  read(`/v1/events?follow=true${query}`, headers)

it('an event is told after it happened, with its stream and number as id', async () => {
  const reader = await follow()
  await reader.until(': connected')
  happen()
  await reader.until('id: environment/production:1')
  const data = /data: (.*)/.exec(reader.text())?.[1] ?? ''
  expect(JSON.parse(data)).toMatchObject({
    stream: 'environment/production',
    sequence: 1,
    type: 'settings.changed',
    from: 'Unknown.waiting',
  })
})

it('a reader of one environment hears nothing of the others', async () => {
  const reader = await follow('&environment=dev')
  await reader.until(': connected')
  happen('production')
  happen('dev')
  await reader.until('environment/dev:1')
  expect(reader.text()).not.toContain('environment/production')
})

it('every 15 s there is a sign of life', async () => {
  const reader = await follow()
  await reader.until(': connected')
  await world.clock.advance(15_000)
  await reader.until(': alive')
})

it('a reader that comes back gets what it missed, in order', async () => {
  for (let count = 0; count < 4; count += 1) happen()
  const reader = await follow('', { 'last-event-id': 'environment/production:2' })
  await reader.until('production:4')
  expect([...reader.text().matchAll(/id: .*:(\d)/g)].map((match) => match[1])).toEqual(['3', '4'])
})

it('a reader whose last event is forgotten is told to look afresh', async () => {
  happen()
  const reader = await follow('', { 'last-event-id': 'environment/production:99' })
  await reader.until('event: reset')
})

it('without follow the newest events are listed and the answer ends', async () => {
  for (let count = 0; count < 3; count += 1) happen()
  const { text } = await world.send('GET', '/v1/events?limit=2')
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).sequence),
  ).toEqual([2, 3])
})

it('the stream ends when the controller stops', async () => {
  const reader = await follow()
  const ended = new Promise((resolve) => reader.answer.once('end', resolve))
  const other = world
  world = await apiWorld()
  await other.close()
  await ended
})

describe('a reader that never reads', () => {
  it('delays nobody, holds a bounded number of events, and is told how many it missed', async () => {
    const slow = connect(world.socket)
    slow.pause()
    slow.write('GET /v1/events?follow=true HTTP/1.1\r\nhost: localhost\r\n\r\n')
    const quick = await follow()
    await quick.until(': connected')
    for (let count = 0; count < 600; count += 1) {
      happen('production', 20_000)
      if (count % 50 === 0) await settle()
    }
    await quick.until('production:600')
    let text = ''
    slow.setEncoding('utf8')
    slow.on('data', (part: string) => {
      text += part
    })
    slow.resume()
    while (!text.includes('production:600')) await settle()
    const missed = Number(/event: dropped\ndata: \{"count":(\d+)\}/.exec(text.replaceAll('\r\n', '\n'))?.[1])
    expect(missed).toBeGreaterThan(100)
    slow.destroy()
  })

  it('more than 64 readers are refused', async () => {
    for (let count = 0; count < 64; count += 1) await follow()
    const { status, text } = await world.send('GET', '/v1/events?follow=true')
    expect([status, JSON.parse(text).code]).toEqual([503, 'HONUA_API_TOO_MANY'])
  })
})
