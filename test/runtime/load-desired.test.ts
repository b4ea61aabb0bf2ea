import { describe, expect, it } from 'vitest'
import { createDesiredLoader, type LoadLimits } from '../../src/runtime/load-desired.ts'
import { layerText, resourceText } from '../support/builders/resources.ts'
import { type MemoryFiles, memoryGit } from '../support/memory-git.ts'

const theme = (name: string, spec = `{name: ${name}}`) => resourceText('Theme', name, spec)

function setUp(files: MemoryFiles, limits: Partial<LoadLimits> = {}) {
  const git = memoryGit()
  const first = git.commit(files)
  return { git, first, loader: createDesiredLoader({ git, limits }) }
}

async function toldAfter(files: MemoryFiles, limits: Partial<LoadLimits> = {}) {
  const { loader, first } = setUp(files, limits)
  const { desired, problems } = await loader.load('dev', first)
  if (desired === null) expect(problems.length).toBeGreaterThan(0)
  return problems.map(({ code, location }) => `${location?.path ?? ''} ${code}`)
}

describe('load', () => {
  it('reads the environment and common, whatever the depth, and nothing else', async () => {
    const { git, loader, first } = setUp({
      'README.md': 'x',
      '.gitops/policy.yaml': 'kind: DeploymentPolicy\n',
      'environments/README.md': 'x',
      'environments/common/base.yaml': theme('base'),
      'environments/dev/a.yaml': theme('a'),
      'environments/dev/deep/er/b.json':
        '{"apiVersion":"honua.io/v1","kind":"Theme","metadata":{"name":"b"},"spec":{}}',
      'environments/dev/notes.txt': 'x',
      'environments/dev/topology.yaml': 'apiVersion: honua.io/v1\nkind: Topology\nmetadata: {name: dev}\nspec: {}\n',
      'environments/dev/migrations/001_init.sql': 'select 1',
      'environments/production/c.yaml': theme('c'),
    })
    const { desired, problems, notes } = await loader.load('dev', first)
    expect(problems).toEqual([])
    expect(desired?.resources.map(({ key, location }) => [key, location.path])).toEqual([
      ['Migration/default/001_init', 'environments/dev/migrations/001_init.sql'],
      ['Theme/default/a', 'environments/dev/a.yaml'],
      ['Theme/default/b', 'environments/dev/deep/er/b.json'],
      ['Theme/default/base', 'environments/common/base.yaml'],
      ['Topology/default/dev', 'environments/dev/topology.yaml'],
    ])
    expect(desired?.trees).toEqual(await loader.trees('dev', first))
    expect(notes).toEqual([])
    expect(git.takeReads().blobs).toHaveLength(5)
  })

  it('a commit that changes one file reads one file, and gives the other resources as the same objects', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`environments/dev/g${n % 5}/l${n}.yaml`, layerText(`l${n}`)]),
    )
    const { git, loader, first } = setUp(files)
    const before = await loader.load('dev', first)
    git.takeReads()
    const second = git.commit({ 'environments/dev/g2/l7.yaml': layerText('l7', { title: 'Changed' }) })
    const after = await loader.load('dev', second)
    expect(git.takeReads().blobs).toHaveLength(1)
    const changed = after.desired?.resources.filter((resource, n) => resource !== before.desired?.resources[n])
    expect(changed).toMatchObject([{ key: 'Layer/default/l7', spec: { title: 'Changed' } }])
    expect(after.desired?.release).not.toBe(before.desired?.release)
  })

  it('added, renamed and removed files read what is new only', async () => {
    const { git, loader, first } = setUp({
      'environments/dev/a.yaml': theme('a'),
      'environments/dev/b.yaml': theme('b'),
    })
    await loader.load('dev', first)
    git.takeReads()
    const second = git.commit({
      'environments/dev/a.yaml': null,
      'environments/dev/renamed.yaml': theme('a'),
      'environments/dev/new.yaml': theme('new'),
      'environments/dev/b.yaml': null,
    })
    const { desired } = await loader.load('dev', second)
    expect(desired?.resources.map(({ key, location }) => [key, location.path])).toEqual([
      ['Theme/default/a', 'environments/dev/renamed.yaml'],
      ['Theme/default/new', 'environments/dev/new.yaml'],
    ])
    expect(git.takeReads().blobs).toHaveLength(1)
  })

  it('an older commit gives what it gave, also after a newer one', async () => {
    const { git, loader, first } = setUp({ 'environments/dev/a.yaml': theme('a') })
    const before = await loader.load('dev', first)
    const second = git.commit({ 'environments/dev/a.yaml': theme('a', '{name: z}'), 'environments/dev/b.yaml': 'a: [' })
    expect((await loader.load('dev', second)).desired).toBeNull()
    expect(await loader.load('dev', first)).toEqual(before)
    expect(git.takeReads().blobs).toHaveLength(3)
  })

  it('a hundred environments that start at once read common once', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `env-${n}`)
    const { git, loader, first } = setUp({
      'environments/common/base.yaml': theme('base'),
      ...Object.fromEntries(names.map((name) => [`environments/${name}/own.yaml`, theme(`own-${name}`)])),
    })
    const loaded = await Promise.all(names.map((name) => loader.load(name, first)))
    expect(loaded.every(({ desired }) => desired?.resources.length === 2)).toBe(true)
    expect(git.takeReads().blobs).toHaveLength(101)
    expect(new Set(loaded.map(({ desired }) => desired?.resources.find(({ name }) => name === 'base')))).toHaveLength(1)
  })

  it('without room to keep anything, it still loads the same', async () => {
    const files = { 'environments/dev/a.yaml': theme('a'), 'environments/dev/x/b.yaml': theme('b') }
    const { git, loader, first } = setUp(files, { cacheBytesMax: 0 })
    const before = await loader.load('dev', first)
    expect(await loader.load('dev', first)).toEqual(before)
    expect(git.takeReads().blobs).toHaveLength(4)
  })

  it('asked again while the answer is on its way, it gives the same one; later it looks again', async () => {
    const { loader, first } = setUp({ 'environments/dev/a.yaml': theme('a') })
    const [one, other] = await Promise.all([loader.load('dev', first), loader.load('dev', first)])
    expect(other).toBe(one)
    expect(await loader.load('dev', first)).not.toBe(one)
  })

  it('no more blobs are asked for at once than allowed', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`environments/dev/f${n % 4}/t${n}.yaml`, theme(`t${n}`)]),
    )
    const { git, first } = setUp(files)
    let now = 0
    let most = 0
    const counted = {
      ...git,
      async blob(oid: string, maxBytes: number) {
        now += 1
        most = Math.max(most, now)
        await new Promise((resolve) => setImmediate(resolve))
        now -= 1
        return git.blob(oid, maxBytes)
      },
    }
    const loader = createDesiredLoader({ git: counted, limits: { readsInFlight: 8 } })
    expect((await loader.load('dev', first)).problems).toEqual([])
    expect(most).toBe(8)
  })

  it('a broken file blocks its environment and no other', async () => {
    const { loader, first } = setUp({ 'environments/dev/a.yaml': 'a: [', 'environments/production/a.yaml': theme('a') })
    expect((await loader.load('dev', first)).desired).toBeNull()
    expect((await loader.load('production', first)).desired?.resources).toHaveLength(1)
  })

  it('a broken file in common blocks every environment', async () => {
    const { loader, first } = setUp({ 'environments/common/a.yaml': 'a: [', 'environments/dev/a.yaml': theme('a') })
    expect((await loader.load('dev', first)).problems).toMatchObject([
      { location: { path: 'environments/common/a.yaml' } },
    ])
  })

  it('a failure of Git is thrown, not taken for an empty folder', async () => {
    const { git, first } = setUp({ 'environments/dev/a.yaml': theme('a') })
    let fails = true
    const loader = createDesiredLoader({
      git: { ...git, blob: (oid, max) => (fails ? Promise.reject(new Error('broken pipe')) : git.blob(oid, max)) },
    })
    await expect(loader.load('dev', first)).rejects.toThrow('broken pipe')
    fails = false
    expect((await loader.load('dev', first)).desired?.resources).toHaveLength(1)
  })
})

