/** Makes the folder of one release: built aside and renamed when new, mended file by file when it is already there. */
import { chmod, mkdir, rename, rm, symlink } from 'node:fs/promises'
import { sha256 } from '../../../core/canonical.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Digest } from '../../../core/vocabulary.ts'
import { forEachBounded } from '../parallel.ts'
import {
  errorCode,
  isAbsence,
  readRegular,
  replaceFile,
  SYNCS_AT_ONCE,
  sha256OfBytes,
  syncFolder,
  writeNew,
} from './files.ts'
import type { Layout } from './layout.ts'
import { foldersOf, onDisk } from './paths.ts'
import type { SeenFile } from './reader.ts'

const FOLDER_MODE = 0o750

/** What a file of the release is to hold: a new text, or what the current release holds at the same path. */
export type Content =
  | { readonly path: string; readonly text: string; readonly holdsSecrets: boolean }
  | { readonly path: string; readonly copyOf: SeenFile }

/**
 * Builds the release beside the others and gives it its name when every byte and every folder is on the disk. `note` is told of each text
 * without secrets while the disk is busy with it.
 */
export async function buildRelease(
  layout: Layout,
  digest: Digest,
  contents: readonly Content[],
  current: string,
  note: (path: string, text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const folder = layout.unfinished(digest)
  await rm(folder, { recursive: true, force: true })
  const folders = ['', ...foldersAbove(contents)]
  for (const path of folders) {
    const made = path === '' ? folder : onDisk(folder, path)
    await mkdir(made)
    await chmod(made, FOLDER_MODE)
  }
  await forEachBounded(contents, SYNCS_AT_ONCE, async (content) => {
    signal.throwIfAborted()
    const to = onDisk(folder, content.path)
    if ('text' in content) {
      const written = writeNew(to, content.text)
      if (!content.holdsSecrets) note(content.path, content.text)
      await written
    } else await copySeen(layout.target, current, content.copyOf, to)
  })
  await forEachBounded(folders, SYNCS_AT_ONCE, (path) => syncFolder(path === '' ? folder : onDisk(folder, path)))
  signal.throwIfAborted()
  await rename(folder, layout.release(digest))
  await syncFolder(layout.releases)
}

/** Mends a release that is already there: removes what does not belong, writes what is wrong or missing, one file at a time. */
export async function repairRelease(
  layout: Layout,
  digest: Digest,
  contents: readonly Content[],
  current: string,
  present: ReadonlyMap<string, SeenFile>,
  signal: AbortSignal,
): Promise<void> {
  const folder = layout.release(digest)
  const wanted = new Set(contents.map(({ path }) => path))
  const touched = new Set<string>()
  const touch = (path: string) => touched.add(foldersOf(path).at(-1) ?? '')
  for (const path of present.keys()) {
    if (wanted.has(path)) continue
    signal.throwIfAborted()
    await rm(onDisk(folder, path), { recursive: true, force: true })
    touch(path)
  }
  for (const path of foldersAbove(contents)) {
    const made = await mkdir(onDisk(folder, path), { mode: FOLDER_MODE }).then(
      () => true,
      (error: unknown) => {
        if (errorCode(error) === 'EEXIST') return false
        throw error
      },
    )
    if (made) touch(path)
  }
  const wrong = contents.filter((content) => !isAsWanted(content, present.get(content.path)))
  await forEachBounded(wrong, SYNCS_AT_ONCE, async (content) => {
    signal.throwIfAborted()
    const to = onDisk(folder, content.path)
    const temporary = onDisk(folder, besides(content.path))
    touch(content.path)
    if ('text' in content) {
      await replaceFile(to, temporary, content.text)
      return
    }
    await rm(temporary, { recursive: true, force: true })
    await copySeen(layout.target, current, content.copyOf, temporary)
    await rename(temporary, to)
  })
  await forEachBounded([...touched], SYNCS_AT_ONCE, (path) => syncFolder(path === '' ? folder : onDisk(folder, path)))
}

/** Every folder the contents need, outer ones first. */
function foldersAbove(contents: readonly Content[]): readonly string[] {
  return [...new Set(contents.flatMap(({ path }) => foldersOf(path)))].sort()
}

function isAsWanted(content: Content, present: SeenFile | undefined): boolean {
  if (present === undefined) return false
  if ('text' in content) return present.bytes === sha256(content.text)
  const { copyOf } = content
  return copyOf.bytes === null ? copyOf.link === present.link : copyOf.bytes === present.bytes
}

/** `a/b.yaml` → `a/.new-b.yaml`: hidden, and no resource may have such a name. */
function besides(path: string): string {
  const cut = path.lastIndexOf('/') + 1
  return `${path.slice(0, cut)}.new-${path.slice(cut)}`
}

/**
 * Copies what the current release holds, provided it still holds it. Never a hard link: an edit in place would then reach into
 * older releases. Links are made anew as links, never followed.
 */
async function copySeen(target: string, folder: string, seen: SeenFile, to: string | Buffer): Promise<void> {
  const from = onDisk(folder, seen.path)
  if (seen.link !== null) {
    await symlink(Buffer.from(seen.link, 'latin1'), to)
    return
  }
  if (seen.bytes === null)
    throw targetErrors.refused({
      target,
      reason: `${seen.resource.key} is not to be deleted and cannot be carried into a new release`,
      remedy: 'move it out of the release folder, or switch prune on',
    })
  const content = await contentOf(from)
  if (content === null || sha256OfBytes(content) !== seen.bytes)
    throw targetErrors.stale({ target, keys: [seen.resource.key] })
  await writeNew(to, content)
}

/** The bytes of a regular file; null where there is none. */
async function contentOf(path: string | Buffer): Promise<Uint8Array | null> {
  try {
    return (await readRegular(path)).content
  } catch (error) {
    if (isAbsence(errorCode(error))) return null
    throw error
  }
}
