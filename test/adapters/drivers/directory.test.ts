import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readResource } from '../../../src/adapters/drivers/directory/yaml-read.ts'
import { yamlOfResource } from '../../../src/adapters/drivers/directory/yaml-text.ts'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import type { DirectoryTarget } from '../../../src/adapters/drivers/settings.ts'
import { releaseDigest } from '../../../src/core/release.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Resource } from '../../../src/core/vocabulary.ts'
import type { Driver } from '../../../src/ports/driver.ts'
import { aTheme, calm, deploy, requestFor } from '../../contract/driver.requests.ts'
import { driverContract } from '../../contract/driver.suite.ts'
import { startHonuaServer } from '../../support/honua-server/server.ts'
import { TestClock, testDeps } from './deps.ts'

let root: string
const path = (...parts: string[]) => join(root, 'srv', 'production', ...parts)
const current = (...parts: string[]) => path('current', ...parts)
const newFolder = () => mkdtempSync(join(tmpdir(), 'honua-directory-'))

function open(resolvable: ReadonlyMap<string, string> = new Map(), keep = 5): Driver {
  const target = { name: 'files', driver: 'directory', path: join(root, 'srv', '{environment}'), keep } as const
  return openDriver(target, 'production', testDeps({ resolvable }))
}

/** Every name with what stands there, times and inodes included. */
async function listing(folder: string): Promise<string> {
  const lines: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name)
    const stats = await lstat(full, { bigint: true })
    const content = entry.isSymbolicLink() ? await readlink(full) : entry.isFile() ? await readFile(full, 'utf8') : ''
    lines.push(`${full} ${stats.ino} ${stats.mode.toString(8)} ${entry.isDirectory() ? '' : stats.mtimeNs} ${content}`)
  }
  return lines.sort().join('\n')
}

