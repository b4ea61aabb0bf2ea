import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandTarget } from '../../../src/adapters/drivers/command/settings.ts'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import type { Json } from '../../../src/core/json.ts'
import { isJsonObject } from '../../../src/core/json.ts'
import { ALL_FAULTS } from '../../contract/driver.faults.ts'
import { driverContract } from '../../contract/driver.suite.ts'
import { noPython, PYTHON } from '../../support/python.ts'
import { TestClock, testDeps } from './deps.ts'

const PROGRAM = new URL('../../support/driver-programs/troubled.py', import.meta.url).pathname

/** Every file with what stands in it and when it was written. */
async function listing(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const lines = names.map(async (name) => {
    const path = join(folder, name)
    const { mtimeMs, ino } = await stat(path)
    // One line each, escapes of JSON undone: what stands in a file is looked for as it was meant.
    return name.endsWith('.json') ? `${name} ${mtimeMs} ${ino} ${await readFile(path, 'utf8')}` : ''
  })
  return (await Promise.all(lines)).sort().join('\n')
}

driverContract({
  name: 'command',
  skip: noPython,
  runs: 5,
  faults: ALL_FAULTS,
  doesSteps: true,
  open: async () => {
    const root = mkdtempSync(join(tmpdir(), 'honua-command-'))
    const path = join(root, 'things')
    const clock = new TestClock()
    const target: CommandTarget = {
      name: 'things',
      driver: 'command',
      command: [PYTHON, '-S', '-E', PROGRAM],
      settings: { path },
      env: {},
      secrets: [],
      timeoutMs: 60_000,
    }
    const fileOf = (key: string) => join(path, `${key}.json`)
    return {
      open: (resolvable = new Map()) => openDriver(target, 'production', testDeps({ resolvable, clock })),
      editOutOfBand: async (key, spec) => {
        const live: Json = JSON.parse(await readFile(fileOf(key), 'utf8'))
        if (!isJsonObject(live)) throw new Error(`no resource ${key}`)
        await writeFile(fileOf(key), JSON.stringify({ ...live, spec }))
      },
      removeOutOfBand: (key) => rm(fileOf(key)),
      step: {
        name: 'create-backup',
        inputs: {},
        done: async () => (existsSync(`${path}.backups`) ? readdirSync(`${path}.backups`).length : 0),
      },
      fingerprint: () => listing(path),
      trouble: async (fault) => {
        await writeFile(`${path}.trouble`, fault)
        return () => rm(`${path}.trouble`)
      },
      expire: () => clock.expireDeadlines(),
      close: () => rm(root, { recursive: true, force: true }),
    }
  },
})
