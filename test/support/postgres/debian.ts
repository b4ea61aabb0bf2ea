import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, PASSWORD, type RunningPostgres, serverAt, USER } from './server.ts'

const ROOT = '/usr/lib/postgresql'

/** PostgreSQL as Debian packs it, with its own client programs, TLS and, where it is installed, PostGIS. */
export interface DebianServer extends RunningPostgres {
  readonly pgDump: string
  /** File (PEM) of the authority that vouches for the server as `localhost`. */
  readonly ca: string
}

function newest(): string | null {
  const versions = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => Number(b) - Number(a)) : []
  return versions.find((version) => existsSync(join(ROOT, version, 'bin/postgres'))) ?? null
}

const version = newest()
/** Why there is none on this computer. */
export const noDebian =
  version === null
    ? 'no PostgreSQL of Debian is installed'
    : existsSync('/usr/bin/openssl')
      ? null
      : 'no openssl is installed'
/** Why it has no PostGIS. */
export const noPostgis =
  noDebian ??
  (existsSync(`/usr/share/postgresql/${version}/extension/postgis.control`) ? null : 'PostGIS is not installed')

/** A server of its own. It runs as `postgres` where the tests run as root, which PostgreSQL refuses. */
export async function startDebian(): Promise<DebianServer> {
  const bin = join(ROOT, version ?? '', 'bin')
  const folder = mkdtempSync(join(tmpdir(), 'honua-debian-postgres-'))
  const port = await freePort()
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const as = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : {}
  const own = (path: string) => as.uid !== undefined && chownSync(path, as.uid, as.gid)
  const run = (file: string, args: readonly string[]) => execFileSync(file, args, { ...as, cwd: folder, stdio: 'pipe' })
  own(folder)
  const [data, key, ca, words] = ['data', 'key.pem', 'ca.pem', 'words'].map((name) => join(folder, name))
  if (data === undefined || key === undefined || ca === undefined || words === undefined) throw new Error('no names')
  writeFileSync(words, PASSWORD, { mode: 0o600 })
  own(words)
  run(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    USER,
    '-A',
    'scram-sha-256',
    `--pwfile=${words}`,
    '--no-sync',
    '--locale=C',
    '-E',
    'UTF8',
  ])
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  run('/usr/bin/openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    ca,
    ...subject,
  ])
  const settings = [
    ...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'],
    ...['ssl=on', `ssl_cert_file=${ca}`, `ssl_key_file=${key}`],
  ]
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
    ...as,
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const server = serverAt(port, async () => {
    child.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  for (let tries = 0; ; tries += 1) {
    try {
      await server.sql('postgres', 'select 1')
      return { ...server, pgDump: join(bin, 'pg_dump'), ca }
    } catch (error) {
      if (tries === 200) {
        await server.stop()
        throw error
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
