import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { apiErrors } from '../../../src/core/errors/api.ts'
import type { Committed } from '../../../src/runtime/facade.ts'
import { asOtto } from '../../support/api-world.ts'
import { ACTORS, type InspectWorld, inspectWorld, SECRET } from '../../support/web/inspect-world.ts'
import { connectInspector, type Inspector } from '../../support/web/inspector.ts'

let world: InspectWorld
beforeEach(async () => {
  world = await inspectWorld()
})
afterEach(() => world.close())

const sequenceOf = async (stream: string) => (await world.facade.snapshot(stream))?.sequence ?? 0
const listeners = () => world.facade.committed$.observers.length

describe('an inspector', () => {
  const happenings = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('dev' as const, 'production' as const) },
      { weight: 1, arbitrary: fc.constant('an inspector comes' as const) },
    ),
    { minLength: 1, maxLength: 40 },
  )

  it('is shown each actor once, whenever it comes, and from then on misses no step and sees none twice', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (steps) => {
        const came: { readonly inspector: Inspector; readonly after: Readonly<Record<string, number>> }[] = []
        for (const step of steps) {
          if (step !== 'an inspector comes') world.change('x', step)
          else if (came.length < 8) {
            const inspector = await world.look('stately')
            const [dev, production] = await Promise.all(ACTORS.slice(1).map(sequenceOf))
            came.push({ inspector, after: { 'environment/dev': dev ?? 0, 'environment/production': production ?? 0 } })
          }
        }
        world.change('the last')
        const last = await sequenceOf('environment/production')
        for (const { inspector, after } of came) {
          const { told } = inspector
          await expect.poll(() => told.at(-1)).toMatchObject({ id: `environment/production:${last}` })
          expect(told.flatMap(({ type, sessionId }) => (type === '@xstate.actor' ? [sessionId] : []))).toEqual(ACTORS)
          for (const type of ['@xstate.event', '@xstate.snapshot'])
            for (const [name, from] of Object.entries(after)) {
              const ids = told.filter((one) => one.type === type && one.sessionId === name).map(({ id }) => id)
              const head = await sequenceOf(name)
              expect(ids).toEqual(Array.from({ length: head - from }, (_, at) => `${name}:${from + 1 + at}`))
            }
          inspector.socket.terminate()
        }
        await expect.poll(listeners).toBe(2)
      }),
      { numRuns: 20 },
    )
  })

  it('is shown many actors as fast as it reads, and none of their steps is lost in between', async () => {
    const names = Array.from({ length: 400 }, (_, at) => `e${String(at).padStart(3, '0')}`)
    const many = await inspectWorld(names)
    onTestFinished(() => many.close())
    const { told, socket } = await many.look('stately')
    socket.pause()
    const moved = names.filter((_, at) => at % 40 === 0)
    for (const target of ['one', 'two', 'three']) for (const name of moved) many.change(target, name)
    socket.resume()
    many.change('the last', 'e399')
    const shown = () => told.flatMap(({ type, sessionId }) => (type === '@xstate.actor' ? [sessionId] : []))
    await expect.poll(() => shown().length).toBe(401)
    expect(new Set(shown()).size).toBe(401)
    for (const name of [...moved, 'e399']) {
      const newest = () =>
        told.findLast(({ sessionId, snapshot }) => sessionId === `environment/${name}` && snapshot !== undefined)
      const targets = [name === 'e399' ? 'the last' : 'three']
      await expect.poll(newest).toMatchObject({ snapshot: { context: { settings: { targets } } } })
    }
    socket.terminate()
  })

  it('is shown no secret that got into an event or a context, neither by its name nor by its value', async () => {
    const early = [await world.look('stately'), await world.look('xstate')]
    world.change(`postgres://gis:${SECRET}@db/gis`)
    world.facade.happen('dev', {
      type: 'hold.placed',
      by: { name: 'otto', how: 'token' },
      reason: `it is "${SECRET}", and password=hunter2-in-the-clear`,
      until: null,
    })
    await Promise.all(early.map((inspector) => inspector.at(6)))
    for (const { told, socket } of [...early, await world.look('stately'), await world.look('xstate')]) {
      const text = JSON.stringify(told)
      expect(text).toContain('(hidden)')
      expect(text).not.toContain(SECRET)
      expect(text).not.toContain('hunter2')
      socket.terminate()
    }
  })

  it('is hung up on where our own code cannot show something, and the controller goes on', async () => {
    const inspectors = [await world.look('stately'), await world.look('xstate')]
    let committed: Committed | undefined
    world.facade.committed$.subscribe((one) => {
      committed = one
    })
    world.change('x')
    if (committed === undefined) throw new Error('nothing was committed')
    const broken = () => {
      throw new Error('a mistake of ours')
    }
    world.facade.sourceNow = Object.defineProperty({ ...world.facade.sourceNow }, 'context', { get: broken })
    inspectors.push(await connectInspector(`ws://${world.host}/v1/inspect/stately`, { headers: asOtto }))
    world.facade.committed$.next({ ...committed, entry: { ...committed.entry, stream: 'source' } })
    const { code, message } = apiErrors.internal()
    for (const { closed } of inspectors) expect(await closed).toEqual({ code: 1013, reason: `${code}: ${message}` })
    expect((await world.send('GET', '/v1/environments', { headers: asOtto })).status).toBe(200)
  })

  it('costs nothing while there is none: nothing is listened to', async () => {
    const usual = listeners()
    const [one, other] = [await world.look('stately'), await world.look('xstate')]
    expect(listeners()).toBe(usual + 1)
    for (const { socket, closed } of [one, other]) {
      socket.close()
      await closed
    }
    await expect.poll(listeners).toBe(usual)
  })
})
