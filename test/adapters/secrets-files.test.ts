import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileSecrets } from '../../src/adapters/secrets-files.ts'
import { HonuaError } from '../../src/core/errors/index.ts'

let root: string
let dir: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'honua-secrets-'))
  dir = join(root, 'secrets')
  mkdirSync(dir)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const put = (name: string, content: string | Uint8Array) => writeFileSync(join(dir, name), content)
const secrets = (env: Readonly<Record<string, string>> = {}) => fileSecrets({ dir, env })
const fault = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof HonuaError)) throw new Error(`no HonuaError: ${String(error)}`)
  return error
}

describe('a secret', () => {
  it('is the text of its file without the final newline, and only that one', async () => {
    const texts = { plain: 'abc', unix: 'abc\n', dos: 'abc\r\n', two: 'abc\n\n', spaces: ' abc ', empty_line: '\nabc' }
    for (const [name, text] of Object.entries(texts)) put(name, text)
    const read = await Promise.all(Object.keys(texts).map((name) => secrets().read(name)))
    expect(read).toEqual(['abc', 'abc', 'abc', 'abc\n', ' abc ', '\nabc'])
  })

  it('without a file is the environment variable in capitals, dashes as underscores', async () => {
    expect(await secrets({ GIT_DEPLOY_KEY: 'from the environment' }).read('git-deploy-key')).toBe(
      'from the environment',
    )
  })

  it('in a file comes before the environment', async () => {
    put('token', 'from the file')
    expect(await secrets({ TOKEN: 'from the environment' }).read('token')).toBe('from the file')
  })

  it('that is rotated is read anew', async () => {
    put('token', 'old')
    const source = secrets()
    expect(await source.read('token')).toBe('old')
    put('next', 'new')
    renameSync(join(dir, 'next'), join(dir, 'token'))
    expect(await source.read('token')).toBe('new')
  })

  it('that is empty or nowhere is none', async () => {
    put('empty', '\n')
    const source = secrets({ VOID: '' })
    expect(await Promise.all(['empty', 'void', 'nowhere'].map((name) => source.read(name)))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('without a secrets folder comes from the environment', async () => {
    const source = fileSecrets({ dir: join(root, 'nowhere'), env: { TOKEN: 't' } })
    expect([await source.read('token'), await source.path('token')]).toEqual(['t', undefined])
  })

  it('is told to who keeps it out of the log', async () => {
    put('token', 'from the file')
    const told: string[] = []
    const source = fileSecrets({ dir, env: { OTHER: 'o' }, onRead: (value) => told.push(value) })
    for (const name of ['token', 'other', 'nowhere']) await source.read(name)
    expect(told).toEqual(['from the file', 'o'])
  })
})

describe('a name', () => {
  it.each([
    '../outside',
    '/etc/hostname',
    'a/b',
    '..',
    '.',
    '',
    '-x',
    '1x',
    '.hidden',
    'a\0b',
    'a b',
    'é',
    'x'.repeat(300),
  ])('%j outside the rule is never looked up', async (name) => {
    writeFileSync(join(root, 'outside'), 'must not be read')
    const env = { [name.toUpperCase().replaceAll('-', '_')]: 'must not be read' }
    const source = fileSecrets({ dir, env })
    expect([await source.read(name), await source.path(name)]).toEqual([undefined, undefined])
  })
})

describe('a link', () => {
  it('inside the folder is followed, as orchestrators mount secrets', async () => {
    mkdirSync(join(dir, '..data'))
    writeFileSync(join(dir, '..data/token'), 'linked')
    symlinkSync('..data/token', join(dir, 'token'))
    expect(await secrets().read('token')).toBe('linked')
  })

  it('of the folder itself is followed', async () => {
    put('token', 'abc')
    symlinkSync(dir, join(root, 'link'))
    expect(await fileSecrets({ dir: join(root, 'link'), env: {} }).read('token')).toBe('abc')
  })

  it.each([
    ['out of the folder', '../outside'],
    ['to a folder whose name begins like ours', '../secrets-of-others'],
    ['to nowhere', 'nowhere'],
    ['to itself', 'token'],
  ])('%s is refused, and the environment does not stand in', async (_, to) => {
    writeFileSync(join(root, 'outside'), 'CANARY')
    writeFileSync(join(root, 'secrets-of-others'), 'CANARY')
    symlinkSync(to, join(dir, 'token'))
    const source = secrets({ TOKEN: 'CANARY' })
    for (const ask of [source.read, source.path]) {
      const error = await fault(ask('token'))
      expect(error).toMatchObject({ code: 'HONUA_SECRET_MISSING', retry: 'after-config-change' })
      expect(error.message).toMatch(/^the secret "token" cannot be used: /)
      expect(`${error.message}${error.remedy}`).not.toMatch(/CANARY|outside|secrets-/)
    }
  })
})

describe('a file that cannot be a secret', () => {
  it('larger than 64 KiB is refused; one of just that size is not', async () => {
    put('large', 'x'.repeat(64 * 1024 + 1))
    put('full', 'x'.repeat(64 * 1024))
    expect((await fault(secrets().read('large'))).message).toContain('larger than 65536 bytes')
    expect(await secrets().read('full')).toHaveLength(64 * 1024)
  })

  it('that is no UTF-8 is refused rather than changed', async () => {
    put('binary', new Uint8Array([0x61, 0xff]))
    expect((await fault(secrets().read('binary'))).message).toContain('not UTF-8')
  })

  it('a pipe is refused without waiting for its writer', async () => {
    execFileSync('mkfifo', [join(dir, 'pipe')])
    expect((await fault(secrets().read('pipe'))).message).toContain('no regular file')
  })
})

describe('a folder, such as an ssh key with its known hosts', () => {
  it('has a path, and no text', async () => {
    mkdirSync(join(dir, 'git-deploy-key'))
    writeFileSync(join(dir, 'git-deploy-key/ssh-privatekey'), 'key')
    const path = await secrets().path('git-deploy-key')
    expect(path?.endsWith('/secrets/git-deploy-key')).toBe(true)
    expect(await secrets().read('git-deploy-key')).toBeUndefined()
  })
})
