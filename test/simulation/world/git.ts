import { gitErrors } from '../../../src/core/errors/git.ts'
import type { HonuaError } from '../../../src/core/errors/index.ts'
import type { CommitId } from '../../../src/core/vocabulary.ts'
import type { GitSource } from '../../../src/ports/git.ts'
import { type MemoryFiles, memoryGit } from '../../support/memory-git.ts'
import type { Prng } from '../prng.ts'
import type { Scenario } from '../script.ts'
import { COMMON, declared, type Folder, type Folders, fileOf } from './declared.ts'
import { type Life, never } from './life.ts'
import { type Outline, topologyFile } from './outline.ts'
import { MAIN, type Member } from './site.ts'
import type { SimTime } from './time.ts'

const URL = 'simulated'
const BRANCH = 'main'
const TIMEOUT_MS = 60_000
/** What was asked of the cache in trouble is answered by then. */
const CACHE_BAD_MS = 300_000

/** A commit of the remote: what it declares, and what it was made upon. */
interface Commit {
  readonly id: CommitId
  readonly parent: CommitId | null
  readonly folders: Folders
}

/**
 * A remote with one branch, a history that can fork and be rewritten, and the controller's cache of it, which survives crashes.
 * Objects have the ids that Git gives them.
 */
export class SimGit {
  readonly #time: SimTime
  readonly #prng: Prng
  readonly #objects = memoryGit()
  readonly #commits = new Map<CommitId, Commit>()
  readonly #cached = new Set<CommitId>()
  readonly #sites: ReadonlyMap<string, readonly Member[]>
  /** What lies in the object store's newest tree. */
  #files: ReadonlyMap<string, MemoryFiles[string]> = new Map()
  #branch: CommitId
  /** Calls to the remote that are under way, and when the newest one began. */
  calls = 0
  calledAt = -1
  isDown = false
  isGone = false
  slowMs = 0
  calledUntil = -1
  #isCacheBad = false
  #cacheBadAt = Number.NEGATIVE_INFINITY

  constructor(time: SimTime, prng: Prng, environments: Scenario['environments']) {
    this.#time = time
    this.#prng = prng
    this.#sites = new Map(environments.map(({ name, site }) => [name, site?.members ?? [MAIN]]))
    const first = (names: readonly string[], topology: Outline | null): Folder => ({
      resources: new Map(names.map((name) => [name, declared(name)])),
      topology,
      broken: null,
    })
    const folders = new Map(
      environments.map(({ name, site }) => [name, first(['roads', 'parcels', 'wells'], site?.topology ?? null)]),
    )
    this.#branch = this.#seal(null, new Map([...folders, [COMMON, first(['borders'], null)]]))
  }

  /** The commit that the branch is at. */
  get head(): CommitId {
    return this.#branch
  }

  /** The cache's helper process fails. */
  get isCacheBad(): boolean {
    return this.#isCacheBad
  }

