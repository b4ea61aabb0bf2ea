/** Opens a store with no file handle left, and prints what it is told. Argument: the store's folder. */
import { openSync } from 'node:fs'
import { openLevel } from '../../../dist/src/adapters/store/level-open.js'

try {
  for (;;) openSync('/dev/null', 'r')
} catch (error) {
  if (error.code !== 'EMFILE') throw error
}
const told = await openLevel({ folder: process.argv[2], createIfMissing: false }).then(
  () => 'it was opened',
  (error) => `${error.code}: ${error.remedy}`,
)
process.stdout.write(told)
