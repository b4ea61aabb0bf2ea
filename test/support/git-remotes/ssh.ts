import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { localLogin } from '../local-user.ts'
import { commitFiles, deleteBranch, makeBareRepository, setBranch, temporaryFolder } from './bare.ts'
import type { GitRemote } from './remote.ts'

const run = promisify(execFile)

const LOGIN = localLogin()

/** Path of the SSH server, or null where there is none, or nobody whom it could let in. */
export const SSHD =
  LOGIN === null
    ? null
    : (['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd', '/sbin/sshd'].find((path) => existsSync(path)) ??
      null)

export interface SshRemote extends GitRemote {
  /** The key in the form of a secret folder: `ssh-privatekey` and `known_hosts`. */
  readonly secretFolder: string
  readonly keyPath: string
  /** A known_hosts file that holds another key for this host. */
  readonly foreignKnownHosts: string
  /** A known_hosts file without this host. */
  readonly emptyKnownHosts: string
}

/** A bare repository behind a real sshd on loopback, with host and client keys made for it. */
export async function sshRemote(): Promise<SshRemote> {
  if (SSHD === null) throw new Error('no sshd on this computer')
  const folder = await temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  const repository = at('city.git')
  await mkdir(at('secret'), { mode: 0o700 })
  const [port] = await Promise.all([
    freePort(),
    makeBareRepository(repository),
    makeKey(at('host')),
    makeKey(at('foreign')),
    makeKey(at('stranger')),
    makeKey(at('secret/ssh-privatekey')),
  ])
  const place = `[127.0.0.1]:${port}`
  const publicKey = async (name: string) => (await readFile(at(`${name}.pub`), 'utf8')).trim()
  await writeFile(at('authorized_keys'), `${await publicKey('secret/ssh-privatekey')}\n`, { mode: 0o600 })
  await writeFile(at('secret/known_hosts'), `${place} ${await publicKey('host')}\n`)
  await writeFile(at('stranger.known_hosts'), `${place} ${await publicKey('host')}\n`)
  await writeFile(at('foreign_hosts'), `${place} ${await publicKey('foreign')}\n`)
  await writeFile(at('no_hosts'), '')
  await writeFile(at('sshd_config'), serverConfig(folder.path, port))

  let server = await startServer(SSHD, at('sshd_config'))
  const stop = () => stopServer(server)
  return {
    name: 'ssh',
    url: `ssh://${LOGIN}@127.0.0.1:${port}${repository}`,
    repository,
    secretFolder: at('secret'),
    keyPath: at('secret/ssh-privatekey'),
    foreignKnownHosts: at('foreign_hosts'),
    emptyKnownHosts: at('no_hosts'),
    credentials: { type: 'ssh-key', keyPath: at('secret') },
    wrong: {
      credentials: { type: 'ssh-key', keyPath: at('stranger') },
      secret: (await readFile(at('stranger'), 'utf8')).split('\n')[1] ?? '',
    },
    commit: (files, message, options) => commitFiles(repository, files, message, options),
    deleteBranch: (branch) => deleteBranch(repository, branch),
    setBranch: (branch, commit) => setBranch(repository, branch, commit),
    stop,
    async start() {
      server = await startServer(SSHD, at('sshd_config'))
    },
    async close() {
      await stop()
      await folder.remove()
    },
  }
}

function serverConfig(folder: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'PermitUserRC no',
    'AcceptEnv GIT_PROTOCOL',
    // A test that runs often must not be taken for an attack.
    'MaxStartups 100',
    '',
  ].join('\n')
}

async function makeKey(path: string): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path])
  await chmod(path, 0o600)
}

/** Resolves when the server listens; its own words tell. */
async function startServer(program: string, config: string): Promise<ChildProcess> {
  // As root, sshd wants this folder, which the system's service would make.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
  const child = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 4096) said += chunk.toString('utf8')
      if (said.includes('Server listening')) resolve()
    })
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`sshd ended: ${said}`)))
  })
  return child
}

/** The listener and the sessions it forked. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return
  const ended = new Promise<void>((resolve) => {
    server.on('exit', () => resolve())
  })
  server.kill('SIGTERM')
  await ended
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve)
  })
  const address = probe.address()
  await new Promise((resolve) => {
    probe.close(resolve)
  })
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
