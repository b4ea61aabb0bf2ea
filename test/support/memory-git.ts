import { createHash } from 'node:crypto'
import { gitErrors } from '../../src/core/errors/git.ts'
import type { GitSource, TreeEntry } from '../../src/ports/git.ts'

/** A blob's content, or an entry of another mode. Null removes the path. */
export type MemoryFiles = Readonly<
  Record<string, string | Uint8Array | null | { readonly mode: string; readonly content: string }>
>

/** A repository in memory, for tests of what reads it. Ids are those that Git would give. */
export interface MemoryGit extends GitSource {
  /** Adds a commit upon the last one; gives its id. */
  commit(files: MemoryFiles): string
  /** Ids of blobs, then of trees, that were read since the last look, in order. */
  takeReads(): { readonly blobs: readonly string[]; readonly trees: readonly string[] }
}

interface Folder {
  readonly entries: Map<string, Folder | { readonly mode: string; readonly oid: string }>
}

export function memoryGit(): MemoryGit {
  const blobs = new Map<string, Uint8Array>()
  const trees = new Map<string, readonly TreeEntry[]>()
  const commits = new Map<string, string>()
  let head: Folder = { entries: new Map() }
  let reads: { blobs: string[]; trees: string[] } = { blobs: [], trees: [] }

  const write = (path: string, content: MemoryFiles[string]) => {
    const segments = path.split('/')
    const name = segments.pop() ?? ''
    let folder = head
    for (const segment of segments) {
      const next = folder.entries.get(segment)
      const below: Folder = next !== undefined && 'entries' in next ? next : { entries: new Map() }
      folder.entries.set(segment, below)
      folder = below
    }
    if (content === null) return folder.entries.delete(name)
    const isPlain = typeof content === 'string' || content instanceof Uint8Array
    const bytes = Buffer.from(isPlain ? content : content.content)
    const oid = idOf('blob', bytes)
    blobs.set(oid, bytes)
    return folder.entries.set(name, { mode: isPlain ? '100644' : content.mode, oid })
  }

  const seal = (folder: Folder): string => {
    const entries = [...folder.entries].flatMap(([name, entry]): TreeEntry[] => {
      if (!('entries' in entry)) return [{ name, ...entry }]
      return entry.entries.size === 0 ? [] : [{ name, mode: '040000', oid: seal(entry) }]
    })
    entries.sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)))
    const lines = entries.map(({ mode, name, oid }) => `${mode} ${name}\0${oid}`)
    const oid = idOf('tree', Buffer.from(lines.join('\n')))
    trees.set(oid, entries)
    return oid
  }

  const tree = (id: string): readonly TreeEntry[] => {
    const entries = trees.get(id)
    if (entries === undefined) throw gitErrors.objectMissing({ oid: id, expected: 'tree' })
    return entries
  }

  /** What stands at a path below a tree; undefined where nothing does. */
  const oidAt = (root: string, path: string): string | undefined =>
    path
      .split('/')
      .reduce<string | undefined>(
        (id, segment) => (id === undefined ? id : trees.get(id)?.find(({ name }) => name === segment)?.oid),
        root,
      )

  return {
    displayUrl: 'memory',
    branch: 'main',
    commit(files) {
      for (const [path, content] of Object.entries(files)) write(path, content)
      const root = seal(head)
      const id = idOf('commit', Buffer.from(`${root}${commits.size}`))
      commits.set(id, root)
      head = structuredClone(head)
      return id
    },
    takeReads() {
      const taken = reads
      reads = { blobs: [], trees: [] }
      return taken
    },
    async treeId(commit, path) {
      let id = commits.get(commit)
      if (id === undefined) throw gitErrors.objectMissing({ oid: commit, expected: 'commit' })
      for (const segment of path === '' ? [] : path.split('/')) {
        const entry: TreeEntry | undefined = tree(id).find(({ name }) => name === segment)
        if (entry === undefined || entry.mode !== '040000') return null
        id = entry.oid
      }
      return id
    },
    async tree(id) {
      reads.trees.push(id)
      return tree(id)
    },
    async blob(oid, maxBytes) {
      reads.blobs.push(oid)
      const bytes = blobs.get(oid)
      if (bytes === undefined) throw gitErrors.objectMissing({ oid, expected: 'blob' })
      if (bytes.length > maxBytes) throw gitErrors.blobTooLarge({ oid, bytes: bytes.length, maxBytes })
      return bytes
    },
    async has(commit) {
      return commits.has(commit)
    },
    async relation(from, to) {
      return from === to ? 'same' : 'descendant'
    },
    async commitsBetween(from, to, { paths, most }) {
      const history = [...commits.keys()]
      const [first, last] = [history.indexOf(from), history.indexOf(to)]
      if (first === -1 || last === -1) return null
      const idsAt = (at: number) => paths.map((path) => oidAt(commits.get(history[at] ?? '') ?? '', path)).join()
      let count = 0
      for (let at = last; at > first; at -= 1) if (idsAt(at) !== idsAt(at - 1)) count += 1
      return Math.min(count, most)
    },
    async commitInfo(commit) {
      return { commit, author: 'A Tester', subject: '', committedAt: 0 }
    },
    async remoteHead() {
      return [...commits.keys()].at(-1) ?? ''
    },
    open: () => Promise.resolve(),
    fetch: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

function idOf(type: string, bytes: Uint8Array): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
}

/** Git sorts folders as if their names ended in "/". */
function sortKey({ name, mode }: TreeEntry): Buffer {
  return Buffer.from(mode === '040000' ? `${name}/` : name)
}
