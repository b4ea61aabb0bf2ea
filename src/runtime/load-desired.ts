import { assembleDesired, type DesiredResult, type Finished, type ReadFile } from '../core/desired.ts'
import type { Fault } from '../core/documents/fault.ts'
import { decodeUtf8, parseText } from '../core/documents/index.ts'
import { type Declared, readResource } from '../core/documents/resource.ts'
import { desiredErrors } from '../core/errors/desired.ts'
import { HonuaError } from '../core/errors/index.ts'
import { COMMON, isEnvironmentName } from '../core/names.ts'
import type { CommitId, Problem, TreeIds } from '../core/vocabulary.ts'
import type { GitSource, TreeEntry } from '../ports/git.ts'

export interface LoadLimits {
  /** Largest file read, in bytes. */
  readonly fileBytesMax: number
}

/** What a commit declares, environment by environment. */
export interface DesiredLoader {
  load(environment: string, commit: CommitId): Promise<DesiredResult>
  /** The environments that a commit holds, and folders that cannot be one. */
  environments(commit: CommitId): Promise<{ readonly names: readonly string[]; readonly problems: readonly Problem[] }>
  trees(environment: string, commit: CommitId): Promise<TreeIds>
}

/** A file's content, parsed without knowing its path: shared by all files with the same bytes. */
interface ParsedBlob {
  readonly resources: readonly Declared[]
  readonly faults: readonly Fault[]
  readonly notes: readonly string[]
}

interface FoundFile {
  readonly path: string
  readonly oid: string
}

interface Walked {
  readonly files: readonly FoundFile[]
  readonly problems: readonly Problem[]
  readonly notes: readonly string[]
}

const ROOT = 'environments'
const RESOURCE_FILE = /\.(ya?ml|json)$/
const SAFE_NAME = /^[A-Za-z0-9._][A-Za-z0-9._-]*$/
/** Files of one environment; more is a mistake, or an attack. */
const FILES_MAX = 50_000
/** Parsed files kept in memory; the least recently used go first. */
const BLOBS_KEPT = 50_000
/** Reads that wait for Git at once: enough to keep its pipe full. */
const READS_AT_ONCE = 256

/** Reads through the Git cache, and remembers every parsed file by its object id: a commit with one changed file costs one file. */
export function createDesiredLoader({
  git,
  limits,
}: {
  readonly git: GitSource
  readonly limits: LoadLimits
}): DesiredLoader {
  const blobs = new Map<string, ParsedBlob>()
  const finished: Finished = new WeakMap()
  const readFiles = new WeakMap<ParsedBlob, Map<string, ReadFile>>()

  const parsedBlob = async (oid: string): Promise<ParsedBlob> => {
    const known = blobs.get(oid)
    if (known !== undefined) {
      blobs.delete(oid)
      blobs.set(oid, known)
      return known
    }
    const parsed = await parseBlob(git, oid, limits.fileBytesMax)
    blobs.set(oid, parsed)
    if (blobs.size > BLOBS_KEPT) for (const oldest of blobs.keys()) if (blobs.delete(oldest)) break
    return parsed
  }

  const readFile = async ({ path, oid }: FoundFile): Promise<ReadFile> => {
    const blob = await parsedBlob(oid)
    const paths = readFiles.get(blob) ?? new Map<string, ReadFile>()
    readFiles.set(blob, paths)
    const file = paths.get(path) ?? placed(blob, path)
    paths.set(path, file)
    return file
  }

  const readFolder = async (path: string, tree: string | null): Promise<readonly ReadFile[]> => {
    if (tree === null) return []
    const walked = await walk(git, path, tree)
    const files = await pooled(walked.files, readFile)
    return [...files, { path, resources: [], problems: walked.problems, notes: walked.notes }]
  }

  const trees = async (environment: string, commit: CommitId): Promise<TreeIds> => ({
    environment: await git.treeId(commit, `${ROOT}/${environment}`),
    common: await git.treeId(commit, `${ROOT}/${COMMON}`),
    gitops: await git.treeId(commit, '.gitops'),
  })

  return {
    trees,
    async load(environment, commit) {
      const ids = await trees(environment, commit)
      if (ids.environment === null) {
        const { code, message, remedy } = desiredErrors.environmentMissing({ environment, commit })
        return { desired: null, problems: [{ code, message: `${message}; ${remedy}`, location: null }], notes: [] }
      }
      const common = await readFolder(`${ROOT}/${COMMON}`, ids.common)
      const own = await readFolder(`${ROOT}/${environment}`, ids.environment)
      return assembleDesired({ environment, commit, trees: ids, common, own, finished })
    },
    async environments(commit) {
      const root = await git.treeId(commit, ROOT)
      const folders =
        root === null ? [] : (await git.tree(root)).filter((entry) => entry.mode === '040000' && entry.name !== COMMON)
      const problems = folders
        .filter(({ name }) => !isEnvironmentName(name))
        .map(({ name }) => problemOf(desiredErrors.environmentName({ name: visibleName(name) })))
      return { names: folders.map(({ name }) => name).filter(isEnvironmentName), problems }
    },
  }
}

