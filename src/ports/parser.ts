import type { ResourceFile } from '../core/desired.ts'
import type { ParseLimits } from '../core/documents/index.ts'

/** Reads the contents of files into resources, beside the work of this thread or in it. */
export interface Parser {
  /** A file for each content, in order, as `readFile` of the core gives it; one that takes too long is a file with a problem. Throws nothing. */
  parse(contents: readonly Uint8Array[], limits: ParseLimits): Promise<readonly ResourceFile[]>
}
