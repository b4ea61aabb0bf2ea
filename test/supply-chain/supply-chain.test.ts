import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Package, packagesOf } from './lockfile.ts'
import { sbomOf } from './sbom.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const manifest: Manifest = JSON.parse(read('package.json'))
const packages = packagesOf(JSON.parse(read('package-lock.json')))

interface Manifest {
  readonly engines: { readonly node: string }
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}

/** Licences that ask for no more than their own text to be kept. */
const FREE_LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']
/** Tools only, never shipped: changes to their files would have to be published. */
const TOOL_LICENCES = [...FREE_LICENCES, 'MIT OR Apache-2.0', 'MPL-2.0']

describe('the lockfile', () => {
  it('pins every package by its content, from a registry and nowhere else', () => {
    const loose = packages.filter(({ integrity, resolved }) => !/^sha512-/.test(integrity) || !isRegistry(resolved))
    expect(loose.map(({ path }) => path)).toEqual([])
    expect(packages.length).toBeGreaterThan(100)
  })

  it('holds exactly the versions that package.json names', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/)
      expect(packages.find(({ path }) => path === `node_modules/${name}`)?.version, name).toBe(version)
    }
  })

  it('holds exactly the versions that the page of the inspector names, beside the others and as tools only', () => {
    const { devDependencies, ...page }: Manifest = JSON.parse(read('src/inspector/package.json'))
    expect(page).toMatchObject({ private: true })
    expect(page).not.toHaveProperty('dependencies')
    for (const [name, version] of Object.entries(devDependencies))
      expect(packages.find(({ path }) => path === `src/inspector/node_modules/${name}`)).toMatchObject({
        version,
        dev: true,
      })
  })

  it('has no package with an install script but those that are named and refused', () => {
    const scripted = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)
    expect(Object.keys(manifest.allowScripts).sort()).toEqual([...new Set(scripted)].sort())
    expect(Object.values(manifest.allowScripts)).not.toContain(true)
  })
})

describe('licences', () => {
  it.each([
    ['what is shipped', packages.filter(({ dev }) => !dev), FREE_LICENCES],
    ['tools', packages.filter(({ dev }) => dev), TOOL_LICENCES],
  ])('of %s are all of the allowed ones', (_, list: readonly Package[], allowed) => {
    expect(
      list.filter(({ licence }) => !allowed.includes(licence)).map(({ name, licence }) => `${name} ${licence}`),
    ).toEqual([])
    expect(list.length).toBeGreaterThan(20)
  })

  it('in the lockfile are those that the packages themselves state', () => {
    const installed = packages.filter(({ dev, path }) => !dev && existsSync(join(ROOT, path)))
    expect(installed.length).toBeGreaterThan(20)
    for (const { path, licence } of installed)
      expect(JSON.parse(read(`${path}/package.json`))['license'], path).toBe(licence)
  })
})

describe('the bill of materials', () => {
  it('names everything that is shipped, also what tools need too, and nothing else', () => {
    const named = sbomOf(ROOT).components.map(({ name, version }) => `${name}@${version}`)
    const shipped = packages.filter(({ dev }) => !dev).map(({ name, version }) => `${name}@${version}`)
    expect(named.toSorted()).toEqual(shipped.toSorted())
    for (const name of Object.keys(manifest.dependencies))
      expect(named.map((one) => one.replace(/@[^@]+$/, ''))).toContain(name)
  })
})

describe('our own package', () => {
  it('runs nothing when it is installed', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'preprepare', 'postprepare']
    expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([])
  })

  it('says which Node it needs, and npm refuses another', () => {
    expect(manifest.engines.node).toBe('>=20.19')
    expect(read('.npmrc')).toMatch(/^engine-strict=true$/m)
  })

  it('gives a reason for every direct dependency', () => {
    const reasons = read('docs/SECURITY.md')
    for (const name of Object.keys(manifest.dependencies))
      expect(reasons).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'))
  })

  it('packs the program, the examples and what a stranger reads, and no test, source or map', () => {
    const cache = mkdtempSync(join(tmpdir(), 'honua-npm-'))
    onTestFinished(() => rmSync(cache, { recursive: true }))
    const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--offline', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      // By itself npm writes into the home, which may not be there.
      env: { ...process.env, npm_config_cache: cache },
    })
    const [{ files }]: [{ readonly files: readonly { readonly path: string }[] }] = JSON.parse(answer)
    const paths = files.map(({ path }) => path)
    for (const wanted of [
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'dist/src/cli/main.js',
      'dist/web/index.html',
      'dist/inspector/index.html',
      'config/gitops-controller.yaml',
    ])
      expect(paths).toContain(wanted)
    const built = readdirSync(join(ROOT, 'dist/web'), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    )
    expect(built.length).toBeGreaterThan(10)
    for (const { parentPath, name } of built) expect(paths).toContain(relative(ROOT, join(parentPath, name)))
    const standIn = 'dist/test/support/honua-server/'
    const strangers = paths.filter(
      (path) =>
        !/^(?:README\.md|LICENSE|CHANGELOG\.md|package\.json|config\/|dist\/(?:src|machines|web|inspector)\/)/.test(
          path,
        ) && !path.startsWith(standIn),
    )
    expect(strangers).toEqual([])
    expect(paths.filter((path) => /\.(?:map|test\.js)$/.test(path) || /(?<!\.d)\.ts$/.test(path))).toEqual([])
  })
})

function isRegistry(resolved: string | null): boolean {
  return resolved === null || (resolved.startsWith('https:') && resolved.endsWith('.tgz'))
}
