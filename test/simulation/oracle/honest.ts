import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import type { Resource, ResourceKey } from '../../../src/core/vocabulary.ts'
import { type Folders, wantedAt } from '../world/declared.ts'
import { takes } from '../world/site.ts'
import type { SimTarget } from '../world/target.ts'
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
    const targets = world.targetsOf(environment)
    const commit =
      event.type === 'look.clean'
        ? event.commit
        : event.type === 'verification.passed'
          ? before?.context.attempt?.plan.commit
          : null
    const isNews = after.path === 'Synced.quiet' && before?.path !== 'Synced.quiet'
    if (commit && (isNews || event.type === 'verification.passed')) {
      for (const target of targets) {
        const wanted = wantedOn(target, world.git.foldersAt(commit))
        const isShown = target.shown.some(
          ({ order, resources }) => order > target.writtenAt && holds(resources, wanted),
        )
        judge.examine(
          'I13',
          isShown,
          () => `${environment} is Synced at ${commit}, and ${target.name} was never read back so`,
        )
      }
    }
    if (event.type === 'verification.passed') {
      for (const { name, health, writtenAt } of targets) {
        const isWell = health?.isWell === true && health.order > writtenAt
        judge.examine('I13', isWell, () => `${environment} is Synced, and ${name} was not asked, or was not well`)
      }
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

/** What a target should hold at a commit; null when the commit cannot be deployed there. */
export function wantedOn(
  { environment, member }: SimTarget,
  folders: Folders,
): ReadonlyMap<ResourceKey, Resource> | null {
  const wanted = wantedAt(folders, environment)
  return wanted === null ? null : new Map([...wanted].filter(([, resource]) => takes(member, resource)))
}

/** Whether everything wanted is there as it should be; more may be there. */
export function holds(
  live: ReadonlyMap<ResourceKey, string>,
  wanted: ReadonlyMap<ResourceKey, Resource> | null,
): boolean {
  return wanted !== null && [...wanted].every(([key, { digest }]) => live.get(key) === digest)
}