async function parseBlob(git: GitSource, oid: string, fileBytesMax: number): Promise<ParsedBlob> {
  try {
    const decoded = decodeUtf8(await git.blob(oid, fileBytesMax))
    if ('fault' in decoded) return { resources: [], faults: [decoded.fault], notes: [] }
    const { documents, faults } = parseText(decoded.text)
    const readings = documents.map(readResource)
    return {
      resources: readings.flatMap((reading) => (reading.kind === 'resource' ? [reading.resource] : [])),
      faults: [...faults, ...readings.flatMap((reading) => (reading.kind === 'faulty' ? reading.faults : []))],
      notes: readings.flatMap((reading) => (reading.kind === 'aside' ? [reading.note] : [])),
    }
  } catch (error) {
    if (!(error instanceof HonuaError) || error.code !== 'HONUA_GIT_BLOB_TOO_LARGE') throw error
    return {
      resources: [],
      faults: [{ code: error.code, message: `${error.message}; ${error.remedy}`, line: 1, column: 1 }],
      notes: [],
    }
  }
}

function placed(blob: ParsedBlob, path: string): ReadFile {
  return {
    path,
    resources: blob.resources,
    problems: blob.faults.map(({ code, message, line, column }) => ({
      code,
      message,
      location: { path, line, column },
    })),
    notes: blob.notes.map((note) => `${path}: ${note}`),
  }
}

async function walk(git: GitSource, path: string, tree: string): Promise<Walked> {
  const files: FoundFile[] = []
  const problems: Problem[] = []
  const notes: string[] = []
  const pending: { readonly path: string; readonly tree: string }[] = [{ path, tree }]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const { path: parent } = folder
    const entries = await git.tree(folder.tree)
    problems.push(...nameProblems(parent, entries))
    for (const entry of entries) {
      const full = `${parent}/${visibleName(entry.name)}`
      const refusal = refusedMode(entry.mode)
      if (refusal !== null) problems.push(problemOf(desiredErrors.entry({ path: full, what: refusal })))
      else if (entry.mode === '040000') {
        if (parent === path && entry.name === 'migrations') notes.push(`${full}: migrations are not acted on yet`)
        else pending.push({ path: full, tree: entry.oid })
      } else if (parent === path && /^topology\.ya?ml$/.test(entry.name))
        notes.push(`${full}: a topology is not acted on yet`)
      else if (RESOURCE_FILE.test(entry.name)) files.push({ path: full, oid: entry.oid })
    }
    if (files.length > FILES_MAX)
      return { files: [], notes, problems: [problemOf(desiredErrors.tooMany({ environment: path, max: FILES_MAX }))] }
  }
  return { files, problems, notes }
}

function refusedMode(mode: string): string | null {
  switch (mode) {
    case '040000':
    case '100644':
    case '100755':
    case '100664':
      return null
    case '120000':
      return 'a symbolic link'
    case '160000':
      return 'a submodule'
    default:
      return `an entry of mode ${mode}`
  }
}

function nameProblems(parent: string, entries: readonly TreeEntry[]): readonly Problem[] {
  const seen = new Map<string, string>()
  return entries.flatMap(({ name }) => {
    const path = `${parent}/${visibleName(name)}`
    if (!SAFE_NAME.test(name))
      return [problemOf(desiredErrors.entryName({ path, why: 'holds characters that are not taken' }))]
    const twin = seen.get(name.toLowerCase())
    seen.set(name.toLowerCase(), name)
    return twin === undefined
      ? []
      : [problemOf(desiredErrors.entryName({ path, why: `differs from ${twin} only in case` }))]
  })
}

/** A name that could play tricks on a terminal is shown by its code points. */
function visibleName(name: string): string {
  return name.replace(/[^\x21-\x7e]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

function problemOf({ code, message, remedy }: HonuaError): Problem {
  return { code, message: `${message}; ${remedy}`, location: null }
}

async function pooled<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += READS_AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + READS_AT_ONCE).map(work))))
  return results
}
