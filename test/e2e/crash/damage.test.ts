import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentsOf, type Damage, damaged, FILES, type FileSort, filesOf, type Pairs, type Verdict } from './damage.ts'
import { IS_FULL } from './plan.ts'
import { CrashWorld } from './world.ts'

/** Places in each file at which each damage is done. */
const PLACES = IS_FULL ? 120 : 5
const PATIENCE_MS = IS_FULL ? 1_800_000 : 240_000

/** A data directory as a real controller left it, and what it held. */
interface Left {
  readonly dataDir: string
  readonly before: Pairs
}

async function left(world: CrashWorld): Promise<Left> {
  for (let run = 0; run < 2; run += 1) {
    const change = await world.nextCommit()
    await world.controller.start()
    await world.landed(change)
    await world.controller.end('SIGTERM')
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'honua-left-'))
  cpSync(world.path('data'), dataDir, { recursive: true, filter: (path) => !path.endsWith('.sock') })
  // Opening changes the files: the contents are read from a copy of the copy.
  const copy = mkdtempSync(join(tmpdir(), 'honua-read-'))
  cpSync(dataDir, copy, { recursive: true })
  const before = await contentsOf(copy)
  rmSync(copy, { recursive: true })
  return { dataDir, before }
}

function damagesOf(bytes: number): readonly Damage[] {
  const places = Array.from({ length: PLACES }, (_, at) => Math.floor((bytes * at) / PLACES))
  return [
    { how: 'remove' },
    ...places.flatMap((at, index): readonly Damage[] => [
      { how: 'flip', at, bit: index % 8 },
      { how: 'cut', at },
      { how: 'zero', at },
    ]),
  ]
}

/** Every damage to every file of the sort; the verdicts, each with what was done. */
async function verdicts(sort: FileSort, { dataDir, before }: Left): Promise<readonly (readonly [string, Verdict])[]> {
  const found: (readonly [string, Verdict])[] = []
  for (const file of filesOf(dataDir, sort))
    for (const damage of damagesOf(statSync(join(dataDir, file)).size))
      found.push([`${file} ${JSON.stringify(damage)}`, await damaged(dataDir, file, damage, before)])
  return found
}

describe('a damaged file of the store that a real controller left', () => {
  let world: CrashWorld
  let stopped: Left
  beforeAll(async () => {
    world = await CrashWorld.make()
    stopped = await left(world)
  }, PATIENCE_MS)
  afterAll(async () => {
    rmSync(stopped.dataDir, { recursive: true, force: true })
    await world.close()
  })

  it.each(FILES)(
    '%s turned, cut off, zeroed or gone, at many places, is refused by code and remedy, or changes nothing',
    async (sort) => {
      const all = await verdicts(sort, stopped)
      expect(all.length).toBeGreaterThan(PLACES)
      expect(all.filter(([, verdict]) => verdict.is === 'silent')).toEqual([])
      for (const [what, verdict] of all)
        if (verdict.is === 'refused') {
          expect(verdict.code, what).toMatch(/^HONUA_STORE_(CORRUPT|MISSING|SCHEMA)$/)
          expect(verdict.remedy.length, what).toBeGreaterThan(20)
        }
      if (IS_FULL) console.log(sort, tally(all))
    },
    PATIENCE_MS,
  )
})

function tally(all: readonly (readonly [string, Verdict])[]): object {
  const counts: Record<string, number> = {}
  for (const [, verdict] of all) {
    const name = 'code' in verdict ? `${verdict.is} ${verdict.code}` : verdict.is
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** Damages the middle of a file as a failing disk does. */
function rot(path: string): void {
  const bytes = readFileSync(path)
  bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 8)
  writeFileSync(path, bytes)
}

describe('a restore drill: a backup of yesterday, and a disk that rots', () => {
  it.each(IS_FULL ? (['.ldb', '.log', 'MANIFEST', 'CURRENT'] as const) : (['.ldb'] as const))(
    'with the %s damaged the controller refuses to start and says what to do; the backup is taken in elsewhere, and it goes on',
    async (sort) => {
      const world = await CrashWorld.running()
      const { controller } = world
      try {
        // Started again, it has tables.
        await controller.end('SIGTERM')
        await controller.start()
        await world.landed(await world.nextCommit())
        expect(await world.honua('admin', 'export', '--to', 'backup.ndjson')).toMatchObject({ code: 0 })
        const later = await world.nextCommit()
        await world.landed(later)
        await controller.end('SIGKILL')

        const [file = ''] = filesOf(world.path('data'), sort)
        rot(world.path(join('data', file)))
        controller.launch()
        expect([await controller.death(), controller.output]).toEqual([
          3,
          expect.stringMatching(/HONUA_STORE_\w+: .*\n.*restore/),
        ])
        expect(await world.honua('admin', 'verify', '--data', 'data')).toMatchObject({ code: 3 })

        expect(await world.honua('admin', 'import', '--from', 'backup.ndjson', '--data', 'restored')).toMatchObject({
          code: 0,
        })
        world.data = 'restored'
        world.configure()
        await controller.start()
        await world.landed(later)
        const next = await world.nextCommit()
        await world.landed(next)
        await world.sound()
        expect(existsSync(world.path(join('data', file)))).toBe(true)
      } finally {
        await world.close()
      }
    },
    PATIENCE_MS,
  )
})

describe('the log of a controller that was killed', () => {
  it(
    'turned amid what was written it is refused; broken off at its end the controller stands a little earlier, looks, and converges',
    async () => {
      const world = await CrashWorld.running()
      const { controller } = world
      try {
        const change = await world.nextCommit()
        await world.landed(change)
        await controller.end('SIGKILL')
        const [file = ''] = filesOf(world.path('data'), '.log')
        const path = world.path(join('data', file))
        const whole = readFileSync(path)
        rot(path)
        controller.launch()
        expect([await controller.death(), controller.output]).toEqual([
          3,
          expect.stringContaining('HONUA_STORE_CORRUPT'),
        ])
        writeFileSync(path, whole.subarray(0, whole.length - 2_000))
        await controller.start()
        // The targets hold what it forgot having done: nothing is written again.
        await world.landed(change)
        await world.sound()
      } finally {
        await world.close()
      }
    },
    PATIENCE_MS,
  )
})