describe('what a tree may not hold', () => {
  const link = { mode: '120000', content: '../../../etc/passwd' }

  it.each<[string, MemoryFiles, string]>([
    ['a link to a file', { 'environments/dev/a.yaml': link }, 'environments/dev/a.yaml HONUA_TREE_SYMLINK'],
    [
      'a link in common',
      { 'environments/dev/a.yaml': theme('a'), 'environments/common/x': link },
      'environments/common/x HONUA_TREE_SYMLINK',
    ],
    [
      'common as a link',
      { 'environments/dev/a.yaml': theme('a'), 'environments/common': link },
      'environments/common HONUA_TREE_MODE',
    ],
    [
      'common as a file',
      { 'environments/dev/a.yaml': theme('a'), 'environments/common': 'x' },
      'environments/common HONUA_TREE_MODE',
    ],
    [
      'a submodule',
      { 'environments/dev/sub': { mode: '160000', content: '' } },
      'environments/dev/sub HONUA_TREE_SUBMODULE',
    ],
    [
      'case twins',
      { 'environments/dev/a.yaml': theme('a'), 'environments/dev/A.yaml': theme('b') },
      'environments/dev/a.yaml HONUA_TREE_TWIN',
    ],
    [
      'a space in a folder',
      { 'environments/dev/my layers/a.yaml': theme('a') },
      'environments/dev/my layers HONUA_TREE_NAME',
    ],
    [
      'a pointer of Git LFS',
      { 'environments/dev/a.yaml': 'version https://git-lfs.github.com/spec/v1\n' },
      'environments/dev/a.yaml HONUA_FILE_LFS_POINTER',
    ],
  ])('%s', async (_, files, told) => {
    expect(await toldAfter(files)).toEqual([told])
  })

  it('an environment whose folder is absent or a link is missing, never empty', async () => {
    expect(await toldAfter({ 'environments/other/a.yaml': theme('a') })).toEqual([' HONUA_ENVIRONMENT_MISSING'])
    expect(await toldAfter({ 'environments/dev': link })).toContain('environments/dev HONUA_TREE_MODE')
    expect(await toldAfter({ 'other.md': 'x' })).toEqual([' HONUA_ENVIRONMENT_MISSING'])
  })

  it('a file above the limit is refused without being read into memory', async () => {
    const files = { 'environments/dev/a.yaml': `# ${'x'.repeat(5_000)}`, 'environments/dev/b.yaml': theme('b') }
    expect(await toldAfter(files, { fileBytesMax: 4_096 })).toEqual(['environments/dev/a.yaml HONUA_FILE_TOO_LARGE'])
  })

  it.each<[string, Partial<LoadLimits>]>([
    ['files', { filesMax: 9 }],
    ['folders', { foldersMax: 5 }],
    ['depth', { folderDepthMax: 2 }],
    ['bytes', { bytesMax: 300 }],
  ])('too many %s stop the reading', async (_, limits) => {
    const files = Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [`environments/dev/${'d/'.repeat(n)}t${n}.yaml`, theme(`t${n}`)]),
    )
    expect(await toldAfter(files, limits)).toEqual(['environments/dev HONUA_TREE_TOO_LARGE'])
    expect(await toldAfter(files)).toEqual([])
  })
})

