/** Reads what a commit declares, through the Git port, and keeps what it read for the next commit. */
import {
  type Assembled,
  Assembler,
  assembleDesired,
  atPath,
  COMMON,
  isEnvironmentName,
  isFile,
  shapeFolder,
} from '../core/desired.ts'
import { shown } from '../core/documents/index.ts'
import { desiredErrors } from '../core/errors/desired.ts'
import { HonuaError } from '../core/errors/index.ts'
import { Lru } from '../core/lru.ts'
import type { CommitId, Problem, TreeIds } from '../core/vocabulary.ts'
import type { GitSource } from '../ports/git.ts'
import type { Parser } from '../ports/parser.ts'
import { Blobs } from './load-desired/blobs.ts'
import { Folders, type Walked } from './load-desired/folders.ts'
import { inThread } from './load-desired/in-thread.ts'
import { defaultLoadLimits, type LoadLimits } from './load-desired/limits.ts'

export { defaultLoadLimits, type LoadLimits } from './load-desired/limits.ts'

/** All methods answer from the cache of the Git source; they throw what it throws (HONUA_GIT_OBJECT_MISSING …) and nothing else. */
export interface DesiredLoader {
  /** What the commit declares for the environment, or everything that is wrong with it. */
  load(environment: string, commit: CommitId): Promise<Assembled>
  /** The environments that the commit has, sorted; folders that cannot be one are problems. */
  environments(commit: CommitId): Promise<{ readonly names: readonly string[]; readonly problems: readonly Problem[] }>
  /** Ids that tell whether a commit touches the environment. */
  trees(environment: string, commit: CommitId): Promise<TreeIds>
}

const ROOT = 'environments'
const FOLDER = '040000'
const nothing: Walked = { files: [], problems: [], bytes: 0 }

/** One loader serves all environments of a repository: what they share is read once. */
export function createDesiredLoader(options: {
  readonly git: GitSource
  /** Absent: files are parsed in this thread. */
  readonly parser?: Parser
  readonly limits?: Partial<LoadLimits>
}): DesiredLoader {
  const { git, parser = inThread } = options
  const limits = { ...defaultLoadLimits, ...options.limits }
  const folders = new Folders(git, new Blobs(git, parser, limits), limits)

  const assemblers = new Lru<Assembler>(limits.cacheBytesMax)
  /** A person who asks again while the answer is on its way gets the same one. */
  const loading = new Map<string, Promise<Assembled>>()

  const entriesOf = async (commit: CommitId) => {
    const root = await git.treeId(commit, ROOT)
    return root === null ? [] : git.tree(root)
  }

  const trees = async (environment: string, commit: CommitId): Promise<TreeIds> => {
    const isName = isEnvironmentName(environment)
    const [own, common, gitops] = await Promise.all([
      isName ? git.treeId(commit, `${ROOT}/${environment}`) : null,
      git.treeId(commit, `${ROOT}/${COMMON}`),
      git.treeId(commit, '.gitops'),
    ])
    return { environment: own, common, gitops }
  }

  const walk = async (name: string, treeId: string | null): Promise<Walked> => {
    const path = `${ROOT}/${name}`
    try {
      return treeId === null ? nothing : await folders.walk(path, treeId)
    } catch (error) {
      if (!(error instanceof HonuaError) || error.code !== 'HONUA_TREE_TOO_LARGE') throw error
      return { ...nothing, problems: [atPath(path, error)] }
    }
  }

  const loadNew = async (environment: string, commit: CommitId): Promise<Assembled> => {
    const ids = await trees(environment, commit)
    const misplaced = (await entriesOf(commit)).filter(
      ({ name, mode }) => mode !== FOLDER && (name === environment || name === COMMON),
    )
    const absent = ids.environment === null ? [missing(environment)] : []
    const [common, own] = await Promise.all([walk(COMMON, ids.common), walk(environment, ids.environment)])
    const bytes = common.bytes + own.bytes
    const assembler = assemblers.get(environment) ?? new Assembler()
    assemblers.set(environment, assembler, bytes)
    const assembly = {
      environment,
      commit,
      trees: ids,
      common: common.files,
      own: own.files,
      problems: [...absent, ...misplaced.map(({ name }) => notAFolder(name)), ...common.problems, ...own.problems],
    }
    return assembleDesired(assembly, assembler)
  }

  return {
    trees,

    load(environment, commit) {
      const key = `${environment}\0${commit}`
      const started = loading.get(key)
      if (started !== undefined) return started
      const load = loadNew(environment, commit).finally(() => loading.delete(key))
      loading.set(key, load)
      return load
    },

    async environments(commit) {
      // Files beside the environments are nobody's business here; links stay, lest an environment be missed in silence.
      const entries = (await entriesOf(commit)).filter(({ mode }) => !isFile(mode))
      const shape = shapeFolder(ROOT, entries)
      const names = shape.folders.flatMap((index) => entries[index]?.name ?? [])
      const misnamed = names.filter((name) => !isEnvironmentName(name) && name !== COMMON).map(invalidName)
      return { names: names.filter(isEnvironmentName).sort(), problems: [...shape.problems, ...misnamed] }
    },
  }
}

function missing(environment: string): Problem {
  const error = desiredErrors.environmentMissing({ environment })
  return { code: error.code, message: `${error.message}; ${error.remedy}`, location: null }
}

function notAFolder(name: string): Problem {
  return atPath(`${ROOT}/${name}`, desiredErrors.notAFolder())
}

function invalidName(name: string): Problem {
  return atPath(`${ROOT}/${name}`, desiredErrors.environmentName({ shown: shown(name) }))
}
