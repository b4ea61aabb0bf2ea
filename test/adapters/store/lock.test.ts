import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLevelStore } from '../../../src/adapters/store/index.ts'
import { type LockKind, takeLock } from '../../../src/adapters/store/lock.ts'
import { aCommit } from '../../contract/store.suite.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const kinds: readonly LockKind[] = process.platform === 'linux' ? ['abstract', 'file'] : ['file']
const locked = { code: 'HONUA_STORE_LOCKED' }

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'honua-lock-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

describe.each(kinds)('a lock of a folder by an %s socket', (kind) => {
  it('refuses a second holder, and tells who the first is', async () => {
    const lock = await takeLock(dataDir, kind)
    await expect(takeLock(dataDir, kind)).rejects.toMatchObject({
      ...locked,
      message: expect.stringContaining('this very process'),
      remedy: expect.stringContaining('spec.dataDir'),
    })
    expect((await readFile(join(dataDir, 'controller.pid'), 'utf8')).trim()).toBe(String(process.pid))
    await lock.release()
  })

  it('released, it can be taken again', async () => {
    await (await takeLock(dataDir, kind)).release()
    await (await takeLock(dataDir, kind)).release()
  })

  it('another path to the same folder leads to the same lock', async () => {
    const lock = await takeLock(dataDir, kind)
    const detour = `${dataDir}-link`
    await symlink(dataDir, detour)
    await expect(takeLock(detour, kind)).rejects.toMatchObject(locked)
    await rm(detour)
    await lock.release()
  })
})

it('a socket file that a killed process left is taken over', async () => {
  const script = `require('net').createServer().listen(process.argv[1], () => console.log('listening'))`
  const holder = spawn(process.execPath, ['-e', script, join(dataDir, 'lock.sock')])
  await once(holder.stdout, 'data')
  await expect(takeLock(dataDir, 'file')).rejects.toMatchObject(locked)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await (await takeLock(dataDir, 'file')).release()
})

it('a refused second open of this process drops no lock of LevelDB', async () => {
  const open = () => openLevelStore({ dataDir, clock: virtualClock(), ballastBytes: 0 })
  const store = await open()
  await expect(open()).rejects.toMatchObject(locked)
  expect(await openedByAnother(join(dataDir, 'store'))).toBe('LEVEL_LOCKED')
  await store.append(aCommit('production', 0))
  await store.close()
})

/** What LevelDB itself tells a process that knows nothing of our lock. */
async function openedByAnother(folder: string): Promise<string> {
  const script = `const { Level } = require('level')
    const db = new Level(process.argv[1], { createIfMissing: false })
    db.open().then(() => console.log('opened'), (error) => console.log(error.cause?.code))`
  const child = spawn(process.execPath, ['-e', script, folder], { cwd: new URL('../../..', import.meta.url).pathname })
  const [data] = await once(child.stdout, 'data')
  return String(data).trim()
}
