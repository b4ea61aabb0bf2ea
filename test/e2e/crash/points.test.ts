import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { POINTS } from './entry/points.ts'
import { launchTelling, passings } from './killed-at.ts'
import { CHOSEN, IS_FULL, scenarioOf } from './plan.ts'
import { deploying, firstStart, recovering } from './scenarios.ts'
import { CrashWorld } from './world.ts'

/** More passings of one point than this teach nothing new. */
const PASSINGS_MAX = 8
const PATIENCE_MS = 240_000

describe('kill -9 at a named point (real process, git, LevelDB, folder and server)', () => {
  let world: CrashWorld
  let counted: ReadonlyMap<string, number>
  beforeAll(async () => {
    world = await CrashWorld.running()
    await world.controller.end('SIGTERM')
    const change = await world.nextCommit()
    launchTelling(world)
    await world.controller.answering()
    await world.landed(change)
    await world.controller.until(
      async () => (passings(world).has('release.prune/after') ? true : undefined),
      'old releases to be removed, which comes a moment later',
    )
    counted = passings(world)
    await world.controller.end('SIGTERM')
    await world.controller.start()
  }, PATIENCE_MS)
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    // What failed may have left anything behind; the next crash is to be judged by itself.
    await world.close()
    world = await CrashWorld.running()
  }, PATIENCE_MS)
  afterAll(() => world.close())

  it('every point of a deployment is passed by one, so that no name outlives its code', () => {
    const unseen = POINTS.filter((point) => scenarioOf(point) === deploying && !counted.has(point))
    expect(unseen).toEqual([])
  })

  it.each(CHOSEN)(
    '%s: started again it converges, nothing is written twice, nothing acknowledged is lost, replay equals the snapshot',
    async (point) => {
      const scenario = scenarioOf(point)
      await (scenario === null ? firstStart({ point, passing: 1 }) : scenario(world, { point, passing: 1 }))
    },
    PATIENCE_MS,
  )

  it.runIf(IS_FULL)(
    'the same at every later passing of a deployment, and when it is killed at the same point while it recovers',
    async () => {
      let crashes = 0
      for (const point of POINTS.filter((one) => scenarioOf(one) === deploying)) {
        const last = Math.min(PASSINGS_MAX, counted.get(point) ?? 0)
        for (let passing = 2; passing <= last; passing += 1) await deploying(world, { point, passing })
        await recovering(world, { point, passing: 1 })
        crashes += last + 1
      }
      console.log(`${crashes} crashes on the way of a deployment, at ${POINTS.length} points in all`)
    },
    3_600_000,
  )
})
