import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A bill of materials as npm writes it. */
export interface Sbom {
  readonly components: readonly { readonly name: string; readonly version: string }[]
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly link?: boolean } & Manifest>>
}
interface Manifest {
  readonly name: string
  readonly devDependencies?: object
  readonly workspaces?: readonly string[]
}

/**
 * What npm says is shipped with the package in this folder. npm itself leaves out what a tool needs too, whether or not the program needs
 * it (npm 11: `:not(.dev)` looks at every way to a package), so it is asked about a copy that has no tools.
 */
export function sbomOf(root: string): Sbom {
  const temporary = mkdtempSync(join(tmpdir(), 'honua-sbom-'))
  try {
    const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'))
    const manifest: Manifest = read('package.json')
    // npm tells the folder's name as that of the package.
    const folder = join(temporary, manifest.name)
    mkdirSync(folder)
    const lockfile: Lockfile = read('package-lock.json')
    const workspaces = lockfile.packages['']?.workspaces ?? []
    const shipped = Object.entries(lockfile.packages).filter(
      ([path, one]) => one.dev !== true && one.link !== true && !workspaces.includes(path),
    )
    const packages = Object.fromEntries(shipped.map(([path, one]) => [path, path === '' ? withoutTools(one) : one]))
    const write = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value))
    write('package.json', withoutTools(manifest))
    write('package-lock.json', { ...lockfile, packages })
    const command = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application']
    const env = { ...process.env, npm_config_cache: join(temporary, 'cache') }
    return JSON.parse(execFileSync('npm', command, { cwd: folder, encoding: 'utf8', env }))
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function withoutTools<Kind extends Manifest>(manifest: Kind): Omit<Kind, 'devDependencies' | 'workspaces'> {
  const { devDependencies: _, workspaces: __, ...rest } = manifest
  return rest
}
