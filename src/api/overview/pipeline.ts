import type { Digest, ResourceKey } from '../../core/vocabulary.ts'
import type { EnvironmentStatus, Facade } from '../../runtime/facade.ts'
import { createLimiter } from '../../runtime/limiter.ts'
import type { ContentView, Keys, PipelineView, StageView } from '../contract.ts'
import { deployedThrough } from './behind.ts'
import { inOrder } from './order.ts'

/** Resources that are named one by one. */
const KEYS_MAX = 20
/** Environments that are compared at one time: two releases of each are in memory. */
const AT_ONCE = 4

/** Each environment held against the one before it, in the order of the configuration. */
export async function pipelineView(facade: Facade): Promise<PipelineView> {
  const all = inOrder(facade)
  const limiter = createLimiter(AT_ONCE)
  return { stages: await Promise.all(all.map((one, at) => limiter.run(() => stageOf(facade, one, all[at - 1])))) }
}

async function stageOf(
  facade: Facade,
  { name, context }: EnvironmentStatus,
  before: EnvironmentStatus | undefined,
): Promise<StageView> {
  const { applied } = context
  const through = deployedThrough(context)
  if (applied === null || through === null) return { name, commit: null, before: null }
  const info = await facade.commit(applied.commit)
  const commit =
    info === null
      ? null
      : { id: info.commit, author: info.author, subject: info.subject, committedAt: info.committedAt }
  const earlier = before?.context.applied
  const earlierThrough = before === undefined ? null : deployedThrough(before.context)
  if (before === undefined || earlier == null || earlierThrough === null) return { name, commit, before: null }
  const [commits, content] = await Promise.all([
    facade.commitsBetween(name, through, earlierThrough),
    contentOf(facade, earlier.release, applied.release),
  ])
  return { name, commit, before: { environment: before.name, commits, content } }
}

async function contentOf(facade: Facade, before: Digest, here: Digest): Promise<ContentView> {
  if (before === here) return { is: 'same' }
  const found = await facade.compareReleases(before, here)
  if (found === null) return { is: 'unknown' }
  return {
    is: 'different',
    same: found.same,
    different: someOf(found.different),
    onlyBefore: someOf(found.onlyOne),
    onlyHere: someOf(found.onlyOther),
  }
}

function someOf(keys: readonly ResourceKey[]): Keys {
  return { total: keys.length, keys: keys.slice(0, KEYS_MAX) }
}
