import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { Json } from '../../src/core/json.ts'
import type { Deployment } from '../../src/core/vocabulary.ts'
import type { Store } from '../../src/ports/store.ts'
import { type MemoryGit, memoryGit } from './memory-git.ts'
import { MemoryTarget } from './memory-target.ts'
import { type RuntimeWorld, startRuntime } from './runtime-world.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

/** A target that only does steps: nothing declared belongs on it. */
class DoingTarget extends MemoryTarget {
  takes(): boolean {
    return false
  }
}

/** What a target is for: the steps it does, and whether it holds resources as well. */
export interface Member {
  readonly does: readonly string[]
  readonly holds: boolean
}

/** The environment `dev` of several targets in memory, on a clock that a test moves. */
export interface MemorySite<Name extends string> {
  readonly clock: VirtualClock
  readonly git: MemoryGit
  readonly store: Store
  readonly facade: RuntimeWorld['facade']
  /** Targets that were written to, and steps as `step target inputs`, in order of their beginning. Empty it to hear of what follows. */
  readonly done: string[]
  target(name: Name): MemoryTarget
  /** The title of Layer "a" there. */
  titleOn(name: Name): Json | undefined
  /** The newest deployment; throws while there is none. */
  newest(): Promise<Deployment>
  /** Ends the controller and starts another on the same store and targets. */
  restart(): Promise<void>
}

/** `files` are committed before the controller starts. */
export async function startMemorySite<Name extends string>(
  members: Readonly<Record<Name, Member>>,
  files: Readonly<Record<string, string>> = {},
): Promise<MemorySite<Name>> {
  const [clock, git, store] = [virtualClock(), memoryGit(), await openMemoryStore()]
  const done: string[] = []
  const targets = new Map(
    Object.entries<Member>(members).map(([name, member]) => [name, madeTarget(name, member, done)] as const),
  )
  if (Object.keys(files).length > 0) git.commit(files)
  const start = () => startRuntime({ clock, git, store, drivers: () => [...targets.values()] })
  let world = await start()
  const target = (name: Name) => {
    const found = targets.get(name)
    if (found === undefined) throw new Error(`no target ${name}`)
    return found
  }
  return {
    ...{ clock, git, store, done, target },
    get facade() {
      return world.facade
    },
    titleOn: (name) => target(name).resources.get('Layer/default/a')?.spec['title'],
    async newest() {
      for await (const one of world.facade.deployments({ prefix: 'dev-', reverse: true })) return one
      throw new Error('nothing was deployed')
    },
    async restart() {
      await world.stop()
      world = await start()
    },
  }
}

function madeTarget(name: string, { does, holds }: Member, done: string[]): MemoryTarget {
  const target = holds ? new MemoryTarget(name) : new DoingTarget(name)
  target.actions = does
  const [apply, act] = [target.apply.bind(target), target.act.bind(target)]
  target.apply = (request) => {
    done.push(name)
    return apply(request)
  }
  target.act = (request) => {
    done.push(`${request.action} ${name} ${Object.values(request.inputs)}`.trim())
    return act(request)
  }
  return target
}
