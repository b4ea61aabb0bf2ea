/** Puts the points around the ports, the drivers' own steps and the files of the program as it is; nothing in `src` knows of it. */
import fs from 'node:fs'
import { ServerResponse } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import { DirectoryDriver } from '../../../../src/adapters/drivers/directory/driver.ts'
import { Layout } from '../../../../src/adapters/drivers/directory/layout.ts'
import { HonuaApi, type Write } from '../../../../src/adapters/drivers/honua/api.ts'
import { HonuaDriver } from '../../../../src/adapters/drivers/honua/driver.ts'
import { Remote } from '../../../../src/adapters/git/remote.ts'
import { CachedSource } from '../../../../src/adapters/git/source.ts'
import { EngineStore } from '../../../../src/adapters/store/engine-store.ts'
import { LevelEngine } from '../../../../src/adapters/store/level-engine.ts'
import { around, both, type Passed } from './around.ts'
import { effectPoints } from './effects.ts'
import { pass } from './passing.ts'
import type { CallName, DriverCall } from './points.ts'

const NOWHERE: Passed = { before: [], after: [] }
const CALLS: readonly DriverCall[] = ['probe', 'observe', 'dryRun', 'apply', 'health']

/** Wraps everything; before the program begins. */
export function wrapAll(): void {
  wrapGit()
  wrapStore()
  wrapDrivers()
  wrapFiles()
  wrapAnswers()
}

function wrapGit(): void {
  around(CachedSource.prototype, 'open', both('git.open'))
  around(CachedSource.prototype, 'remoteHead', both('git.remoteHead'))
  around(CachedSource.prototype, 'fetch', both('git.fetch'))
  around(Remote.prototype, 'fetchCommit', both('git.fetchCommit'))
}

function wrapStore(): void {
  around(EngineStore.prototype, 'append', effectPoints)
  around(EngineStore.prototype, 'putContent', both('content.put'))
  around(EngineStore.prototype, 'compact', both('history.compact'))
  around(EngineStore.prototype, 'collect', both('history.collect'))
  around(LevelEngine.prototype, 'write', ([operations]) => {
    const batch = both('store.batch')()
    if (!isSweep(operations)) return batch
    const sweep = both('history.sweep')()
    return { before: [...batch.before, ...sweep.before], after: [...batch.after, ...sweep.after] }
  })
  wrapExport()
}

/** A batch that removes contents; nothing else does. */
function isSweep(operations: unknown): boolean {
  return (
    Array.isArray(operations) &&
    operations.some(
      ({ type, key }: { readonly type: string; readonly key: string }) => type === 'del' && key.startsWith('c\u0000'),
    )
  )
}

function wrapExport(): void {
  const { everything } = EngineStore.prototype
  EngineStore.prototype.everything = async function* (this: EngineStore) {
    for await (const page of everything.call(this)) {
      pass('export.page/before')
      yield page
      pass('export.page/after')
    }
  }
}

function wrapDrivers(): void {
  for (const call of CALLS) {
    around(DirectoryDriver.prototype, call, () => ({
      before: [`directory.${call}/before`],
      after: [`directory.${call}/after`],
    }))
    around(HonuaDriver.prototype, call, () => ({ before: [`honua.${call}/before`], after: [`honua.${call}/after`] }))
  }
  around(Layout.prototype, 'writeTemplates', both('release.templates'))
  around(Layout.prototype, 'prune', both('release.prune'))
  around(HonuaApi.prototype, 'write', ([write]) => {
    const name = written(write)
    return name === null ? NOWHERE : both(name)()
  })
}

/** Which write of the manifest API it is; null where nothing is written. */
function written(write: unknown): CallName | null {
  const { method, body } = write as Write
  if (method !== 'POST') return method === 'PUT' ? 'manifest.put' : 'manifest.delete'
  return body?.['dryRun'] === false ? 'manifest.apply' : null
}

/** Renaming is how a file or a release becomes the one that counts. */
function wrapFiles(): void {
  around(fs.promises, 'rename', ([from, to]) => {
    const name = renamed(basename(String(from)), basename(String(to)))
    return name === null ? NOWHERE : both(name)()
  })
  syncBuiltinESMExports()
}

function renamed(from: string, to: string): CallName | null {
  if (to === 'store.json') return 'store.marker'
  if (to === 'anchor.json') return 'store.anchor'
  if (to === 'current') return 'release.link'
  return from.startsWith('.new-') ? 'release.build' : null
}

/** An order is acknowledged when its answer has been handed to the connection. */
function wrapAnswers(): void {
  const { end } = ServerResponse.prototype
  Object.defineProperty(ServerResponse.prototype, 'end', {
    configurable: true,
    writable: true,
    value(this: ServerResponse, ...args: readonly unknown[]): unknown {
      if (this.req.method !== 'POST' || this.statusCode !== 200) return Reflect.apply(end, this, args)
      pass('order.answer/before')
      this.once('finish', () => pass('order.answer/after'))
      return Reflect.apply(end, this, args)
    },
  })
}
