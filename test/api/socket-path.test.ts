import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listenPrivately, prepareSocketPath } from '../../src/api/socket-path.ts'
import { apiWorld } from '../support/api-world.ts'

let folder: string
let path: string
const servers: Server[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'honua-socket-'))
  path = join(folder, 'run', 'honua.sock')
})
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

const listen = (server: Server, at: string) => {
  servers.push(server)
  return new Promise<void>((resolve) => server.listen(at, resolve))
}

it('the socket is 0660 in a folder of 0750, and the umask is as before', async () => {
  const umask = process.umask()
  await prepareSocketPath(path)
  const server = createHttpServer()
  servers.push(server)
  await listenPrivately(server, path)
  expect((statSync(path).mode & 0o777).toString(8)).toBe('660')
  expect((statSync(dirname(path)).mode & 0o777).toString(8)).toBe('750')
  expect(process.umask()).toBe(umask)
})

it('a path over 107 bytes is refused instead of being cut', async () => {
  const long = join(folder, 'ü'.repeat(60))
  await expect(prepareSocketPath(long)).rejects.toMatchObject({ code: 'HONUA_SOCKET_PATH_TOO_LONG' })
})

it('a socket that nobody listens at any more is replaced', async () => {
  const folderOf = dirname(path)
  mkdirSync(folderOf, { mode: 0o750 })
  const dead = createServer()
  await new Promise<void>((resolve) => dead.listen(join(folderOf, 'dead'), resolve))
  // Renamed, it is left behind when its server closes: what a killed controller leaves.
  renameSync(join(folderOf, 'dead'), path)
  await new Promise((resolve) => dead.close(resolve))
  expect(statSync(path).isSocket()).toBe(true)
  await prepareSocketPath(path)
  expect(existsSync(path)).toBe(false)
})

it('a socket at which somebody answers is left alone', async () => {
  mkdirSync(dirname(path), { mode: 0o750 })
  await listen(createServer(), path)
  await expect(prepareSocketPath(path)).rejects.toMatchObject({ code: 'HONUA_SOCKET_IN_USE' })
  expect(existsSync(path)).toBe(true)
})

it.each([
  ['a symbolic link', () => symlinkSync('/dev/null', path)],
  ['a dangling link', () => symlinkSync(join(folder, 'nowhere'), path)],
  ['a file', () => writeFileSync(path, 'precious')],
  ['a folder', () => mkdirSync(path)],
])('%s at the path is neither used nor removed', async (_what, put) => {
  mkdirSync(dirname(path), { mode: 0o750 })
  put()
  await expect(prepareSocketPath(path)).rejects.toMatchObject({ code: 'HONUA_SOCKET_PATH_TAKEN' })
})

it.each([0o770, 0o757, 0o777])('a folder of mode %o is refused', async (mode) => {
  mkdirSync(dirname(path))
  chmodSync(dirname(path), mode)
  await expect(prepareSocketPath(path)).rejects.toMatchObject({ code: 'HONUA_SOCKET_FOLDER_UNSAFE' })
})

it('a shared folder with the sticky bit is fine: nobody else may touch what is ours', async () => {
  mkdirSync(dirname(path))
  chmodSync(dirname(path), 0o1777)
  await expect(prepareSocketPath(path)).resolves.toBeUndefined()
})

it('a stopped API takes its socket with it', async () => {
  const world = await apiWorld()
  expect(existsSync(world.socket)).toBe(true)
  const { socket } = world
  await world.close()
  expect(existsSync(socket)).toBe(false)
})
