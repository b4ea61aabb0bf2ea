import type { BehindView, EnvironmentView } from '../../api/contract.ts'
import { useAsked } from '../browser/use-asked.ts'
import { useSlowed } from '../browser/use-slowed.ts'
import { useLive } from './use-live.ts'

/** Commits are counted anew at most this often, in ms. */
const COUNT_EVERY_MS = 2_000
const NONE: BehindView['commits'] = {}

/** What of an environment the count depends on; nothing where the newest commit is deployed. A look may find that later commits declare the same. */
export function behindBy({ deployedCommit, latestCommit, observedAt }: EnvironmentView): string {
  return deployedCommit === latestCommit ? '' : `${deployedCommit} ${latestCommit} ${observedAt}`
}

/** By environment, how many commits are not deployed there; asked anew when commits, looks or deployments may have changed that. */
export function useCommitsBehind(): BehindView['commits'] {
  const version = useLive(({ environments }) => environments.map(behindBy).join())
  const asked = useAsked<BehindView>('/v1/behind', useSlowed(version, COUNT_EVERY_MS))
  return asked.value?.commits ?? NONE
}
