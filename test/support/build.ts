import { execFileSync } from 'node:child_process'

/** Builds the program once for the tests that run it as people do. */
export default function build(): void {
  const root = new URL('../..', import.meta.url).pathname
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.config/tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  })
}
