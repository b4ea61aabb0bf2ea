/** Every error of the product, a file an area: code, retry class, sentence, remedy. docs/operating.md lists them all; a test checks that. */
export { HonuaError, type RetryClass } from './honua-error.ts'