beforeEach(() => {
  root = newFolder()
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

driverContract({
  name: 'directory',
  // A folder gives no answers to lose or forge; being stopped at any moment is tested of every driver, kill -9 below.
  faults: [],
  open: async () => ({
    open,
    editOutOfBand: async (key, spec) => {
      const [kind = '', namespace = '', name = ''] = key.split('/')
      const live = readResource(await readFile(current(kind, namespace, `${name}.yaml`), 'utf8'))
      if (live === null) throw new Error(`no resource ${key}`)
      await writeFile(current(kind, namespace, `${name}.yaml`), yamlOfResource(makeResource({ ...live, spec })))
    },
    removeOutOfBand: (key) => rm(current(`${key}.yaml`)),
    fingerprint: () => listing(root),
    close: async () => undefined,
  }),
})

describe('the folder of releases', () => {
  it('holds one file a resource, below a folder named by the release, and a relative link to it', async () => {
    const desired = [aTheme('a', { size: 1 })]
    const { result } = await deploy(open(), desired)
    expect(await readlink(current())).toBe(`releases/${releaseDigest(result)}`)
    expect(await readFile(current('Theme', 'default', 'a.yaml'), 'utf8')).toBe(
      'apiVersion: honua.io/v1alpha1\nkind: Theme\nmetadata:\n  name: a\n  namespace: default\nspec:\n  name: "a theme"\n  size: 1\n',
    )
    expect((await lstat(current('Theme', 'default', 'a.yaml'))).mode & 0o777).toBe(0o640)
  })

  it('keeps the releases switched to last, and never removes the current one', async () => {
    const driver = open(new Map(), 2)
    const links: string[] = []
    for (const size of [1, 2, 3, 1, 4]) {
      await deploy(driver, [aTheme('a', { size })])
      links.push(await readlink(current()))
    }
    await driver.close()
    const kept = (await readdir(path('releases'))).sort()
    expect(kept).toEqual([links[3], links[4]].map((link) => link?.slice('releases/'.length)).sort())
  })

  it('a half-built release of an earlier attempt is replaced, and leftovers are cleared away', async () => {
    const driver = open()
    const request = requestFor(driver, await driver.observe([], calm()), [aTheme('a')])
    const digest = releaseDigest(request.result)
    for (const name of [digest, 'f'.repeat(64)]) {
      await mkdir(path('releases', `.new-${name}`, 'Theme'), { recursive: true })
      await writeFile(path('releases', `.new-${name}`, 'Theme', 'junk'), 'junk')
    }
    await driver.apply(request, calm())
    await driver.close()
    expect(await readdir(path('releases'))).toEqual([digest])
    expect(await readdir(current('Theme'))).toEqual(['default'])
  })

  it('an edit in place does not reach into an older release', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a', { size: 1 }), aTheme('b')])
    const older = await readlink(current())
    await deploy(driver, [aTheme('a', { size: 2 }), aTheme('b')])
    await writeFile(current('Theme', 'default', 'b.yaml'), 'edited')
    expect(await readFile(path(older, 'Theme', 'default', 'b.yaml'), 'utf8')).toContain('kind: Theme')
  })

  it('going back to a kept release repairs it file by file first', async () => {
    const driver = open()
    const first = [aTheme('a', { size: 1 }), aTheme('b')]
    await deploy(driver, first)
    const older = await readlink(current())
    await deploy(driver, [aTheme('a', { size: 2 }), aTheme('b')])
    await writeFile(path(older, 'Theme', 'default', 'a.yaml'), 'spoilt')
    await rm(path(older, 'Theme', 'default', 'b.yaml'))
    await writeFile(path(older, 'Theme', 'extra'), 'extra')
    await deploy(driver, first)
    expect(await readlink(current())).toBe(older)
    expect((await driver.observe([], calm())).resources.map(({ digest }) => digest)).toEqual(first.map((r) => r.digest))
  })

  it('killed at any moment, it leaves one whole release current, and the next process goes on', async () => {
    const writer = new URL('./directory-writer.ts', import.meta.url).pathname
    for (const lines of [1, 2, 5]) {
      const child = spawn(process.execPath, ['--import', 'tsx', writer, path()], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let seen = 0
      for await (const chunk of child.stdout) {
        seen += String(chunk).split('\n').length - 1
        if (seen >= lines) child.kill('SIGKILL')
      }
      const sizes = (await open().observe([], calm())).resources.map(({ spec }) => spec['size'])
      expect(sizes).toHaveLength(3)
      expect(new Set(sizes).size).toBe(1)
    }
    const driver = open()
    await deploy(driver, [aTheme('a')])
    // Old folders are cleared away after the deployment has answered; closing waits for it.
    await driver.close()
    expect((await readdir(path('releases'))).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('files that are remembered are still seen to change, to vanish and to come', async () => {
    const target = { name: 'files', driver: 'directory', path: path(), keep: 5 } as const
    const driver = openDriver(target, 'production', testDeps({ clock: new TestClock(60_000) }))
    await deploy(driver, [aTheme('a', { size: 1 }), aTheme('b')])
    const first = await driver.observe([], calm())
    expect(await driver.observe([], calm())).toEqual(first)
    await writeFile(current('Theme', 'default', 'a.yaml'), yamlOfResource(aTheme('a', { size: 22 })))
    await rm(current('Theme', 'default', 'b.yaml'))
    await writeFile(current('Theme', 'default', 'c.yaml'), yamlOfResource(aTheme('c')))
    const keys = (await driver.observe([], calm())).resources.map(({ key, spec }) => [key, spec['size']])
    expect(keys).toEqual([
      ['Theme/default/a', 22],
      ['Theme/default/c', undefined],
    ])
  })

  it('a reader that follows the link sees one whole release or the other while they are switched', async () => {
    const driver = open()
    const release = (size: number) => ['a', 'b', 'c'].map((name) => aTheme(name, { size }))
    await deploy(driver, release(0))
    let reading = true
    const mixtures: string[] = []
    const reader = (async () => {
      while (reading) {
        const folder = path(await readlink(current()))
        const texts = await Promise.all(
          ['a', 'b', 'c'].map((name) => readFile(join(folder, 'Theme/default', `${name}.yaml`), 'utf8')),
        )
        const sizes = new Set(texts.map((text) => /size: (\d+)/.exec(text)?.[1]))
        if (sizes.size !== 1) mixtures.push([...sizes].join())
      }
    })()
    for (let size = 1; size <= 8; size += 1) await deploy(driver, release(size))
    reading = false
    await reader
    expect(mixtures).toEqual([])
  })
})

describe('what does not belong into a release', () => {
  const desired = [aTheme('a')]

  async function foreignAfter(act: () => Promise<unknown>): Promise<readonly Resource[]> {
    const driver = open()
    await deploy(driver, desired)
    await act()
    return (await driver.observe([], calm())).resources.filter(({ kind }) => kind === 'File')
  }

  it.each([
    ['a foreign file', () => writeFile(current('notes.txt'), 'hello'), 'notes.txt'],
    [
      'a file that cannot be read as a resource',
      () => writeFile(current('Theme', 'default', 'a.yaml'), 'a: [1'),
      'Theme%2Fdefault%2Fa.yaml',
    ],
    [
      'a resource under another one’s name',
      () => writeFile(current('Theme', 'default', 'b.yaml'), yamlOfResource(aTheme('c'))),
      'Theme%2Fdefault%2Fb.yaml',
    ],
    ['a link', () => symlink('/etc/hostname', current('Theme', 'default', 'z.yaml')), 'Theme%2Fdefault%2Fz.yaml'],
    ['a linked folder', () => symlink('/etc', current('Layer')), 'Layer'],
    [
      'a file with a repeated key',
      () => writeFile(current('Theme', 'default', 'a.yaml'), `${yamlOfResource(aTheme('a'))}spec: {}\n`),
      'Theme%2Fdefault%2Fa.yaml',
    ],
    [
      'a file with a further document',
      () => writeFile(current('Theme', 'default', 'a.yaml'), `${yamlOfResource(aTheme('a'))}---\nx: 1\n`),
      'Theme%2Fdefault%2Fa.yaml',
    ],
    [
      'a name that is no UTF-8',
      () => writeFile(Buffer.concat([Buffer.from(`${current()}/`), Buffer.from([0x61, 0xff])]), ''),
      'a%FF',
    ],
    ['a pipe', async () => execFileSync('mkfifo', [current('pipe')]), 'pipe'],
  ])('%s shows as a File, and is gone after the next apply', async (_, act, name) => {
    const foreign = await foreignAfter(act)
    expect(foreign.map((file) => file.key)).toEqual([`File/-/${name}`])
    const driver = open()
    await deploy(driver, desired)
    expect((await driver.observe([], calm())).resources.map(({ key }) => key)).toEqual(['Theme/default/a'])
  })

  it('a foreign file that the plan retains is carried into the next release', async () => {
    await foreignAfter(() => writeFile(current('notes.txt'), 'hello'))
    const driver = open()
    const live = await driver.observe([], calm())
    const request = requestFor(driver, live, [aTheme('a', { size: 2 })])
    const file = live.resources.flatMap(({ kind, key, digest }) => (kind === 'File' ? [{ key, digest }] : []))
    const changes = request.changes.filter(({ desired: wanted }) => wanted !== null)
    await driver.apply({ ...request, changes, result: [...request.result, ...file] }, calm())
    expect(await readFile(current('notes.txt'), 'utf8')).toBe('hello')
  })

  it('nothing is written through a link that was put in the place of a folder', async () => {
    const driver = open()
    await deploy(driver, desired)
    const outside = join(root, 'outside')
    await mkdir(outside)
    await rm(current('Theme'), { recursive: true })
    await symlink(outside, current('Theme'))
    await deploy(driver, desired)
    expect(await readdir(outside)).toEqual([])
    expect((await lstat(current('Theme'))).isDirectory()).toBe(true)
  })

  it.each(['releases', 'current'])('a %s of somebody else is refused with its path and left alone', async (name) => {
    await mkdir(path(), { recursive: true })
    await symlink(root, path(name))
    const driver = open()
    await expect(driver.observe([], calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining(path(name)),
    })
    expect(await readlink(path(name))).toBe(root)
  })
})

describe('names and places', () => {
  it.each(['../../escape', 'a/b', '..', '.hidden', 'a\u0000b', 'x'.repeat(300), 'a\\b', ''])(
    'the name %j is refused by the dry run and by the apply, and nothing is written',
    async (name) => {
      const driver = open()
      const request = requestFor(driver, await driver.observe([], calm()), [aTheme(name)])
      expect(await driver.dryRun(request, calm())).toHaveLength(1)
      await expect(driver.apply(request, calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_REFUSED',
        retry: 'never',
      })
      expect(await readdir(root)).toEqual([])
    },
  )

  it('a path that cannot be made is refused with the path and the reason', async () => {
    await writeFile(join(root, 'srv'), 'a file in the way')
    const driver = open()
    await expect(deploy(driver, [aTheme('a')])).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringMatching(/srv.*ENOTDIR/),
    })
  })

  it('two changes of one file by hand within the same instant are both seen', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a', { size: 1 })])
    for (const size of [2, 3]) {
      await writeFile(current('Theme', 'default', 'a.yaml'), yamlOfResource(aTheme('a', { size: size * 1000 })))
      expect((await driver.observe([], calm())).resources[0]?.spec['size']).toBe(size * 1000)
    }
  })
})

describe('settings', () => {
  const opened = (settings: Partial<DirectoryTarget>, environment = 'production') =>
    openDriver({ name: 'files', driver: 'directory', path: root, keep: 5, ...settings }, environment, testDeps())

  it.each([{ keep: 0 }, { keep: 1.5 }, { health: { url: 'file:///etc/passwd', timeoutMs: 5000 } }])(
    '%j cannot work and is refused at once',
    (settings) => {
      expect(() => opened(settings)).toThrow(expect.objectContaining({ code: 'HONUA_TARGET_CONFIG' }))
    },
  )

  it.each(['../other', 'a/b', '', '.'])('the environment %j cannot lead out of the path', (environment) => {
    expect(() => opened({}, environment)).toThrow(expect.objectContaining({ code: 'HONUA_TARGET_CONFIG' }))
  })

  it('a health page decides over health, whatever goes wrong with it', async () => {
    const server = await startHonuaServer()
    const driver = opened({ health: { url: `${server.url}/healthz/ready`, timeoutMs: 60_000 } })
    const healthy: boolean[] = [(await driver.health(calm())).healthy]
    server.setFault({ kind: 'unhealthy' })
    healthy.push((await driver.health(calm())).healthy)
    await server.close()
    healthy.push((await driver.health(calm())).healthy)
    expect(healthy).toEqual([true, false, false])
  })

  it('a current release whose folder is gone is unhealthy, and the next apply makes it again', async () => {
    const driver = open()
    await deploy(driver, [aTheme('a')])
    await rm(path('releases'), { recursive: true })
    expect(await driver.health(calm())).toMatchObject({ healthy: false })
    await deploy(driver, [aTheme('a')])
    expect(await driver.health(calm())).toEqual({ healthy: true })
  })
})

describe('the YAML of a resource', () => {
  const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }).map((value) => JSON.parse(JSON.stringify(value)))
  const resources = fc
    .tuple(
      fc.dictionary(fc.string({ unit: 'binary' }), json),
      fc.dictionary(
        fc.string().filter((key) => key !== 'name' && key !== 'namespace'),
        json,
      ),
    )
    .map(([spec, metadata]) =>
      makeResource({ apiVersion: 'v1', kind: 'Theme', namespace: 'default', name: 'a', metadata, spec }),
    )

  it('reads back to the same digest, by the short way and by the library', () => {
    fc.assert(
      fc.property(resources, (resource) => {
        const text = yamlOfResource(resource)
        // A comment sends the text past the short way.
        expect([readResource(text)?.digest, readResource(`# by hand\n${text}`)?.digest]).toEqual([
          resource.digest,
          resource.digest,
        ])
      }),
      { numRuns: 300 },
    )
  })

  it('is block style, with quotes only where a reader could take a text for something else', () => {
    const spec = { name: 'x', list: [1, [2, { on: 'yes', empty: {} }]], none: [], text: 'a: b', '1': null, dark: true }
    const lines = yamlOfResource(makeResource({ ...aTheme('a'), spec })).split('\n')
    expect(lines.slice(5)).toEqual([
      'spec:',
      '  "1": null',
      '  dark: true',
      '  list:',
      '    - 1',
      '    - - 2',
      '      - empty: {}',
      '        "on": "yes"',
      '  name: x',
      '  none: []',
      '  text: "a: b"',
      '',
    ])
  })

  it('is the same text for the same content in another order', () => {
    const one = aTheme('a', { x: 1, y: { b: 1, a: 2 } })
    const other = aTheme('a', { y: { a: 2, b: 1 }, x: 1 })
    expect(yamlOfResource(other)).toBe(yamlOfResource(one))
  })

  it('any bytes in its place are read as something or nothing, never thrown over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(200), (junk, at) => {
        const text = yamlOfResource(aTheme('a', { list: [1, { b: 'c' }] }))
        expect(() => readResource(text.slice(0, at) + junk + text.slice(at))).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })
})