  set isCacheBad(isBad: boolean) {
    if (this.#isCacheBad) this.#cacheBadAt = this.#time.elapsed
    this.#isCacheBad = isBad
  }

  /** Whether the cache fails, or did until a moment ago. */
  get wasCacheBad(): boolean {
    return this.#isCacheBad || this.#time.elapsed - this.#cacheBadAt < CACHE_BAD_MS
  }

  heal(): void {
    this.isDown = false
    this.isGone = false
    this.slowMs = 0
    this.isCacheBad = false
  }

  foldersAt(commit: CommitId): Folders {
    return this.#commits.get(commit)?.folders ?? new Map()
  }

  /** Puts a commit on the branch. */
  commit(environment: string, change: (folder: Folder | undefined) => Folder | null): CommitId {
    this.#branch = this.#on(this.#branch, environment, change)
    return this.#branch
  }

  /** Rewrites history: a commit upon an older one takes the place of the newest. */
  forcePush(back: number, environment: string, change: (folder: Folder | undefined) => Folder | null): CommitId {
    this.#branch = this.#on(this.#ancestor(back), environment, change)
    return this.#branch
  }

  /** Sets the branch back to an older commit. */
  rewind(back: number): CommitId {
    this.#branch = this.#ancestor(back)
    return this.#branch
  }

  /** Whether `to` is `from` or was made upon it. */
  follows(from: CommitId, to: CommitId): boolean {
    for (let at: CommitId | null = to; at !== null; at = this.#commits.get(at)?.parent ?? null)
      if (at === from) return true
    return false
  }

  /** The port, as one run of the controller has it. */
  sourceOf(life: Life): GitSource {
    const local = async <Value>(read: () => Promise<Value> | Value): Promise<Value> => {
      if (!life.isAlive) return never()
      if (this.isCacheBad) throw gitErrors.cacheDamaged({ detail: 'the helper process ended' })
      return read()
    }
    const held = async (commit: CommitId): Promise<void> => {
      if (!this.#cached.has(commit)) throw gitErrors.objectMissing({ oid: commit, expected: 'commit' })
    }
    return {
      displayUrl: URL,
      branch: BRANCH,
      open: () => Promise.resolve(),
      close: () => Promise.resolve(),
      remoteHead: (signal) => this.#remote(life, signal, () => this.#branch),
      fetch: (commit, signal) =>
        this.#remote(life, signal, () => {
          if (!this.follows(commit, this.#branch)) throw gitErrors.moved({ url: URL, branch: BRANCH, commit })
          for (let at: CommitId | null = commit; at !== null; at = this.#commits.get(at)?.parent ?? null)
            this.#cached.add(at)
        }),
      has: (commit) => local(() => this.#cached.has(commit)),
      relation: (from, to) => local(() => (from === to ? 'same' : this.follows(from, to) ? 'descendant' : 'rewritten')),
      commitsBetween: (from, to, of) => local(() => this.#commitsBetween(from, to, of)),
      commitInfo: (commit) => local(() => this.#objects.commitInfo(commit)),
      treeId: (commit, path) =>
        local(async () => {
          await held(commit)
          return this.#objects.treeId(commit, path)
        }),
      tree: (id) => local(() => this.#objects.tree(id)),
      blob: (oid, bytesMax) => local(() => this.#objects.blob(oid, bytesMax)),
    }
  }

  /** Ids of the trees that decide whether a commit touches an environment. */
  async treesAt(commit: CommitId, environment: string) {
    const [own, common, gitops] = await Promise.all(
      [`environments/${environment}`, `environments/${COMMON}`, '.gitops'].map((path) =>
        this.#objects.treeId(commit, path),
      ),
    )
    return { environment: own ?? null, common: common ?? null, gitops: gitops ?? null }
  }

  /** One call to the remote: it answers after a while, or does not, and hears the caller hang up. */
  #remote<Value>(life: Life, signal: AbortSignal, answer: () => Value): Promise<Value> {
    if (!life.isAlive) return never()
    this.calls += 1
    this.calledAt = this.#time.elapsed
    const answered = new Promise<Value>((resolve, reject) => {
      const settle = (finish: () => void) => {
        cancel()
        signal.removeEventListener('abort', hungUp)
        this.calls -= 1
        this.calledUntil = this.#time.elapsed
        finish()
      }
      const hungUp = () => settle(() => reject(signal.reason))
      const ms = this.isDown ? this.#prng.pick([20, 5_000, TIMEOUT_MS]) : this.#prng.between(20, 200) + this.slowMs
      const cancel = this.#time.after(Math.min(ms, TIMEOUT_MS), () =>
        settle(() => {
          const failure = this.#failure(ms)
          if (failure !== null) return reject(failure)
          try {
            resolve(answer())
          } catch (error) {
            reject(error)
          }
        }),
      )
      signal.addEventListener('abort', hungUp, { once: true })
    })
    return life.hears(answered)
  }

  #failure(ms: number): HonuaError | null {
    if (ms >= TIMEOUT_MS) return gitErrors.timeout({ url: URL, afterMs: TIMEOUT_MS })
    if (this.isDown) return gitErrors.unreachable({ url: URL, detail: 'connection refused' })
    if (this.isGone) return gitErrors.branchMissing({ url: URL, branch: BRANCH })
    return null
  }

  async #commitsBetween(
    from: CommitId,
    to: CommitId,
    { paths, most }: { readonly paths: readonly string[]; readonly most: number },
  ): Promise<number | null> {
    if (!this.#cached.has(from) || !this.#cached.has(to)) return null
    const treesAt = async (commit: CommitId | null) =>
      commit === null ? '' : (await Promise.all(paths.map((path) => this.#objects.treeId(commit, path)))).join()
    let count = 0
    for (let at: CommitId | null = to; at !== null && !this.follows(at, from) && count < most; ) {
      const parent: CommitId | null = this.#commits.get(at)?.parent ?? null
      if ((await treesAt(at)) !== (await treesAt(parent))) count += 1
      at = parent
    }
    return count
  }

  #ancestor(back: number): CommitId {
    let at = this.#branch
    for (let step = 0; step < back; step += 1) at = this.#commits.get(at)?.parent ?? at
    return at
  }

  #on(parent: CommitId, environment: string, change: (folder: Folder | undefined) => Folder | null): CommitId {
    const folders = new Map(this.foldersAt(parent))
    const changed = change(folders.get(environment))
    if (changed === null) folders.delete(environment)
    else folders.set(environment, changed)
    return this.#seal(parent, folders)
  }

  #seal(parent: CommitId | null, folders: Folders): CommitId {
    const files = new Map(
      [...folders].flatMap(([name, folder]) => filesOf(name, folder, this.#sites.get(name) ?? [MAIN])),
    )
    const gone = [...this.#files.keys()].filter((path) => !files.has(path)).map((path) => [path, null] as const)
    const id = this.#objects.commit(Object.fromEntries([...gone, ...files]))
    this.#objects.takeReads()
    this.#files = files
    this.#commits.set(id, { id, parent, folders })
    return id
  }
}

function filesOf(
  environment: string,
  { resources, topology, broken }: Folder,
  members: readonly Member[],
): readonly (readonly [string, MemoryFiles[string]])[] {
  const path = (file: string) => `environments/${environment}/${file}`
  const files: (readonly [string, MemoryFiles[string]])[] = [
    // Git keeps no empty folder: something else than a resource lies in it.
    [path('README.md'), environment],
    ...[...resources.values()].map((one) => [path(`${one.name}.json`), fileOf(one)] as const),
    ...(topology === null ? [] : [[path('topology.yaml'), topologyFile(topology, members)] as const]),
  ]
  const [first] = resources.values()
  switch (broken) {
    case null:
      return files
    case 'syntax':
      return [...files, [path('typo.yaml'), 'kind: [Layer\nmetadata: {']]
    case 'twice':
      return [
        ...files,
        [path('twice.json'), fileOf(first ?? declared('twice'))],
        [path('third.json'), fileOf(first ?? declared('twice'))],
      ]
    case 'link':
      return [...files, [path('linked.yaml'), { mode: '120000', content: '../../etc/passwd' }]]
  }
}
