import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import WebSocket from 'ws'
import { environmentMachine } from '../../../machines/environment/machine.ts'
import { inspectErrors } from '../../../src/core/errors/inspect.ts'
import { asOtto } from '../../support/api-world.ts'
import { ACTORS, type InspectWorld, inspectWorld } from '../../support/web/inspect-world.ts'
import { connectInspector } from '../../support/web/inspector.ts'

interface Told {
  readonly type: string
  readonly sessionId: string
  readonly event?: { readonly name: string; readonly sendid: string }
  readonly state?: {
    readonly value: unknown
    readonly context: { readonly settings: { readonly targets: readonly string[] } | null }
  }
  readonly machine?: { readonly id: string; resolveState(state: unknown): { readonly nextEvents: readonly string[] } }
}

/** The package as its page has it, with an xstate of its own. */
const older: {
  readonly createWebSocketReceiver: (options: { readonly server: string }) => {
    subscribe(next: (event: Told) => void): void
    send(event: object): void
  }
} = createRequire(new URL('../../../src/inspector/package.json', import.meta.url))('@xstate/inspect')

let world: InspectWorld
let sockets: WebSocket[] = []
beforeEach(async () => {
  world = await inspectWorld()
  sockets = []
  // What a browser has of itself.
  const Socket = class extends WebSocket {
    constructor(address: string) {
      super(address)
      sockets.push(this)
    }
  }
  vi.stubGlobal('WebSocket', Socket)
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await world.close()
})

async function receive() {
  const told: Told[] = []
  const receiver = older.createWebSocketReceiver({ server: await world.address('xstate') })
  receiver.subscribe((event) => told.push(event))
  await expect.poll(() => told.length).toBe(ACTORS.length)
  return { told, receiver }
}

describe('the receiver of @xstate/inspect', () => {
  it('shows the same actors as they are, also to one who comes late, and then each step in order', async () => {
    world.change('before')
    const { told } = await receive()
    world.change('after')
    await expect.poll(() => told.length).toBe(5)
    expect(told.map(({ type, sessionId }) => [type, sessionId])).toEqual([
      ...ACTORS.map((name) => ['service.register', name]),
      ['service.event', 'environment/production'],
      ['service.state', 'environment/production'],
    ])
    const targets = told.map(({ state }) => state?.context.settings?.targets)
    expect(targets).toEqual([undefined, undefined, ['before'], undefined, ['after']])
    expect(told[3]?.event).toMatchObject({ name: 'settings.changed', sendid: 'environment/production:2' })
    expect(told[4]?.state?.value).toEqual({ Unknown: 'waiting' })
  })

  it('gets charts that its xstate reads as ours does: the same events lead on from a state', async () => {
    const { told } = await receive()
    const context = world.facade.environment('production')?.context
    if (context === undefined) throw new Error('there is no such environment')
    const { machine, state } = told[2] ?? {}
    for (const [top, node] of Object.entries(environmentMachine.root.states))
      for (const sub of Object.keys(node.states)) {
        const value = { [top]: sub }
        const theirs = machine?.resolveState({ ...state, value }).nextEvents ?? []
        const ours = environmentMachine.resolveState({ value, context })._nodes.flatMap((one) => one.ownEvents)
        expect(theirs.filter((name) => name !== '').toSorted(), `${top}.${sub}`).toEqual([...new Set(ours)].toSorted())
      }
  })

  it('that sends an event is hung up on and told why, and nothing happens', async () => {
    const before = world.facade.environment('production')
    const { receiver } = await receive()
    const closed = new Promise((resolve) =>
      sockets[0]?.once('close', (code, reason) => resolve([code, String(reason)])),
    )
    const data = { type: 'hold.placed', by: { name: 'mallory', how: 'token' }, reason: 'none', until: null }
    receiver.send({
      type: 'xstate.event',
      event: JSON.stringify({ name: data.type, data, $$type: 'scxml', type: 'external', origin: ACTORS[2] }),
    })
    const { code, message } = inspectErrors.looksOnly()
    expect(await closed).toEqual([1008, `${code}: ${message}`])
    expect(world.facade.environment('production')).toEqual(before)
  })
})

describe('an inspector of the same protocol', () => {
  it('is told nothing before it asks, and everything once, however often it asks', async () => {
    const { host } = world
    const inspector = await connectInspector(`ws://${host}/v1/inspect/xstate`, { headers: asOtto })
    world.change('unseen')
    for (const _ of [1, 2, 3]) inspector.socket.send('{"type":"xstate.inspecting"}')
    await inspector.at(2)
    world.change('seen')
    await inspector.at(4)
    expect(inspector.told.map(({ type }) => type)).toEqual([
      ...ACTORS.map(() => 'service.register'),
      'service.event',
      'service.state',
    ])
    inspector.socket.terminate()
  })

  it('is told of the end of every actor when the controller stops', async () => {
    const inspector = await world.look('xstate')
    await world.close()
    await inspector.closed
    expect(inspector.told.slice(3)).toEqual(ACTORS.map((sessionId) => ({ type: 'service.stop', sessionId })))
  })
})