describe('environments', () => {
  it('are the folders with a valid name; plain files are none, and common is none', async () => {
    const { loader, first } = setUp({
      'environments/README.md': 'x',
      'environments/common/a.yaml': theme('a'),
      'environments/us-west/a.yaml': theme('a'),
      'environments/dev/a.yaml': theme('a'),
    })
    expect(await loader.environments(first)).toEqual({ names: ['dev', 'us-west'], problems: [] })
  })

  it('folders with another name and links are problems', async () => {
    const { loader, first } = setUp({
      'environments/Production/a.yaml': theme('a'),
      'environments/dev/a.yaml': theme('a'),
      'environments/linked': { mode: '120000', content: 'dev' },
    })
    const { names, problems } = await loader.environments(first)
    expect(names).toEqual(['dev'])
    expect(problems.map(({ code, location }) => `${location?.path} ${code}`)).toEqual([
      'environments/linked HONUA_TREE_SYMLINK',
      'environments/Production HONUA_ENVIRONMENT_NAME',
    ])
  })

  it('files beside the environments are ignored, whatever their names', async () => {
    const { loader, first } = setUp({
      'environments/dev/a.yaml': theme('a'),
      'environments/my notes.yaml': 'x: [',
      'environments/a.json': 'x',
      'environments/A.json': 'x',
    })
    expect(await loader.environments(first)).toEqual({ names: ['dev'], problems: [] })
  })

  it('a repository without the folder has none', async () => {
    const { loader, first } = setUp({ 'README.md': 'x' })
    expect(await loader.environments(first)).toEqual({ names: [], problems: [] })
  })
})

describe('trees', () => {
  it('change exactly for the environment that a commit touches', async () => {
    const { git, loader, first } = setUp({
      'environments/dev/a.yaml': theme('a'),
      'environments/production/a.yaml': theme('a'),
    })
    const second = git.commit({ 'environments/dev/a.yaml': theme('a', '{name: b}') })
    expect(await loader.trees('production', second)).toEqual(await loader.trees('production', first))
    expect(await loader.trees('dev', second)).not.toEqual(await loader.trees('dev', first))
    const third = git.commit({ '.gitops/policy.yaml': 'x', 'environments/common/c.yaml': theme('c') })
    const before = await loader.trees('production', second)
    const after = await loader.trees('production', third)
    expect(after.environment).toBe(before.environment)
    expect([before.common, before.gitops]).toEqual([null, null])
    expect([after.common, after.gitops]).not.toContain(null)
  })

  it('names that are no environment have none', async () => {
    const { loader, first } = setUp({ 'environments/common/a.yaml': theme('a') })
    expect((await loader.trees('common', first)).environment).toBeNull()
    expect((await loader.trees('../etc', first)).environment).toBeNull()
  })
})
