import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = new URL('../..', import.meta.url).pathname
const BUILT = join(ROOT, 'dist/src/cli/main.js')

/** Builds the program once for the tests that run it as people do; a fresh build is left alone, for a run beside this one may be using it. */
export default function build(): void {
  const sources = ['src', 'machines', 'test/support/honua-server', 'test/e2e/crash/entry'].map((folder) =>
    newest(join(ROOT, folder)),
  )
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs > Math.max(...sources)) return
  for (const config of ['.config/vite.ts', '.config/vite-inspector.ts'])
    run('node_modules/vite/bin/vite.js', 'build', '--config', config)
  // Last, for what it makes is what is looked at above.
  run('node_modules/typescript/bin/tsc', '-p', '.config/tsconfig.build.json')
}

function run(...command: readonly string[]): void {
  // The test runner says "test" there, by which the pages would be built as for their developers.
  const env = { ...process.env, NODE_ENV: 'production' }
  execFileSync(process.execPath, command, { cwd: ROOT, stdio: 'inherit', env })
}

/** When the newest file of ours below the folder was changed, in ms. */
function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes('/inspector/node_modules'),
  )
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs))
}
