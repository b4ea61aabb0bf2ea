/** The honua program as it is, with named points wrapped around its ports: it kills itself at the n-th passing of one of them. */
import { CRASH_TIDY } from './points.ts'
import { tidyAtOnce } from './tidy.ts'
import { wrapAll } from './wrap.ts'

wrapAll()
if (process.env[CRASH_TIDY] === '1') tidyAtOnce()
await import('../../../../src/cli/main.ts')
