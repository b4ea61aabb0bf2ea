import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { LiveState } from '../../src/core/vocabulary.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const MINUTE = 60_000

/** What it holds makes whoever works on it throw: our own mistake, not a failure that anybody foresaw. */
class PoisonedTarget extends MemoryTarget {
  override async observe(): Promise<LiveState> {
    const { target, resources } = await super.observe()
    const poison = new Proxy([...resources], {
      get: () => {
        throw new TypeError('a mistake of our own')
      },
    })
    return { target, resources: poison }
  }
}

class HangingTarget extends MemoryTarget {
  override observe(): Promise<LiveState> {
    return new Promise(() => undefined)
  }
}

let clock: VirtualClock
let git: MemoryGit
let pairs: Map<string, string>
let targets: Map<string, MemoryTarget>
let world: RuntimeWorld
beforeEach(() => {
  clock = virtualClock()
  git = memoryGit()
  pairs = new Map()
  targets = new Map()
})

async function started(): Promise<void> {
  world = await startRuntime({ clock, git, store: await openMemoryStore(pairs), targets })
  await clock.advance(MINUTE)
}

const environment = (name: string) => world.facade.environments().find((one) => one.name === name)

function declare(title: string): void {
  git.commit({
    'environments/bad/a.yaml': layerFile('a', { title }),
    'environments/good/a.yaml': layerFile('a', { title }),
  })
}

describe('one environment that cannot be worked on', () => {
  it('an environment whose target makes our own code throw waits with a reason, start after start, and no other one notices', async () => {
    targets.set('bad', new PoisonedTarget())
    declare('first')
    for (let start = 1; start <= 3; start += 1) {
      await started()
      expect(environment('bad')?.context.waiting?.message, `start ${start}`).toContain('a mistake of our own')
      expect(environment('good')?.path).toBe('Synced.quiet')
      declare(`change ${start}`)
      await clock.advance(2 * MINUTE)
      expect(targets.get('good')?.resources.get('Layer/default/a')?.spec['title']).toBe(`change ${start}`)
      await world.stop()
    }
  })

  it('a target that never answers delays nobody else, and is told', async () => {
    targets.set('bad', new HangingTarget())
    declare('first')
    await started()
    expect(environment('good')?.path).toBe('Synced.quiet')
    await clock.advance(3 * MINUTE)
    expect(environment('bad')?.context.waiting?.message).toContain('look of "bad"')
    declare('second')
    await clock.advance(2 * MINUTE)
    expect(targets.get('good')?.resources.get('Layer/default/a')?.spec['title']).toBe('second')
    await world.stop()
  })
})
