import { gitErrors } from '../../core/errors/git.ts'
import { HonuaError } from '../../core/errors/honua-error.ts'
import { isCommitId } from '../../core/git-names.ts'
import type { CommitId } from '../../core/vocabulary.ts'
import type { CommitInfo, GitSource, Relation, TreeEntry } from '../../ports/git.ts'
import type { Log } from '../../ports/log.ts'
import { inspectCache, type ObjectFormat, prepareFolders, rebuildCache } from './cache.ts'
import { CatFile } from './cat-file.ts'
import type { GitSetting } from './environment.ts'
import { type CacheLayout, cacheLayout, keptRef } from './layout.ts'
import { dropKept, packNames, removeLeftovers, takeBack } from './leftovers.ts'
import { GitObjects } from './objects.ts'
import { openPorcelain, type Porcelain } from './porcelain.ts'
import { findGit } from './program.ts'
import { Remote, type RemoteOptions } from './remote.ts'

/** Each fetch leaves a pack; above this many they are made into one. */
const PACKS_MAX = 50
/** A branch rewritten more often than this loses the oldest of its abandoned heads from the cache. */
const KEPT_MAX = 100

export interface CachedSourceOptions extends RemoteOptions {
  /** Absolute. */
  readonly cacheDir: string
  readonly log: Log
  readonly gitPath: string | undefined
}

/** What exists once `open()` found git. */
interface Tools {
  readonly porcelain: Porcelain
  readonly remote: Remote
  readonly catFile: CatFile
  readonly objects: GitObjects
}

