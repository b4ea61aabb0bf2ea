import type { CommitId } from '../../core/vocabulary.ts'
import type { EnvironmentStatus, Facade } from '../../runtime/facade.ts'
import type { BehindView } from '../contract.ts'

/** How many commits that touch each environment are not deployed there. */
export async function commitsBehind(facade: Facade): Promise<BehindView> {
  const counted = await Promise.all(
    facade.environments().map(async ({ name, context }) => {
      const from = deployedThrough(context)
      if (from === null || context.head === null) return []
      const count = await facade.commitsBetween(name, from, context.head.commit)
      return count === null ? [] : [[name, count] as const]
    }),
  )
  return { commits: Object.fromEntries(counted.flat()) }
}

/**
 * The commit up to which everything is deployed: that of the deployment, or a later one that was looked at and declares the same. Null where
 * nothing is deployed.
 */
export function deployedThrough({ applied, seen }: EnvironmentStatus['context']): CommitId | null {
  if (applied === null) return null
  return seen?.release === applied.release ? seen.commit : applied.commit
}
