import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLevel } from '../../../src/adapters/store/level-open.ts'

const OPENER = new URL('./without-handles.mjs', import.meta.url).pathname

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'honua-handles-'))
})
afterEach(() => rm(folder, { recursive: true }))

it.runIf(process.platform === 'linux')(
  'without a file handle left it says so, and never that the database is damaged',
  async () => {
    const whole = await openLevel({ folder, createIfMissing: true })
    await whole.put('a', 'b')
    await whole.close()
    const { stdout } = await promisify(execFile)('prlimit', ['--nofile=256', process.execPath, OPENER, folder])
    expect(stdout).toMatch(/^HONUA_STORE_HANDLES: raise the limit .*nothing is damaged$/)
    const again = await openLevel({ folder, createIfMissing: false })
    expect(await again.get('a')).toBe('b')
    await again.close()
  },
)
