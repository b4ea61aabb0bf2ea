import type { EnvironmentView } from '../../api/contract.ts'
import type { Deployment } from '../../core/vocabulary.ts'

/** A release that was deployed whole once, by the newest deployment that did so. */
export interface ReleaseLine {
  readonly deployment: Deployment
  readonly isNow: boolean
  /** Why it is not applied by itself again; null where nothing stands against it. */
  readonly quarantine: EnvironmentView['quarantine'][number] | null
}

/** What an environment can go back to, and what it has; newest first, each release once. */
export function releasesOf(
  deployments: readonly Deployment[],
  { deployedRelease, quarantine }: EnvironmentView,
): readonly ReleaseLine[] {
  const completed = deployments.filter(({ state }) => state === 'Completed')
  const newest = new Map(completed.toReversed().map((one) => [one.release, one]))
  return completed
    .filter((one) => newest.get(one.release) === one)
    .map((deployment) => ({
      deployment,
      isNow: deployment.release === deployedRelease,
      quarantine: quarantine.find(({ release }) => release === deployment.release) ?? null,
    }))
}

/** The quarantine that lifting a hold takes away: that of what Git declares now; null where that is in none. */
export function declaredInQuarantine({ quarantine, latestCommit }: EnvironmentView): ReleaseLine['quarantine'] {
  return quarantine.find(({ commit }) => commit === latestCommit) ?? null
}
