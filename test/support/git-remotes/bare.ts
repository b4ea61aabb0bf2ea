import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a test's own Git process sees: nothing of the computer it runs on. */
const ENV = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

/** Runs git and gives its output, trimmed. Rejects with Git's words. */
export async function git(args: readonly string[], input: string | Uint8Array = ''): Promise<string> {
  const child = spawn('git', args, { env: ENV, stdio: 'pipe' })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  // A git that reads no input may be gone before it is offered; the exit code tells what matters.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`git ${args[0]}: ${Buffer.concat(err).toString('utf8')}`)
  return Buffer.concat(out).toString('utf8').trim()
}

/** A folder under the system's temporary folder, and how to remove it. */
export async function temporaryFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'honua-git-'))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) }
}

export interface CommitOptions {
  readonly branch?: string
  /** Commit to build on; default the branch, `null` for a root commit (a rewrite when the branch exists). */
  readonly parent?: string | null
  readonly author?: string
  /** Seconds since the epoch. */
  readonly at?: number
}

/** Paths and texts of a commit; null removes the path, an object sets another mode or bytes. */
export type Files = Readonly<
  Record<string, string | null | { readonly mode: '100755' | '120000' | '160000'; readonly text: string }>
>

export async function makeBareRepository(path: string): Promise<void> {
  await git(['init', '--quiet', '--bare', '--initial-branch=main', path])
}

/** Commits to a bare repository without a work tree: one process, a few ms. Resolves with the commit's id. */
export async function commitFiles(
  repository: string,
  files: Files,
  message: string,
  options: CommitOptions = {},
): Promise<string> {
  const { branch = 'main', author = 'A Tester <tester@example.org>', at = 1_760_000_000 } = options
  const parent = options.parent === undefined ? await headOf(repository, branch) : options.parent
  const lines = [`commit refs/heads/${branch}`, 'mark :1', `committer ${author} ${at} +0000`, data(message)]
  // Without an explicit parent fast-import would start from what the ref holds.
  if (parent !== null) lines.push(`from ${parent}`)
  for (const [name, content] of Object.entries(files)) {
    const path = JSON.stringify(name)
    if (content === null) lines.push(`D ${path}`)
    else if (typeof content === 'string') lines.push(`M 100644 inline ${path}`, data(content))
    else if (content.mode === '160000') lines.push(`M 160000 ${content.text} ${path}`)
    else lines.push(`M ${content.mode} inline ${path}`, data(content.text))
  }
  lines.push('', 'get-mark :1', 'done', '')
  return git(['-C', repository, 'fast-import', '--quiet', '--force', '--done'], lines.join('\n'))
}

/** The branch's commit, or null. */
export async function headOf(repository: string, branch: string): Promise<string | null> {
  const text = await git(['-C', repository, 'for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`])
  return text === '' ? null : text
}

/** Points a branch at a commit, whatever it was (a force-push). */
export async function setBranch(repository: string, branch: string, commit: string): Promise<void> {
  await git(['-C', repository, 'update-ref', `refs/heads/${branch}`, commit])
}

export async function deleteBranch(repository: string, branch: string): Promise<void> {
  await git(['-C', repository, 'update-ref', '-d', `refs/heads/${branch}`])
}

/** Writes an object of the given bytes without any check, and gives its id: how hostile trees are made. */
export async function rawObject(
  repository: string,
  type: 'tree' | 'commit' | 'blob',
  bytes: Uint8Array | string,
): Promise<string> {
  return git(['-C', repository, 'hash-object', '-t', type, '-w', '--stdin', '--literally'], bytes)
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}
