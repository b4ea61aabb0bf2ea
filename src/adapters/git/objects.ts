import { createHash } from 'node:crypto'
import { gitErrors } from '../../core/errors/git.ts'
import { HonuaError } from '../../core/errors/honua-error.ts'
import { Lru } from '../../core/lru.ts'
import type { CommitId } from '../../core/vocabulary.ts'
import type { TreeEntry } from '../../ports/git.ts'
import type { CatFile } from './cat-file.ts'
import { type ParsedCommit, parseCommit, parseTree } from './parse.ts'

/** About 30 MB of entries. */
const CACHED_ENTRIES_MAX = 200_000
const CACHED_COMMITS_MAX = 1_000
/** A tree of half a million entries; a commit message nobody reads. */
const TREE_BYTES_MAX = 32 * 1024 * 1024
const COMMIT_BYTES_MAX = 1024 * 1024
/** Reading so many commits costs less than starting a Git; what one poll brings is usually among them. */
const NEARBY_COMMITS_MAX = 16

type ObjectType = 'commit' | 'tree' | 'blob'

/**
 * Typed, verified reading from the cache: bytes that do not hash to the id asked for are damage, whatever brought them there.
 * Trees and commits are kept by id; they never change.
 */
export class GitObjects {
  readonly #catFile: CatFile
  readonly #trees = new Lru<readonly TreeEntry[]>(CACHED_ENTRIES_MAX)
  readonly #commits = new Lru<ParsedCommit>(CACHED_COMMITS_MAX)
  #damaged = false

  constructor(catFile: CatFile) {
    this.#catFile = catFile
  }

  /** Whether reading showed that the cache lost or changed something it had. */
  get damaged(): boolean {
    return this.#damaged
  }

  async hasCommit(commit: CommitId): Promise<boolean> {
    if (this.#commits.get(commit) !== undefined) return true
    return (await this.noted(() => this.#catFile.info(commit)))?.type === 'commit'
  }

  async commit(commit: CommitId): Promise<ParsedCommit> {
    const known = this.#commits.get(commit)
    if (known !== undefined) return known
    const raw = await this.#read(commit, 'commit', COMMIT_BYTES_MAX)
    const parsed = await this.#parsed(() => parseCommit(commit, raw))
    this.#commits.set(commit, parsed, 1)
    return parsed
  }

  /** Whether `from` is found among the newest ancestors of `to`. False tells nothing: it may be further back. */
  async isNearby(from: CommitId, to: CommitId): Promise<boolean> {
    const reached = new Set([to])
    for (const commit of reached) {
      if (commit === from) return true
      if (reached.size > NEARBY_COMMITS_MAX || !(await this.hasCommit(commit))) return false
      for (const parent of (await this.commit(commit)).parents) reached.add(parent)
    }
    return false
  }

  async tree(oid: string): Promise<readonly TreeEntry[]> {
    const known = this.#trees.get(oid)
    if (known !== undefined) return known
    const raw = await this.#read(oid, 'tree', TREE_BYTES_MAX)
    const entries = await this.#parsed(() => parseTree(raw, oid.length === 64 ? 32 : 20))
    this.#trees.set(oid, entries, entries.length + 1)
    return entries
  }

  /** The tree at `path` below a commit's root, or null. */
  async treeId(commit: CommitId, path: string): Promise<string | null> {
    let oid = (await this.commit(commit)).tree
    if (path === '') return oid
    for (const segment of path.split('/')) {
      const entry = (await this.tree(oid)).find((each) => each.name === segment)
      if (entry === undefined || entry.mode !== '040000') return null
      oid = entry.oid
    }
    return oid
  }

  blob(oid: string, maxBytes: number): Promise<Buffer> {
    return this.#read(oid, 'blob', maxBytes)
  }

  /** Forgets everything, as the cache was made anew. */
  reset(): void {
    this.#catFile.stop()
    this.#trees.clear()
    this.#commits.clear()
    this.#damaged = false
  }

  #read(oid: string, type: ObjectType, maxBytes: number): Promise<Buffer> {
    return this.noted(() => this.#verified(oid, type, maxBytes))
  }

  async #verified(oid: string, type: ObjectType, maxBytes: number): Promise<Buffer> {
    const info = await this.#catFile.info(oid)
    // Ids of trees and blobs come from objects that were fetched whole, and Git calls a damaged object missing without a word.
    if (info === null && type !== 'commit') this.#damaged = true
    if (info === null || info.type !== type) throw gitErrors.objectMissing({ oid, expected: type })
    if (info.size > maxBytes) throw gitErrors.blobTooLarge({ oid, bytes: info.size, maxBytes })
    const answer = await this.#catFile.contents(oid)
    if (answer === null || answer.content === null) throw gitErrors.objectMissing({ oid, expected: type })
    const hash = createHash(oid.length === 64 ? 'sha256' : 'sha1').update(`${type} ${answer.content.length}\0`)
    if (hash.update(answer.content).digest('hex') !== oid)
      throw gitErrors.cacheDamaged({ detail: `${type} ${oid} has other bytes than its id says` })
    return answer.content
  }

  #parsed<T>(parse: () => T): Promise<T> {
    return this.noted(async () => {
      try {
        return parse()
      } catch (error) {
        throw gitErrors.cacheDamaged({ detail: error instanceof Error ? error.message : '' })
      }
    })
  }

  /** Runs work on the cache and remembers when it found damage. */
  async noted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof HonuaError && error.code === 'HONUA_GIT_CACHE_DAMAGED') this.#damaged = true
      throw error
    }
  }
}
