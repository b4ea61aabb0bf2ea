import { readFile } from '../../core/desired.ts'
import type { Parser } from '../../ports/parser.ts'

/** Reads files at once, in this thread. */
export const inThread: Parser = {
  parse: (contents, limits) => Promise.resolve(contents.map((content) => readFile(content, limits))),
}
