import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { OTTO, type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const MINUTE = 60_000

let world: RuntimeWorld
let clock: VirtualClock
let git: MemoryGit
beforeEach(async () => {
  clock = virtualClock()
  git = memoryGit()
  git.commit({
    'environments/dev/a.yaml': layerFile('a'),
    'environments/dev/b.yaml': layerFile('b'),
    'environments/dev/c.yaml': layerFile('c'),
    'environments/staging/a.yaml': layerFile('a'),
    'environments/staging/b.yaml': layerFile('b', { title: 'Another' }),
    'environments/staging/d.yaml': layerFile('d'),
  })
  world = await startRuntime({ clock, git, store: await openMemoryStore() })
  await clock.advance(MINUTE)
})
afterEach(() => world.stop())

const release = (name: string) => world.facade.environment(name)?.context.applied?.release ?? ''

describe('what people are told of all environments', () => {
  it('is how two releases differ, resource by resource', async () => {
    expect(await world.facade.compareReleases(release('dev'), release('staging'))).toEqual({
      same: 1,
      different: ['Layer/default/b'],
      onlyOne: ['Layer/default/c'],
      onlyOther: ['Layer/default/d'],
    })
    expect(await world.facade.compareReleases(release('dev'), 'f'.repeat(64))).toBeNull()
  })

  it('is whether each target answered at the newest look, since when not, and when it did last', async () => {
    const first = world.facade.targets('dev')
    expect(first).toMatchObject([{ target: 'memory', description: expect.any(String), failure: null }])
    world.target('dev').isAway = true
    const failing: number[] = []
    for (let look = 0; look < 2; look += 1) {
      failing.push(clock.now())
      await world.facade.sync('dev', OTTO)
      await clock.advance(MINUTE)
    }
    const [seen] = world.facade.targets('dev')
    expect(seen).toMatchObject({
      target: 'memory',
      answeredAt: first[0]?.answeredAt,
      failure: { code: 'HONUA_TARGET_UNREACHABLE', since: failing[0] },
    })
    expect(seen?.lookedAt).toBeGreaterThan(failing[0] ?? 0)
    expect(world.facade.targets('staging')).toMatchObject([{ failure: null }])
    world.target('dev').isAway = false
    await world.facade.sync('dev', OTTO)
    await clock.advance(MINUTE)
    expect(world.facade.targets('dev')).toMatchObject([{ failure: null }])
  })
})
