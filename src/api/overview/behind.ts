import type { Facade } from '../../runtime/facade.ts'
import type { BehindView } from '../contract.ts'

/** How many commits that touch each environment are not deployed there. */
export async function commitsBehind(facade: Facade): Promise<BehindView> {
  const counted = await Promise.all(
    facade.environments().map(async ({ name, context: { applied, head } }) => {
      if (applied === null || head === null) return []
      const count = await facade.commitsBetween(name, applied.commit, head.commit)
      return count === null ? [] : [[name, count] as const]
    }),
  )
  return { commits: Object.fromEntries(counted.flat()) }
}
