import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ApiWorld, apiWorld, asOtto } from '../support/api-world.ts'
import { aDeployment, aFullPlan } from '../support/builders/deployments.ts'
import { someSettings } from '../support/builders/environment.ts'

let world: ApiWorld
beforeEach(async () => {
  world = await apiWorld()
})
afterEach(() => world.close())

const read = async (path: string) => JSON.parse((await world.send('GET', path)).text)
const happen = () =>
  world.facade.happen('production', {
    type: 'settings.changed',
    settings: someSettings({ targets: ['files', 'gis-1'] }),
  })

describe('what an environment is made of', () => {
  it('is its targets, with what is ours on them, where it has no topology', async () => {
    happen()
    world.facade.ours.set('files', 12)
    expect(await read('/v1/environments/production/composition')).toEqual({
      hasTopology: false,
      components: [
        { component: null, phase: null, instance: 'files', target: 'files', owned: 12 },
        { component: null, phase: null, instance: 'gis-1', target: 'gis-1', owned: 0 },
      ],
      references: [],
    })
  })

  it('is for a deployment what its own release declares, with targets that the topology does not name', async () => {
    world.facade.records.push(aDeployment())
    world.facade.plans.set('production-20260105-080000', {
      ...aFullPlan(),
      plan: { ...aFullPlan().plan, steps: [{ wave: 0, target: 'files', changes: [] }] },
    })
    world.facade.compositions.set('release-b', {
      places: [{ component: 'cdn', instance: 'cdn', target: 'cache' }],
      references: [{ from: 'cdn', to: 'applicationServers' }],
    })
    expect(await read('/v1/deployments/production-20260105-080000/composition')).toEqual({
      hasTopology: true,
      components: [
        { component: 'cdn', phase: 'edge', instance: 'cdn', target: 'cache', owned: null },
        { component: null, phase: null, instance: 'files', target: 'files', owned: null },
      ],
      references: [{ from: 'cdn', to: 'applicationServers' }],
    })
  })

  it('is not told of names that are not there', async () => {
    for (const path of [
      'environments/nowhere/composition',
      'deployments/nowhere/composition',
      'deployments/nowhere/events',
    ])
      expect((await world.send('GET', `/v1/${path}`)).status, path).toBe(404)
  })
})

describe('the events of a deployment', () => {
  const sequences = async (over: Parameters<typeof aDeployment>[0]) => {
    world.facade.records.splice(0, 1, aDeployment(over))
    const { text } = await world.send('GET', '/v1/deployments/production-20260105-080000/events')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).sequence)
  }

  it('are those from its first moment to its last, and to now while it runs', async () => {
    const moments: number[] = []
    for (let n = 0; n < 9; n += 1) {
      happen()
      moments.push(world.facade.now())
      await world.clock.advance(1_000)
    }
    const at = (n: number) => moments[n - 1] ?? 0
    expect(await sequences({ startedAt: at(3), completedAt: at(5) })).toEqual([3, 4, 5])
    expect(await sequences({ startedAt: at(3) - 1, completedAt: at(3) })).toEqual([3])
    expect(await sequences({ startedAt: at(1), completedAt: at(1) })).toEqual([1])
    expect(await sequences({ startedAt: at(8), completedAt: null })).toEqual([8, 9])
    expect(await sequences({ startedAt: at(9) + 1, completedAt: null })).toEqual([])
  })

  it('are as many as anybody reads, of a storm', async () => {
    for (let n = 0; n < 1_003; n += 1) happen()
    const told = await sequences({ startedAt: 0, completedAt: null })
    expect([told.length, told.at(-1)]).toEqual([1_000, 1_000])
  })
})

describe('what a rollback would do', () => {
  const ask = (body: object) =>
    world.send('POST', '/v1/environments/production/rollback/plan', { headers: asOtto, body: JSON.stringify(body) })

  it('is answered as a plan, and nothing is ordered', async () => {
    world.facade.plans.set('production', aFullPlan())
    const { status, text } = await ask({ to: null })
    expect(status).toBe(200)
    expect(JSON.parse(text).plan.documents[0]).toMatchObject({ key: 'Layer/default/parcels', action: 'delete' })
    expect(world.facade.orders).toEqual([])
  })

  it('is refused in the controller’s words where there is nothing to go back to', async () => {
    const { status, text } = await ask({ to: null })
    expect([status, JSON.parse(text).code]).toEqual([404, 'HONUA_ROLLBACK_NO_RELEASE'])
  })
})
