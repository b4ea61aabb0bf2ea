import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { systemClock } from '../../src/adapters/clock-system.ts'
import { createLog } from '../../src/adapters/log-pino.ts'

const run = promisify(execFile)

export const clock = systemClock()
export const silent = createLog({ level: 'silent' })

/** Runs `task` with a folder of its own, removed afterwards. */
export async function inFolder<Value>(task: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'honua-bench-'))
  try {
    return await task(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Bare git, as the baseline: a plain spawn with nothing around it. */
export async function rawGit(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...args], {
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
  })
  return stdout
}

/** A small layer in the seed's form. */
export function layerText(name: string, title: string): string {
  return `apiVersion: honua.io/v1\nkind: Layer\nmetadata:\n  name: ${name}\nspec:\n  title: ${title}\n  geometryType: Polygon\n  storage:\n    table: public.${name.replaceAll('-', '_')}\n    srid: 4326\n`
}
