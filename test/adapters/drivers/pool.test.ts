import { describe, expect, it } from 'vitest'
import type { TargetConfig } from '../../../src/adapters/drivers/index.ts'
import { driverPool } from '../../../src/adapters/drivers/pool.ts'
import { type ControllerConfig, loadConfig } from '../../../src/core/config/index.ts'
import { MemoryTarget } from '../../support/memory-target.ts'
import { silentLog, TestClock } from './deps.ts'

/** The configuration with these folders as targets. */
function configuration(folders: Readonly<Record<string, string>>): ControllerConfig {
  const targets = Object.entries(folders).map(
    ([name, path]) => `    - { name: ${name}, driver: directory, environments: [dev], path: ${path} }`,
  )
  const text = `apiVersion: honua.io/v1\nkind: GitOpsController\nmetadata: { name: test }\nspec:\n  git: { url: file:///srv/gitops.git }\n  sync: { dev: {} }\n  targets:\n${targets.join('\n')}\n`
  const { config, problems } = loadConfig(text, 'f.yaml')
  if (config === null) throw new Error(JSON.stringify(problems))
  return config
}

function pooled() {
  let config = configuration({ files: '/srv/files', tiles: '/srv/tiles' })
  const closed: string[] = []
  const clock = new TestClock()
  const open = (target: TargetConfig) => {
    const { name } = target
    const path = target.driver === 'directory' ? target.path : ''
    return Object.assign(new MemoryTarget(name), { close: async () => void closed.push(path) })
  }
  const pool = driverPool(() => config, { clock, secrets: { read: async () => undefined }, log: silentLog, open })
  const change = (folders: Readonly<Record<string, string>>) => {
    config = configuration(folders)
    pool.renew()
  }
  return { pool, clock, closed, change }
}

describe('the drivers of a controller', () => {
  it('stay the same for a target whose settings stay, whatever else of the configuration changes', () => {
    const { pool, change } = pooled()
    const [files, tiles] = pool.of('dev', ['files', 'tiles'])
    change({ files: '/srv/files', tiles: '/srv/elsewhere' })
    const [filesNow, tilesNow] = pool.of('dev', ['files', 'tiles'])
    expect(filesNow).toBe(files)
    expect(tilesNow).not.toBe(tiles)
  })

  it('go on for who was given them, and are closed once no step can use them any longer', async () => {
    const { pool, change, clock, closed } = pooled()
    pool.of('dev', ['files', 'tiles'])
    change({ files: '/srv/other' })
    expect(closed).toEqual([])
    clock.expireDeadlines()
    await expect.poll(() => [...closed].sort()).toEqual(['/srv/files', '/srv/tiles'])
  })

  it('are all closed with the pool', async () => {
    const { pool, change, closed } = pooled()
    pool.of('dev', ['files', 'tiles'])
    change({ files: '/srv/other' })
    pool.of('dev', ['files'])
    await pool.close()
    expect([...closed].sort()).toEqual(['/srv/files', '/srv/other', '/srv/tiles'])
  })
})
