import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstValueFrom } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/clock-system.ts'
import { openConfigFile } from '../../src/adapters/config-file.ts'
import { createLog } from '../../src/adapters/log-pino.ts'
import { fileSecrets } from '../../src/adapters/secrets-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'honua-edges-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('secrets', () => {
  it('are files first, then environment variables in capitals; read anew each time', async () => {
    const secrets = fileSecrets({ dir: folder, env: { GIS_KEY: 'from the environment' } })
    expect(await secrets.read('gis-key')).toBe('from the environment')
    writeFileSync(join(folder, 'gis-key'), 'from the file\n')
    expect(await secrets.read('gis-key')).toBe('from the file')
    expect(await secrets.read('unheard-of')).toBeUndefined()
  })
})

describe('the log', () => {
  it('writes one line an event, without secret fields, with control characters escaped', () => {
    const lines: string[] = []
    const log = createLog({ level: 'info', destination: { write: (line) => lines.push(line) } })
    log
      .child({ environment: 'dev' })
      .warn({ token: 'canary-1', inner: { password: 'canary-2' } }, 'first\n{"level":"fake"}\u001b[31m')
    expect([lines.length, lines[0]?.split('\n').length]).toEqual([1, 2])
    expect(lines.join('')).not.toMatch(/canary|\u001b/)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', environment: 'dev' })
  })
})

describe('the clock', () => {
  it('a sleep ends at once when its signal aborts, with the reason', async () => {
    const stop = new AbortController()
    const slept = systemClock().sleep(1_000_000, stop.signal)
    stop.abort(new Error('enough'))
    await expect(slept).rejects.toThrow('enough')
  })
})

describe('the configuration file', () => {
  it('is told anew when it changes, whole or with its problems', async () => {
    const file = join(folder, 'c.yaml')
    const text = (url: string) =>
      `apiVersion: honua.io/v1\nkind: GitOpsController\nmetadata: {name: t}\nspec: {git: {url: ${url}}}\n`
    writeFileSync(file, text('file:///a'))
    const config = openConfigFile(file, systemClock())
    expect((await config.read()).config?.spec.git.url).toBe('file:///a')
    const next = firstValueFrom(config.changes$)
    writeFileSync(file, text('file:///b'))
    expect((await next).config?.spec.git.url).toBe('file:///b')
    const broken = firstValueFrom(config.changes$)
    writeFileSync(file, 'spec: [')
    expect((await broken).problems.length).toBeGreaterThan(0)
    config.close()
  })

  it('that cannot be read is a problem that says so', async () => {
    const config = openConfigFile(join(folder, 'none.yaml'), systemClock())
    expect((await config.read()).problems[0]).toMatchObject({ code: 'HONUA_CONFIG_UNREADABLE' })
    config.close()
  })
})
