import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import type { Resource, ResourceKey } from '../../../src/core/vocabulary.ts'
import { wantedAt } from '../world/declared.ts'
import type { Scene } from './scene.ts'
import type { EnvironmentStep } from './view.ts'

/** I13: who is told Synced can rely on it. */
export class HonestyChecker {
  readonly #scene: Scene

  constructor(scene: Scene) {
    this.#scene = scene
  }

  step({ environment, event, before, after }: EnvironmentStep): void {
    const { judge, world } = this.#scene
    const target = world.targets.get(environment)
    if (target === undefined) return
    const commit =
      event.type === 'look.clean'
        ? event.commit
        : event.type === 'verification.passed'
          ? before?.context.attempt?.plan.commit
          : null
    const isNews = after.path === 'Synced.quiet' && before?.path !== 'Synced.quiet'
    if (commit && (isNews || event.type === 'verification.passed')) {
      const wanted = wantedAt(world.git.foldersAt(commit), environment)
      const isShown = target.shown.some(({ order, resources }) => order > target.writtenAt && holds(resources, wanted))
      judge.examine('I13', isShown, () => `${environment} is Synced at ${commit}, and was never read back so`)
    }
    if (event.type === 'verification.passed') {
      const health = target.health
      const isWell = health?.isWell === true && health.order > target.writtenAt
      judge.examine('I13', isWell, () => `${environment} is Synced, and its target was not asked, or was not well`)
    }
    if (isNews) this.#ofHead(environment, after.context)
  }

  /** Synced is said of what Git declares now. */
  #ofHead(environment: string, { head, seen }: EnvironmentContext): void {
    const { judge, world } = this.#scene
    if (head === null || seen === null) {
      judge.breaks('I13', `${environment} is Synced with nothing`)
      return
    }
    const [declared, applied] = [head.commit, seen.commit].map((commit) =>
      wantedAt(world.git.foldersAt(commit), environment),
    )
    const isSame =
      declared != null && applied != null && declared.size === applied.size && holds(digestsOf(declared), applied)
    judge.examine('I13', isSame, () => `${environment} is Synced with ${seen.commit}, and Git declares ${head.commit}`)
  }
}

function digestsOf(resources: ReadonlyMap<ResourceKey, Resource>): ReadonlyMap<ResourceKey, string> {
  return new Map([...resources].map(([key, { digest }]) => [key, digest]))
}

/** Whether everything wanted is there as it should be; more may be there. */
export function holds(
  live: ReadonlyMap<ResourceKey, string>,
  wanted: ReadonlyMap<ResourceKey, Resource> | null,
): boolean {
  return wanted !== null && [...wanted].every(([key, { digest }]) => live.get(key) === digest)
}
