import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ConfigFile, openConfigFile } from '../../src/adapters/config-file.ts'
import type { Loaded } from '../../src/core/config/index.ts'
import { minimal } from '../support/builders/configs.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'
import { until as untilTurned } from './store/until.ts'

const REGULAR_LOOK_MS = 30_000
let root: string
let path: string
let clock: VirtualClock
let opened: ConfigFile[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'honua-config-'))
  path = join(root, 'controller.yaml')
  clock = virtualClock()
  opened = []
})
afterEach(() => {
  for (const file of opened) file.close()
  rmSync(root, { recursive: true, force: true })
})

function open(file = path): ConfigFile {
  const config = openConfigFile(file, clock)
  opened.push(config)
  return config
}

function watched(config: ConfigFile): readonly string[] {
  const seen: string[] = []
  config.changes$.subscribe((loaded) => seen.push(summary(loaded)))
  return seen
}

/** The interval that was read, or the codes of what is wrong. */
function summary({ config, problems }: Loaded): string {
  if (config === null) return problems.map(({ code }) => code).join()
  return `${config.spec.reconciliation.interval} ms`
}

const every = (interval: string) => minimal({ reconciliation: { interval } })
/** By renaming, as configuration managers do: no half-written file is ever seen. */
function replace(text: string): void {
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}

/** Disk and watches take their own time: lets virtual time creep until something was seen, at most `ms`; a read that is under way then is waited for. */
async function until(seen: readonly string[], count: number, ms: number): Promise<void> {
  for (let passed = 0; seen.length < count && passed < ms; passed += 1) await clock.advance(1)
  await untilTurned(() => seen.length >= count)
}

describe('the configuration file', () => {
  it('is read as it is now', async () => {
    writeFileSync(path, every('5m'))
    const config = open()
    expect(summary(await config.read())).toBe('300000 ms')
    replace(every('6m'))
    expect(summary(await config.read())).toBe('360000 ms')
  })

  it.each([
    ['that is not there', () => undefined, 'HONUA_CONFIG_UNREADABLE'],
    ['that is a folder', () => mkdirSync(path), 'HONUA_CONFIG_UNREADABLE'],
    ['in a folder that is not there', () => rmSync(root, { recursive: true }), 'HONUA_CONFIG_UNREADABLE'],
    ['that is a pipe without a writer', () => execFileSync('mkfifo', [path]), 'HONUA_CONFIG_INVALID'],
    ['that never ends', () => symlinkSync('/dev/zero', path), 'HONUA_CONFIG_TOO_LARGE'],
    ['that is no UTF-8', () => writeFileSync(path, new Uint8Array([0xff])), 'HONUA_CONFIG_SYNTAX'],
  ])('%s is a problem like any other', async (_, make, code) => {
    make()
    const { config, problems } = await open().read()
    expect([config, problems.map((problem) => problem.code), problems[0]?.location?.path]).toEqual([null, [code], path])
  })
})

describe('a change of the file', () => {
  it('is seen by itself, well before the regular look', async () => {
    writeFileSync(path, every('5m'))
    const config = open()
    await config.read()
    const seen = watched(config)
    replace(every('6m'))
    await until(seen, 1, REGULAR_LOOK_MS - 1_000)
    expect(seen).toEqual(['360000 ms'])
  })

  it('that makes it invalid tells the problems; mended, it is told again', async () => {
    writeFileSync(path, every('5m'))
    const config = open()
    await config.read()
    const seen = watched(config)
    for (const [count, text] of [every('soon'), every('5m')].entries()) {
      replace(text)
      config.poke()
      await until(seen, count + 1, REGULAR_LOOK_MS)
    }
    expect(seen).toEqual(['HONUA_CONFIG_INVALID', '300000 ms'])
  })

  it('that changes nothing is not told, however often it is asked for', async () => {
    writeFileSync(path, every('5m'))
    const config = open()
    await config.read()
    const seen = watched(config)
    for (let times = 0; times < 3; times += 1) {
      replace(every('5m'))
      config.poke()
      await clock.advance(1_000)
    }
    expect(seen).toEqual([])
  })

  it('in many steps is read once, when they are done', async () => {
    writeFileSync(path, every('5m'))
    const config = open()
    await config.read()
    const seen = watched(config)
    for (const interval of ['6m', '7m', '8m']) {
      replace(every(interval))
      config.poke()
      await clock.advance(100)
    }
    expect(seen).toEqual([])
    await until(seen, 1, REGULAR_LOOK_MS)
    expect(seen).toEqual(['480000 ms'])
  })

  it('behind a link, which no watch tells of, is seen by the regular look', async () => {
    mkdirSync(join(root, 'elsewhere'))
    writeFileSync(join(root, 'elsewhere/real.yaml'), every('5m'))
    symlinkSync('elsewhere/real.yaml', path)
    const config = open()
    await config.read()
    const seen = watched(config)
    writeFileSync(join(root, 'elsewhere/real.yaml'), every('6m'))
    await clock.advance(REGULAR_LOOK_MS)
    await until(seen, 1, 1_000)
    expect(seen).toEqual(['360000 ms'])
  })

  it('that brings a file into a folder that was not there is seen too', async () => {
    const late = join(root, 'late/controller.yaml')
    const config = open(late)
    await config.read()
    const seen = watched(config)
    mkdirSync(join(root, 'late'))
    writeFileSync(late, every('5m'))
    await clock.advance(REGULAR_LOOK_MS)
    await until(seen, 1, 1_000)
    expect(seen).toEqual(['300000 ms'])
  })

  it('after closing is not seen, and nothing is left that would wake', async () => {
    writeFileSync(path, every('5m'))
    const config = open()
    await config.read()
    const seen = watched(config)
    config.close()
    replace(every('6m'))
    config.poke()
    await clock.advance(REGULAR_LOOK_MS)
    expect([seen, clock.pending]).toEqual([[], 0])
  })
})