/** The Git source: a remote, a bare cache of it, and readers on the cache. */
export class CachedSource implements GitSource {
  readonly displayUrl: string
  readonly branch: string
  readonly #options: CachedSourceOptions
  readonly #layout: CacheLayout
  readonly #closing = new AbortController()
  #tools: Tools | null = null
  #format: ObjectFormat = 'sha1'
  #kept: ReadonlySet<string> = new Set()
  /** Fetches and tidying write to the cache, one after the other. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: CachedSourceOptions) {
    this.displayUrl = options.displayUrl
    this.branch = options.branch
    this.#options = options
    this.#layout = cacheLayout(options.cacheDir)
  }

  async open(): Promise<void> {
    if (this.#closing.signal.aborted) throw gitErrors.closed()
    const program = await findGit(this.#options.gitPath, process.env['PATH'] ?? '')
    const { transport } = this.#options
    const setting: GitSetting = { layout: this.#layout, transport, programFolder: program.folder }
    const catFile = new CatFile(program, setting)
    this.#tools?.catFile.close()
    this.#tools = {
      porcelain: openPorcelain(program, setting, this.#closing.signal),
      remote: new Remote(this.#options, program, setting),
      catFile,
      objects: new GitObjects(catFile),
    }
    if (transport === 'http' && this.#options.credentials.type === 'token')
      this.#options.log.warn({ url: this.displayUrl }, 'the Git token travels unencrypted; use https')
    await prepareFolders(this.#layout)
    await removeLeftovers(this.#layout)
    await this.#checkCache()
  }

  async remoteHead(signal: AbortSignal): Promise<CommitId> {
    const { remote } = this.#open()
    return this.#bounded(signal, (either) => remote.head(either))
  }

  fetch(commit: CommitId, signal: AbortSignal): Promise<void> {
    checkId('commit id', commit)
    return this.#inTurn(() => this.#bounded(signal, (either) => this.#fetch(commit, either)))
  }

  async has(commit: CommitId): Promise<boolean> {
    checkId('commit id', commit)
    const { objects } = this.#open()
    try {
      const found = await objects.hasCommit(commit)
      // A damaged cache holds nothing that can be relied on: the answer leads to a fetch, which mends it.
      return found && !objects.damaged
    } catch (error) {
      if (objects.damaged) return false
      throw error
    }
  }

  async relation(from: CommitId, to: CommitId): Promise<Relation> {
    checkId('commit id', from)
    checkId('commit id', to)
    if (from === to) return 'same'
    const { objects, porcelain } = this.#open()
    if (!(await objects.hasCommit(to))) throw gitErrors.objectMissing({ oid: to, expected: 'commit' })
    if (!(await objects.hasCommit(from))) return 'rewritten'
    if (await objects.isNearby(from, to)) return 'descendant'
    const base = await objects.noted(() => porcelain.mergeBase(from, to))
    return base === from ? 'descendant' : 'rewritten'
  }

  async commitsBetween(
    from: CommitId,
    to: CommitId,
    of: { readonly paths: readonly string[]; readonly most: number },
  ): Promise<number | null> {
    checkId('commit id', from)
    checkId('commit id', to)
    if (from === to) return 0
    const { objects, porcelain } = this.#open()
    if (!(await objects.hasCommit(from)) || !(await objects.hasCommit(to))) return null
    // Not noted as damage when it fails: what people look at must not have the cache made anew.
    return porcelain.countCommits(from, to, of)
  }

  async commitInfo(commit: CommitId): Promise<CommitInfo> {
    checkId('commit id', commit)
    return (await this.#open().objects.commit(commit)).info
  }

  async treeId(commit: CommitId, path: string): Promise<string | null> {
    checkId('commit id', commit)
    return this.#open().objects.treeId(commit, path)
  }

  async tree(treeId: string): Promise<readonly TreeEntry[]> {
    checkId('object id', treeId)
    return this.#open().objects.tree(treeId)
  }

  async blob(oid: string, maxBytes: number): Promise<Uint8Array> {
    checkId('object id', oid)
    return this.#open().objects.blob(oid, maxBytes)
  }

  async close(): Promise<void> {
    this.#closing.abort(gitErrors.closed())
    this.#tools?.catFile.close()
    await this.#writing
  }

  async #checkCache(): Promise<void> {
    const found = await inspectCache(this.#layout, this.#options.url)
    if (!found.ok) {
      this.#options.log.info({ url: this.displayUrl, reason: found.reason }, 'Git cache is made anew')
      return this.#rebuild('sha1')
    }
    this.#format = found.format
    const readable = await Promise.all(found.kept.map((commit) => this.#isReadable(commit)))
    if (readable.every(Boolean)) {
      this.#kept = new Set(found.kept)
      return
    }
    this.#options.log.warn({ url: this.displayUrl, reason: 'a kept commit is gone' }, 'Git cache is made anew')
    return this.#rebuild(found.format)
  }

  async #isReadable(commit: CommitId): Promise<boolean> {
    const { objects } = this.#open()
    try {
      await objects.tree((await objects.commit(commit)).tree)
      return true
    } catch (error) {
      if (error instanceof HonuaError) return false
      throw error
    }
  }

  async #rebuild(format: ObjectFormat): Promise<void> {
    const { objects, porcelain } = this.#open()
    objects.reset()
    await rebuildCache(this.#layout, porcelain, this.#options.url, format)
    this.#format = format
    this.#kept = new Set()
  }

  async #fetch(commit: CommitId, signal: AbortSignal): Promise<void> {
    const { objects, porcelain, remote } = this.#open()
    const format = commit.length === 64 ? 'sha256' : 'sha1'
    if (objects.damaged || format !== this.#format) {
      // A damaged cache is better than none while the remote is away.
      await remote.head(signal)
      await this.#rebuild(format)
    }
    if (this.#kept.has(commit)) return
    const before = await packNames(this.#layout)
    try {
      if (!(await remote.fetchCommit(commit, signal))) {
        await remote.fetchBranch(signal)
        if (!(await objects.hasCommit(commit)))
          throw gitErrors.moved({ url: this.displayUrl, branch: this.branch, commit })
        await porcelain.setRef(keptRef(commit), commit)
      }
      // What the server calls a commit may be anything with that id.
      await objects.commit(commit)
    } catch (error) {
      await removeLeftovers(this.#layout)
      if (!(error instanceof HonuaError && error.code === 'HONUA_GIT_MOVED'))
        await takeBack(this.#layout, commit, before)
      throw error
    }
    this.#kept = new Set([...this.#kept, commit])
    this.#options.log.debug({ url: this.displayUrl, commit }, 'commit fetched')
    const packs = [...(await packNames(this.#layout))].filter((name) => name.endsWith('.pack'))
    if (packs.length > PACKS_MAX) this.#tidyLater()
  }

  #tidyLater(): void {
    void this.#inTurn(() => this.#tidy()).catch((error: unknown) => {
      if (this.#closing.signal.aborted) return
      const code = error instanceof HonuaError ? error.code : 'unknown'
      this.#options.log.warn({ url: this.displayUrl, code }, 'Git cache could not be tidied')
    })
  }

  async #tidy(): Promise<void> {
    const { catFile, porcelain } = this.#open()
    const kept = [...this.#kept]
    this.#kept = new Set(await dropKept(this.#layout, kept, await porcelain.independent(kept), KEPT_MAX))
    await porcelain.repack()
    // The running process would hold the replaced packs open.
    catFile.stop()
  }

  #open(): Tools {
    if (this.#closing.signal.aborted) throw gitErrors.closed()
    if (this.#tools === null) throw new Error('open() the Git source first')
    return this.#tools
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(work)
    this.#writing = turn.catch(() => undefined)
    return turn
  }

  /** Runs network work that ends with the caller's signal or with `close()`. */
  async #bounded<T>(signal: AbortSignal, work: (either: AbortSignal) => Promise<T>): Promise<T> {
    const closing = this.#closing.signal
    const either = new AbortController()
    // Listeners of our own, taken off again: AbortSignal.any would leave a trace on the long-lived signal at each poll.
    const stop = () => either.abort(closing.aborted ? closing.reason : signal.reason)
    for (const each of [signal, closing]) each.addEventListener('abort', stop, { once: true })
    if (signal.aborted || closing.aborted) stop()
    try {
      return await work(either.signal)
    } finally {
      for (const each of [signal, closing]) each.removeEventListener('abort', stop)
    }
  }
}

function checkId(what: 'commit id' | 'object id', text: string): void {
  if (!isCommitId(text)) throw gitErrors.refInvalid({ what, reason: 'it is no full id of lower-case hex characters' })
}
