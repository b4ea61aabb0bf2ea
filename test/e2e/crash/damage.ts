/** Damages a file of a store, and tells what the controller makes of it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../src/adapters/clock-system.ts'
import { openLevelStore } from '../../../src/adapters/store/index.ts'
import { HonuaError } from '../../../src/core/errors/index.ts'
import { examineData } from '../../../src/offline.ts'

/** Sorts of files in a data directory, by how their path ends or begins. */
export const FILES = ['.log', '.ldb', 'MANIFEST', 'CURRENT', 'store.json', 'anchor.json'] as const
export type FileSort = (typeof FILES)[number]

/** One bit turned, all behind an offset cut off, a page of zeros, or no file at all. */
export type Damage =
  | { readonly how: 'flip'; readonly at: number; readonly bit: number }
  | { readonly how: 'cut'; readonly at: number }
  | { readonly how: 'zero'; readonly at: number }
  | { readonly how: 'remove' }

/**
 * What came of it: the start is refused with a code; it starts and everything is as it was; it starts, and the part that is not is
 * named whenever it is read and by `honua admin verify`. Or it starts, something is lost, and nothing says so.
 */
export type Verdict =
  | { readonly is: 'refused'; readonly code: string; readonly remedy: string }
  | { readonly is: 'harmless' }
  | { readonly is: 'named when read'; readonly code: string }
  | { readonly is: 'silent'; readonly lost: readonly string[] }

export type Pairs = ReadonlyMap<string, string>

const PAGE_BYTES = 512

/** The files of a sort; paths within the data directory. */
export function filesOf(dataDir: string, sort: FileSort): readonly string[] {
  if (sort.endsWith('.json')) return [sort]
  return readdirSync(join(dataDir, 'store'))
    .filter((name) => name.endsWith(sort) || name.startsWith(sort))
    .map((name) => join('store', name))
}

/** Everything that a store holds. */
export async function contentsOf(dataDir: string): Promise<Pairs> {
  const store = await openLevelStore({ dataDir, clock: systemClock(), ballastBytes: 0 })
  try {
    const pairs = new Map<string, string>()
    for await (const page of store.everything()) for (const [key, value] of page) pairs.set(key, value)
    return pairs
  } finally {
    await store.close()
  }
}

/** Damages a copy, and judges it as `honua admin verify` and a start do. `before` is what the whole store held. */
export async function damaged(dataDir: string, file: string, damage: Damage, before: Pairs): Promise<Verdict> {
  const copy = mkdtempSync(join(tmpdir(), 'honua-damaged-'))
  try {
    for (const name of ['store', 'store.json', 'anchor.json'])
      cpSync(join(dataDir, name), join(copy, name), { recursive: true })
    inflict(join(copy, file), damage)
    return await judged(copy, before)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function inflict(path: string, damage: Damage): void {
  switch (damage.how) {
    case 'remove':
      rmSync(path)
      break
    case 'cut':
      truncateSync(path, damage.at)
      break
    case 'flip':
    case 'zero': {
      const bytes = readFileSync(path)
      if (damage.how === 'flip') bytes[damage.at] = (bytes[damage.at] ?? 0) ^ (1 << damage.bit)
      else bytes.fill(0, damage.at, Math.min(bytes.length, damage.at + PAGE_BYTES))
      writeFileSync(path, bytes)
    }
  }
}

async function judged(dataDir: string, before: Pairs): Promise<Verdict> {
  const named = await refusedBy(async () => {
    const { faults } = await examineData(dataDir)
    return faults[0]?.code
  })
  const after = new Map<string, string>()
  const refusal = await refusedBy(async () => {
    for (const [key, value] of await contentsOf(dataDir)) after.set(key, value)
    return undefined
  })
  if (refusal instanceof HonuaError) return { is: 'refused', code: refusal.code, remedy: refusal.remedy }
  const lost = [...before].flatMap(([key, value]) => (after.get(key) === value ? [] : [key]))
  const made = [...after.keys()].filter((key) => !before.has(key))
  if (lost.length + made.length === 0) return { is: 'harmless' }
  const code = named instanceof HonuaError ? named.code : named
  return code === undefined ? { is: 'silent', lost: [...lost, ...made] } : { is: 'named when read', code }
}

/** What the task gives, or the HonuaError that it refuses with. */
async function refusedBy(task: () => Promise<string | undefined>): Promise<string | HonuaError | undefined> {
  try {
    return await task()
  } catch (error) {
    if (error instanceof HonuaError) return error
    throw error
  }
}
