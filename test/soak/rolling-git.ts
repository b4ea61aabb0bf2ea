import { createHash } from 'node:crypto'
import { gitErrors } from '../../src/core/errors/git.ts'
import type { GitSource, TreeEntry } from '../../src/ports/git.ts'

/** Commits and revisions that are remembered: a repository that forgets, so that what grows is the controller and not the test. */
const COMMITS_KEPT = 64
const REVISIONS_KEPT = 3

/** A repository of many environments whose files follow from a number each; a commit raises some of the numbers. */
export interface RollingGit extends GitSource {
  /** Raises the revision of these environments; gives the commit. */
  touch(environments: readonly string[]): string
}

interface Folder {
  readonly tree: string
  readonly files: readonly { readonly name: string; readonly oid: string; readonly bytes: Uint8Array }[]
}

export function rollingGit(
  environments: readonly string[],
  filesOf: (environment: string, revision: number) => Readonly<Record<string, string>>,
): RollingGit {
  const revisions = new Map(environments.map((name) => [name, 0]))
  const folders = new Map<string, Folder[]>()
  const commits = new Map<string, ReadonlyMap<string, string>>()
  let head = ''

  const folderOf = (name: string, revision: number, before: Folder | undefined): Folder => {
    const files = Object.entries(filesOf(name, revision)).map(([file, text]) => {
      const oid = idOf('blob', text)
      return (
        before?.files.find((one) => one.name === file && one.oid === oid) ?? {
          name: file,
          oid,
          bytes: Buffer.from(text),
        }
      )
    })
    return { tree: idOf('tree', files.map((file) => file.oid).join('\n')), files }
  }
  const sealed = (): string => {
    const trees = new Map([...folders].map(([name, known]) => [name, known.at(-1)?.tree ?? '']))
    head = idOf('commit', [...trees.values()].join('\n'))
    commits.set(head, trees)
    for (const oldest of commits.keys()) if (commits.size > COMMITS_KEPT) commits.delete(oldest)
    return head
  }
  const raised = (name: string): void => {
    const revision = (revisions.get(name) ?? 0) + 1
    revisions.set(name, revision)
    const known = folders.get(name) ?? []
    folders.set(name, [...known, folderOf(name, revision, known.at(-1))].slice(-REVISIONS_KEPT))
  }
  const treesAt = (commit: string): ReadonlyMap<string, string> => {
    const trees = commits.get(commit)
    if (trees === undefined) throw gitErrors.objectMissing({ oid: commit, expected: 'commit' })
    return trees
  }
  const found = function* () {
    for (const known of folders.values()) yield* known
  }

  for (const name of environments) raised(name)
  sealed()
  return {
    displayUrl: 'rolling',
    branch: 'main',
    touch(names) {
      for (const name of names) raised(name)
      return sealed()
    },
    async treeId(commit, path) {
      const trees = treesAt(commit)
      if (path === '' || path === 'environments') return `${path}@${commit}`
      const [root, name = '', ...below] = path.split('/')
      return root === 'environments' && below.length === 0 ? (trees.get(name) ?? null) : null
    },
    async tree(id): Promise<readonly TreeEntry[]> {
      const [path = '', commit] = id.split('@')
      if (commit !== undefined && path === 'environments')
        return [...treesAt(commit)].map(([name, oid]) => ({ name, mode: '040000', oid }))
      for (const folder of found())
        if (folder.tree === id) return folder.files.map(({ name, oid }) => ({ name, mode: '100644', oid }))
      throw gitErrors.objectMissing({ oid: id, expected: 'tree' })
    },
    async blob(oid) {
      for (const { files } of found()) for (const file of files) if (file.oid === oid) return file.bytes
      throw gitErrors.objectMissing({ oid, expected: 'blob' })
    },
    has: async (commit) => commits.has(commit),
    relation: async (from, to) => (from === to ? 'same' : 'descendant'),
    async commitsBetween(from, to, { paths, most }) {
      const history = [...commits]
      const [first, last] = [from, to].map((id) => history.findIndex(([commit]) => commit === id))
      if (first === undefined || last === undefined || first === -1 || last === -1) return null
      const names = paths.map((path) => path.split('/')[1] ?? '')
      const steps = history
        .slice(first + 1, last + 1)
        .map(([, trees], at) => [history[first + at]?.[1], trees] as const)
      const touching = steps.filter(([before, after]) => names.some((name) => before?.get(name) !== after.get(name)))
      return Math.min(touching.length, most)
    },
    commitInfo: async (commit) => ({ commit, author: 'A Tester', subject: '', committedAt: 0 }),
    remoteHead: async () => head,
    open: () => Promise.resolve(),
    fetch: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

function idOf(type: string, text: string): string {
  return createHash('sha1').update(`${type} ${text}`).digest('hex')
}
