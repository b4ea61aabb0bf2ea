import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/adapters/clock-system.ts'
import {
  type Facts,
  here,
  type Looker,
  lookingThread,
  type Opened,
  type Unseen,
} from '../../../src/adapters/drivers/directory/looking/index.ts'

const FILES = 300
const never = new AbortController().signal

describe.each([
  ['in a thread of its own', 'thread'],
  ['through Node’s pool', 'here'],
] as const)('a looker %s', (_, which) => {
  const thread = lookingThread(systemClock())
  const looker: Looker = which === 'thread' ? thread : here
  const folder = mkdtempSync(join(tmpdir(), 'honua-looking-'))
  const at = (name: string) => join(folder, name)
  const many = Array.from({ length: FILES }, (__, index) => at(`f${index}`))
  const odd = [at('link'), at('pipe'), at('folder'), at('absent'), at('large'), Buffer.from(at('f1'))]

  beforeAll(async () => {
    for (const [index, path] of many.entries()) writeFileSync(path, `content ${index}`)
    symlinkSync('f1', at('link'))
    execFileSync('mkfifo', [at('pipe')])
    mkdirSync(at('folder'))
    writeFileSync(at('large'), 'x'.repeat(2_000))
    if (which === 'thread') await started(thread, many)
  })
  afterAll(async () => {
    await thread.close()
    rmSync(folder, { recursive: true })
  })

  it('tells what stands at each path, and goes through no link', async () => {
    const found = await looker.facts([...many, ...odd], never)
    expect(found.slice(0, FILES).map((one) => ('kind' in one ? [one.kind, Number(one.size)] : one))).toEqual(
      many.map((__, index) => ['file', `content ${index}`.length]),
    )
    expect(found.slice(FILES).map(kindOf)).toEqual(['link', 'special', 'folder', 'ENOENT', 'file', 'file'])
  })

  it('hands over the content of regular files, and of nothing else', async () => {
    const found = await contentsOf(looker, [...many, ...odd], 1_000)
    expect(found.slice(0, FILES)).toEqual(many.map((__, index) => `content ${index}`))
    expect(found.slice(FILES)).toEqual(['ELOOP', 'special', 'folder', 'ENOENT', 'file', 'content 1'])
  })

  it('tells the same facts of a file that it opens as of one that it looks at', async () => {
    const opened = new Map<number, Opened | Unseen>()
    await looker.contents(many, 1_000, never, (place, one) => opened.set(place, one))
    const facts = await looker.facts(many, never)
    expect(facts.map((one, place) => [one, opened.get(place)])).toEqual(
      facts.map((one, place) => [
        one,
        expect.objectContaining({ facts: one, content: Buffer.from(`content ${place}`) }),
      ]),
    )
  })

  it('reads files that together are more than one answer holds', async () => {
    const size = 3 * 1024 * 1024
    const large = Array.from({ length: 8 }, (__, index) => at(`large-${index}`))
    for (const [index, path] of large.entries()) writeFileSync(path, String(index).repeat(size))
    const found = await contentsOf(looker, [...large, ...many], size)
    expect(found.slice(0, 8).map((text) => [text.length, text.at(-1)])).toEqual(
      large.map((__, index) => [size, String(index)]),
    )
    expect(found.at(-1)).toBe(`content ${FILES - 1}`)
  })

  it('an aborted look ends with the reason of its signal', async () => {
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(looker.facts(many, aborted)).rejects.toThrow('enough')
    await expect(looker.contents(many, 10, aborted, () => undefined)).rejects.toThrow('enough')
  })

  it('ends with what its taker throws', async () => {
    const taking = looker.contents(many, 1_000, never, () => {
      throw new Error('not this one')
    })
    await expect(taking).rejects.toThrow('not this one')
  })
})

describe('a thread that looks', () => {
  it('is not needed: looks before it is ready, beside another and after its end find the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'honua-looking-'))
    const paths = Array.from({ length: FILES }, (_, index) => join(folder, `f${index}`))
    for (const path of paths) writeFileSync(path, 'x')
    const thread = lookingThread(systemClock())
    const usual = await here.facts(paths, never)
    expect(await thread.facts(paths, never)).toEqual(usual)
    await started(thread, paths)
    expect(await Promise.all([thread.facts(paths, never), thread.facts(paths, never)])).toEqual([usual, usual])
    await thread.close()
    expect(await thread.facts(paths, never)).toEqual(usual)
    rmSync(folder, { recursive: true })
  })
})

/** Looks until the thread itself answers. */
async function started(thread: ReturnType<typeof lookingThread>, paths: readonly string[]): Promise<void> {
  while (thread.answered === 0) await thread.facts(paths, never)
}

function kindOf(one: Facts | Unseen): string {
  return 'failed' in one ? one.failed : one.kind
}

async function contentsOf(looker: Looker, paths: readonly (string | Buffer)[], bytesMax: number): Promise<string[]> {
  const found: string[] = new Array(paths.length).fill('not handed over')
  await looker.contents(paths, bytesMax, never, (at, one) => {
    found[at] = 'failed' in one ? one.failed : (one.content?.toString() ?? one.facts.kind)
  })
  return found
}
