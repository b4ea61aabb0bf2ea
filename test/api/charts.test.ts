import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChartView, StepView } from '../../src/api/contract.ts'
import { type ApiWorld, apiWorld } from '../support/api-world.ts'
import { aDecision, aHead, aPlan, someSettings } from '../support/builders/environment.ts'

let world: ApiWorld
beforeEach(async () => {
  world = await apiWorld()
  const { facade } = world
  facade.happen('dev', { type: 'settings.changed', settings: someSettings() })
  facade.happen('dev', { type: 'head.moved', head: aHead() })
  facade.happen('dev', { type: 'look.planned', effect: facade.owed('dev'), plan: aPlan() })
  facade.happen('dev', { type: 'decision.made', effect: facade.owed('dev'), decision: aDecision('wait') })
})
afterEach(() => world.close())

const get = async (path: string) => {
  const { status, text } = await world.send('GET', path)
  return { status, body: JSON.parse(text) }
}
const step = async (sequence: number): Promise<StepView> => (await get(`/v1/charts/environment/dev/${sequence}`)).body

describe('where a chart stands', () => {
  it('is told with its context and what it would take now, the innermost state first', async () => {
    const { status, body } = await get('/v1/charts/environment/dev')
    const view: ChartView = body
    expect(status).toBe(200)
    expect(view).toMatchObject({ stream: 'environment/dev', sequence: 4, path: 'OutOfSync.waiting' })
    expect(view.context).toMatchObject({ name: 'dev', head: { commit: 'a'.repeat(40) } })
    expect(view.possible.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'OutOfSync/settings.changed/0 yes',
      'OutOfSync/head.moved/0 yes',
      'OutOfSync/look.requested/0 yes',
      'OutOfSync/rollback.requested/0 yes',
      'OutOfSync/recovery.requested/0 yes',
      'OutOfSync/hold.placed/0 depends',
      'OutOfSync/hold.lifted/0 yes',
      'OutOfSync/timer.fired/0 no',
      'OutOfSync/timer.fired/1 no',
      '/hold.placed/0 depends',
      '/timer.fired/0 no',
    ])
  })

  it('is 404 for a name that nobody has', async () => {
    expect(await get('/v1/charts/environment/nowhere')).toMatchObject({
      status: 404,
      body: { code: 'HONUA_NOT_FOUND' },
    })
  })
})

describe('what one event did', () => {
  it('is told with the guards that were asked, what was taken, what changed and what is owed since', async () => {
    expect(await step(4)).toMatchObject({
      sequence: 4,
      type: 'decision.made',
      from: 'OutOfSync.deciding',
      to: 'OutOfSync.waiting',
      asked: [
        { id: 'OutOfSync.deciding/decision.made/0', guard: 'answers nothing owed', holds: false },
        { id: 'OutOfSync.deciding/decision.made/1', guard: 'deploy', holds: false },
        { id: 'OutOfSync.deciding/decision.made/2', guard: 'ask', holds: false },
        { id: 'OutOfSync.deciding/decision.made/3', guard: 'wait', holds: true },
      ],
      taken: ['OutOfSync.deciding/decision.made/3'],
      owed: [],
    })
    const { changed } = await step(4)
    expect(changed.map(({ pointer }) => pointer)).toEqual(['/decision', '/waiting', '/owed'])
  })

  it('names what was taken at once behind it too, in whatever order events are looked at', async () => {
    for (const sequence of [4, 2, 3, 1]) expect((await step(sequence)).sequence, `event ${sequence}`).toBe(sequence)
    expect(await step(2)).toMatchObject({
      from: 'Unknown.waiting',
      to: 'Unknown.looking',
      taken: ['Unknown/head.moved/0', 'Unknown.waiting//0'],
      owed: ['dev/2/1 look'],
    })
  })

  it('is 404 for an event that is not in the journal, and 400 for what is no number', async () => {
    for (const [path, status, code] of [
      ['/v1/charts/environment/dev/5', 404, 'HONUA_EVENT_UNKNOWN'],
      ['/v1/charts/environment/dev/0', 400, 'HONUA_API_BODY_INVALID'],
      ['/v1/charts/environment/dev/-1', 400, 'HONUA_API_BODY_INVALID'],
      ['/v1/charts/environment/dev/1e3', 400, 'HONUA_API_BODY_INVALID'],
      ['/v1/charts/environment/dev/999999999999', 400, 'HONUA_EVENT_TOO_FAR'],
      ['/v1/charts/environment/nowhere/1', 404, 'HONUA_NOT_FOUND'],
    ] as const)
      expect(await get(path), path).toMatchObject({ status, body: { code } })
  })
})
