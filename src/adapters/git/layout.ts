import { join } from 'node:path'

/** Where things stand below the cache folder. */
export interface CacheLayout {
  /** Mode 0700. */
  readonly root: string
  /** Empty: HOME and working directory of every Git process. */
  readonly home: string
  /** The bare repository. */
  readonly repository: string
  /** One file a kept commit, named by its id. */
  readonly kept: string
  readonly packs: string
  /** What the repository was made for; written last, so that a half-made one is not taken for whole. */
  readonly identity: string
}

/** `root` must be an absolute path. */
export function cacheLayout(root: string): CacheLayout {
  const repository = join(root, 'repo.git')
  return {
    root,
    home: join(root, 'home'),
    repository,
    kept: join(repository, 'refs', 'honua', 'kept'),
    packs: join(repository, 'objects', 'pack'),
    identity: join(repository, 'honua.json'),
  }
}

/** The ref that keeps a commit from being collected. */
export const keptRef = (commit: string) => `refs/honua/kept/${commit}`

/** Where the branch lands when the server gives commits by ref only. */
export const BRANCH_REF = 'refs/honua/branch'
