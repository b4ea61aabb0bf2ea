/** What the controller is doing when it is killed, and what must be true when it has been started again in the ordinary way. */
import { existsSync } from 'node:fs'
import { expect } from 'vitest'
import { layerFile } from '../../support/builders/layers.ts'
import { CRASH_TIDY } from './entry/points.ts'
import { diedThere, launchTelling, launchUntil, passings, type Where } from './killed-at.ts'
import { CrashWorld } from './world.ts'

/** One crash on a world that runs and is in line; leaves it so. */
export type Scenario = (world: CrashWorld, where: Where) => Promise<void>

/** A new commit is on its way to both targets. */
export const deploying: Scenario = async (world, where) => {
  const { controller } = world
  await controller.end('SIGTERM')
  const change = await world.nextCommit()
  launchUntil(world, where)
  await diedThere(world, where)
  await controller.start()
  await world.landed(change)
  await world.sound()
}

/** As `deploying`, and killed once more at the same point while it recovers, if it gets there again. */
export const recovering: Scenario = async (world, where) => {
  const { controller } = world
  await controller.end('SIGTERM')
  const change = await world.nextCommit()
  launchUntil(world, where)
  await diedThere(world, where)
  launchUntil(world, { ...where, passing: 1 })
  const how = await controller.until(async () => {
    const view = await controller.environment('dev')
    const isThere = view?.state === 'Synced' && view.deployedCommit === change.commit
    return isThere || controller.output.includes('killed at') ? true : undefined
  }, 'the second crash, or the end of the deployment')
  expect(how).toBe(true)
  await controller.end('SIGKILL')
  await controller.start()
  await world.landed(change)
  await world.sound()
}

/** The server refuses one layer of a commit, and what was there before is brought back. */
export const rollingBack: Scenario = async (world, where) => {
  const { controller, server } = world
  await controller.end('SIGTERM')
  const title = `refused ${where.point} ${where.passing}`
  const lift = server.setFault({ kind: 'refuse', key: 'Layer/default/bad', message: 'no such table' })
  const from = server.state.mutations.length
  const refused = await world.commit(
    {
      'environments/dev/a.yaml': layerFile('a', { title }),
      'environments/dev/bad.yaml': layerFile('bad', { wave: 2 }),
    },
    title,
  )
  launchUntil(world, where)
  await diedThere(world, where)
  await controller.start()
  const held = await controller.environmentOnce(
    'dev',
    (view) => view.path === 'OutOfSync.held',
    'the commit to be held',
  )
  expect(held.quarantine.map(({ commit }) => commit)).toContain(refused)
  expect(world.keysSince(from)).toEqual(['Layer/default/a', 'Layer/default/a'])
  await world.sound()
  lift()
  await world.landed(await world.nextCommit({ 'environments/dev/bad.yaml': null }))
}

/** A person holds the environment. */
export const ordered: Scenario = async (world, where) => {
  const { controller } = world
  await controller.end('SIGTERM')
  launchUntil(world, where)
  await controller.answering()
  const reason = `held at ${where.point}`
  const { status } = await controller.post('/v1/environments/dev/hold', { reason, until: null })
  await diedThere(world, where)
  await controller.start()
  const view = await controller.environment('dev')
  // On disk before the answer left: it counts whether or not the caller heard of it.
  expect([view?.hold?.reason, [0, 200].includes(status)]).toEqual([reason, true])
  const audit = String(JSON.stringify((await controller.get('/v1/audit')).body))
  expect(audit.split(reason).length).toBeGreaterThan(1)
  expect((await controller.post('/v1/environments/dev/unhold', { reason })).status).toBe(200)
  await controller.environmentOnce('dev', (one) => one.state === 'Synced', 'the environment to be Synced')
  await world.sound()
}

/** Old history is let go. What is kept stays whole, and the next round takes up where this one was torn off. */
export const tidying: Scenario = async (world, where) => {
  const { controller } = world
  const before = await controller.environment('dev')
  await controller.end('SIGTERM')
  launchUntil(world, where, { [CRASH_TIDY]: '1' })
  await diedThere(world, where)
  launchTelling(world, { tidy: true })
  await controller.until(
    async () => (passings(world).has('history.collect/after') ? true : undefined),
    'the next round of tidying',
  )
  await controller.end('SIGKILL')
  await controller.start()
  const view = await controller.environment('dev')
  expect([view?.state, view?.deployedRelease, view?.deployedAt]).toEqual([
    before?.state,
    before?.deployedRelease,
    before?.deployedAt,
  ])
  await world.sound()
  const [newest] = await controller.deployments()
  expect((await controller.get(`/v1/deployments/${newest?.id}/plan`)).status).toBe(200)
  // There must be something to let go the next time, too.
  for (let more = 0; more < 3; more += 1) await world.landed(await world.nextCommit())
}

/** A backup is being written; it is whole or it is not there. */
export const exporting: Scenario = async (world, where) => {
  const { controller } = world
  await controller.end('SIGTERM')
  launchUntil(world, where)
  await controller.answering()
  const torn = await world.honua('admin', 'export', '--to', 'torn.ndjson')
  await diedThere(world, where)
  expect([torn.code === 0, existsSync(world.path('torn.ndjson')), existsSync(world.path('torn.ndjson.part'))]).toEqual([
    false,
    false,
    false,
  ])
  await controller.start()
  expect(await world.honua('admin', 'export', '--to', 'whole.ndjson')).toMatchObject({ code: 0 })
  await world.sound()
}

/** A controller is started for the first time, on an empty folder. Makes a world of its own. */
export async function firstStart(where: Where): Promise<void> {
  const world = await CrashWorld.make()
  try {
    const change = await world.nextCommit()
    launchUntil(world, where)
    await diedThere(world, where)
    await world.controller.start()
    await world.landed(change)
    await world.sound()
  } finally {
    await world.close()
  }
}
