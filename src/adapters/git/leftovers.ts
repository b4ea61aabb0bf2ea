import { readdir, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../process/errno.ts'
import type { CacheLayout } from './layout.ts'

/** What Git writes while it works and a kill leaves behind: locks, half packs, marks that keep a pack from being repacked. */
const UNFINISHED = /^(?:\.?tmp[-_].*|.*\.lock|.*\.keep)$/

/** Removes what killed Git processes left. Only while none of ours is writing. */
export async function removeLeftovers(layout: CacheLayout): Promise<void> {
  const { repository, kept, packs } = layout
  const folders = [repository, join(repository, 'objects'), packs, join(repository, 'refs', 'honua'), kept]
  for (const folder of folders)
    for (const name of await namesIn(folder))
      if (UNFINISHED.test(name)) await rm(join(folder, name), { recursive: true, force: true })
}

/** Names of the pack files there are now. */
export async function packNames(layout: CacheLayout): Promise<ReadonlySet<string>> {
  return new Set(await namesIn(layout.packs))
}

/** Takes back what a failed fetch brought: pack and ref may stand in place before the history proves incomplete. */
export async function takeBack(layout: CacheLayout, commit: string, before: ReadonlySet<string>): Promise<void> {
  await rm(join(layout.kept, commit), { force: true })
  for (const name of await namesIn(layout.packs))
    if (!before.has(name)) await rm(join(layout.packs, name), { force: true })
}

/**
 * Drops refs of commits that later kept commits lead to anyway, and the oldest of the rest above `keptMax` (rewritten branches leave
 * one each). Returns what is still kept.
 */
export async function dropKept(
  layout: CacheLayout,
  kept: readonly string[],
  independent: readonly string[],
  keptMax: number,
): Promise<readonly string[]> {
  const needed = new Set(independent)
  const aged: { readonly commit: string; readonly at: number }[] = []
  for (const commit of kept)
    if (needed.has(commit)) aged.push({ commit, at: (await stat(join(layout.kept, commit))).mtimeMs })
  aged.sort((one, other) => other.at - one.at)
  const stay = aged.slice(0, keptMax).map((entry) => entry.commit)
  for (const commit of kept) if (!stay.includes(commit)) await unlink(join(layout.kept, commit))
  return stay
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  }
}
