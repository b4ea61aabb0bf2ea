/** Deploys two releases in turn for ever, a line for each that is done: a test kills it at any moment. Argument: the target's path. */
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import { aTheme, deploy } from '../../contract/driver.requests.ts'
import { testDeps } from './deps.ts'

const driver = openDriver(
  { name: 'files', driver: 'directory', path: process.argv[2] ?? '', keep: 3 },
  'production',
  testDeps(),
)
for (let size = 1; ; size += 1) {
  await deploy(
    driver,
    ['a', 'b', 'c'].map((name) => aTheme(name, { size })),
  )
  process.stdout.write(`${size}\n`)
}
