import { createInspector, createWebSocketReceiver } from '@statelyai/inspect'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { environmentMachine } from '../../../machines/environment/machine.ts'
import { ACTORS, type InspectWorld, inspectWorld } from '../../support/web/inspect-world.ts'
import type { Told } from '../../support/web/inspector.ts'

let world: InspectWorld
beforeEach(async () => {
  world = await inspectWorld()
})
afterEach(() => world.close())

describe('the receiver of @statelyai/inspect', () => {
  it('shows every actor as it is, also to one who comes late, and then each step in order', async () => {
    world.change('before')
    const told: { readonly type: string; readonly sessionId: string; readonly id: string }[] = []
    const snapshots: unknown[] = []
    createWebSocketReceiver({ server: `ws://${await world.address('stately')}` }).subscribe((event) => {
      told.push(event)
      if (event.type !== '@xstate.event') snapshots.push(event.snapshot)
    })
    await expect.poll(() => told.length).toBe(3)
    world.change('after')
    world.change('another', 'dev')
    await expect.poll(() => told.length).toBe(7)

    expect(told.map(({ type, sessionId, id }) => [type, sessionId, id])).toEqual([
      ...ACTORS.map((name) => ['@xstate.actor', name, null]),
      ['@xstate.event', 'environment/production', 'environment/production:2'],
      ['@xstate.snapshot', 'environment/production', 'environment/production:2'],
      ['@xstate.event', 'environment/dev', 'environment/dev:1'],
      ['@xstate.snapshot', 'environment/dev', 'environment/dev:1'],
    ])
    const waiting = { value: { Unknown: 'waiting' }, status: 'active' }
    expect(snapshots).toMatchObject([
      { value: 'Watching', status: 'active' },
      { ...waiting, context: { settings: null } },
      { ...waiting, context: { settings: { targets: ['before'] } } },
      { ...waiting, context: { settings: { targets: ['after'] } } },
      { ...waiting, context: { settings: { targets: ['another'] } } },
    ])
  })

  it('is told what its own inspector tells of a running actor', async () => {
    const own: Told[] = []
    const { inspect } = createInspector(
      { send: (event) => own.push(JSON.parse(JSON.stringify(event))) },
      { serializationDepthLimit: 30 },
    )
    const actor = createActor(environmentMachine, { input: { name: 'dev' }, inspect }).start()
    const theirs = async (type: string) => {
      await expect.poll(() => own.some((one) => one.type === type)).toBe(true)
      return own.find((one) => one.type === type) ?? {}
    }
    const inspector = await world.look('stately')
    world.change('x', 'dev')
    for (const [at, type] of [
      [1, '@xstate.actor'],
      [3, '@xstate.event'],
      [4, '@xstate.snapshot'],
    ] as const) {
      const fields = Object.keys(await theirs(type)).filter((field) => field !== 'parentId' && field !== 'sourceId')
      expect(Object.keys(await inspector.at(at)), type).toEqual(expect.arrayContaining(fields))
    }
    const [their, our] = [JSON.parse(JSON.stringify(await theirs('@xstate.actor'))), await inspector.at(1)]
    expect(JSON.parse(String(our['definition']))).toEqual(JSON.parse(their.definition))
    expect(our['_version']).toBe(their._version)
    expect(our['snapshot']).toEqual(JSON.parse(JSON.stringify(actor.getSnapshot())))
    inspector.socket.terminate()
  })
})
