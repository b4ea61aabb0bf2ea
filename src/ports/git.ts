import type { CommitId, Instant } from '../core/vocabulary.ts'

/** One entry of a Git tree. `mode` as Git writes it: 100644, 100755, 120000 (link), 160000 (submodule), 040000 (tree). */
export interface TreeEntry {
  readonly name: string
  readonly mode: string
  readonly oid: string
}

export interface CommitInfo {
  readonly commit: CommitId
  readonly author: string
  readonly subject: string
  readonly committedAt: Instant
}

/** How `to` relates to `from`: itself, a descendant, or something else (older, or rewritten history). */
export type Relation = 'same' | 'descendant' | 'rewritten'

/**
 * One repository and branch, seen through a local cache. Only `remoteHead` and `fetch` touch the network; the rest answers from
 * the cache with the remote gone. Every failure is a HonuaError whose text never holds a credential.
 */
export interface GitSource {
  /** Shown to people: host and path, never user or token. */
  readonly displayUrl: string
  readonly branch: string
  /** Prepares or repairs the cache; touches no network. */
  open(): Promise<void>
  /** The branch's commit on the remote: exactly one remote call. Fails with HONUA_GIT_BRANCH_MISSING, _AUTH, _UNTRUSTED, _UNREACHABLE … */
  remoteHead(signal: AbortSignal): Promise<CommitId>
  /** Brings the branch at `commit` into the cache and keeps it from being collected. */
  fetch(commit: CommitId, signal: AbortSignal): Promise<void>
  /** Whether the cache holds the commit. */
  has(commit: CommitId): Promise<boolean>
  relation(from: CommitId, to: CommitId): Promise<Relation>
  commitInfo(commit: CommitId): Promise<CommitInfo>
  /**
   * How many commits `to` has that `from` has not, of those that change something at or below one of the paths; counting ends at `most`.
   * Null where the cache does not hold both. Path segments are checked by the caller.
   */
  commitsBetween(
    from: CommitId,
    to: CommitId,
    of: { readonly paths: readonly string[]; readonly most: number },
  ): Promise<number | null>
  /** Id of the tree at `path` ('' is the root), or null when there is no such folder. Path segments are checked by the caller. */
  treeId(commit: CommitId, path: string): Promise<string | null>
  /** Entries of one tree, in Git's order. Cached by id. */
  tree(treeId: string): Promise<readonly TreeEntry[]>
  /** A blob's bytes. Throws HONUA_GIT_BLOB_TOO_LARGE above `maxBytes` without reading it. */
  blob(oid: string, maxBytes: number): Promise<Uint8Array>
  /** Stops the running helper processes. */
  close(): Promise<void>
}
