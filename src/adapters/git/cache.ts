import type { Dirent } from 'node:fs'
import { chmod, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gitErrors } from '../../core/errors/git.ts'
import { HonuaError } from '../../core/errors/honua-error.ts'
import { isCommitId } from '../../core/git-names.ts'
import { codeOf } from '../process/errno.ts'
import type { CacheLayout } from './layout.ts'
import type { Porcelain } from './porcelain.ts'

export type ObjectFormat = 'sha1' | 'sha256'

export interface Cache {
  readonly format: ObjectFormat
  /** Commits that fetches completed and refs keep. */
  readonly kept: readonly string[]
}

export type Inspection = ({ readonly ok: true } & Cache) | { readonly ok: false; readonly reason: string }

const IDENTITY_VERSION = 1
const HEAD = 'ref: refs/heads/none\n'

/** The repository's whole configuration. Anything else in that file was written by somebody else. */
const CONFIG: Readonly<Record<ObjectFormat, string>> = {
  sha1: '[core]\n\trepositoryformatversion = 0\n\tbare = true\n',
  sha256: '[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n',
}

const identityText = (url: string, format: ObjectFormat) =>
  `${JSON.stringify({ version: IDENTITY_VERSION, url, format })}\n`

/** Makes the folders, private to us, with an empty HOME. Throws HONUA_GIT_CACHE_UNUSABLE. */
export async function prepareFolders(layout: CacheLayout): Promise<void> {
  await usable(layout, async () => {
    await mkdir(layout.root, { recursive: true, mode: 0o700 })
    if (!(await lstat(layout.root)).isDirectory())
      throw gitErrors.cacheUnusable({ path: layout.root, reason: 'it is not a folder' })
    await chmod(layout.root, 0o700)
    await rm(layout.home, { recursive: true, force: true })
    await mkdir(layout.home, { mode: 0o700 })
  })
}

/** Replaces the repository by an empty one. Throws HONUA_GIT_CACHE_UNUSABLE. */
export async function rebuildCache(
  layout: CacheLayout,
  porcelain: Porcelain,
  url: string,
  format: ObjectFormat,
): Promise<void> {
  await usable(layout, async () => {
    await rm(layout.repository, { recursive: true, force: true })
    await porcelain.init(format)
    await writeFile(join(layout.repository, 'config'), CONFIG[format])
    await mkdir(layout.kept, { recursive: true })
    await writeFile(layout.identity, identityText(url, format))
  })
}

/**
 * Looks whether the repository is one that we made for this URL and nobody touched, by an allow-list of what may stand in it. Runs no
 * Git: a hostile configuration could already act then.
 */
export async function inspectCache(layout: CacheLayout, url: string): Promise<Inspection> {
  try {
    return await inspect(layout, url)
  } catch (error) {
    if (error instanceof Unexpected) return { ok: false, reason: error.message }
    return { ok: false, reason: `it cannot be read (${codeOf(error) ?? 'unknown error'})` }
  }
}

class Unexpected extends Error {}

async function inspect(layout: CacheLayout, url: string): Promise<Inspection> {
  const repository = layout.repository
  if (!(await lstat(repository)).isDirectory()) throw new Unexpected('it is not a folder')
  await onlyHolds(repository, '', (entry) =>
    ['objects', 'refs'].includes(entry.name)
      ? entry.isDirectory()
      : ['HEAD', 'config', 'honua.json'].includes(entry.name) && entry.isFile(),
  )
  const identity = await readFile(layout.identity, 'utf8')
  const format = (['sha1', 'sha256'] as const).find((each) => identity === identityText(url, each))
  if (format === undefined) throw new Unexpected('it was made for another URL or by another version')
  await equals(join(repository, 'config'), CONFIG[format], 'its configuration was changed')
  await equals(join(repository, 'HEAD'), HEAD, 'its HEAD was changed')
  await inspectObjects(join(repository, 'objects'))
  return { ok: true, format, kept: await inspectRefs(layout, join(repository, 'refs')) }
}

async function inspectObjects(folder: string): Promise<void> {
  await onlyHolds(
    folder,
    'objects/',
    (entry) => entry.isDirectory() && (['pack', 'info'].includes(entry.name) || /^[0-9a-f]{2}$/.test(entry.name)),
  )
  await onlyHolds(join(folder, 'pack'), 'objects/pack/', (entry) => entry.isFile())
  // `alternates` would bring in objects from elsewhere.
  await onlyHolds(join(folder, 'info'), 'objects/info/', () => false)
}

async function inspectRefs(layout: CacheLayout, folder: string): Promise<readonly string[]> {
  await onlyHolds(folder, 'refs/', (entry) => entry.isDirectory() && ['heads', 'tags', 'honua'].includes(entry.name))
  await onlyHolds(join(folder, 'heads'), 'refs/heads/', () => false)
  await onlyHolds(join(folder, 'tags'), 'refs/tags/', () => false)
  await onlyHolds(join(folder, 'honua'), 'refs/honua/', (entry) =>
    entry.name === 'kept' ? entry.isDirectory() : entry.name === 'branch' && entry.isFile(),
  )
  const kept = await onlyHolds(layout.kept, 'refs/honua/kept/', (entry) => entry.isFile() && isCommitId(entry.name))
  for (const commit of kept) await equals(join(layout.kept, commit), `${commit}\n`, 'a ref was changed')
  return kept
}

async function onlyHolds(
  folder: string,
  shown: string,
  allowed: (entry: Dirent) => boolean,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const foreign = entries.find((entry) => !allowed(entry))
  if (foreign !== undefined) throw new Unexpected(`${shown}${foreign.name} does not belong there`)
  return entries.map((entry) => entry.name)
}

async function equals(path: string, expected: string, otherwise: string): Promise<void> {
  if ((await readFile(path, 'utf8')) !== expected) throw new Unexpected(otherwise)
}

async function usable<T>(layout: CacheLayout, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HonuaError) throw error
    throw gitErrors.cacheUnusable({ path: layout.root, reason: codeOf(error) ?? 'unknown error' })
  }
}
