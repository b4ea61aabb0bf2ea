/** Bounds on one file. What exceeds one is refused with an error of its own, in bounded time. */
export interface ParseLimits {
  readonly bytesMax: number
  /** Lexical tokens: punctuation, spaces, scalars. Parsing costs about 2 µs each, so this bounds the time of one file. */
  readonly lexemesMax: number
  /** Mappings and sequences inside each other, aliases resolved. */
  readonly depthMax: number
  /** Scalars, mappings and sequences of all documents together, aliases resolved. */
  readonly nodesMax: number
  /** Uses of an alias (`*name`) in the whole file. */
  readonly aliasesMax: number
  readonly documentsMax: number
  /** Problems told of one file; the rest is counted. */
  readonly problemsMax: number
}

/**
 * `lexemesMax` keeps the worst file measured (one that is all syntax errors) near half a second; a resource file of 1 MB of usual
 * density stays below it.
 */
export const defaultLimits: ParseLimits = {
  bytesMax: 1024 * 1024,
  lexemesMax: 250_000,
  depthMax: 100,
  nodesMax: 100_000,
  aliasesMax: 100,
  documentsMax: 1_000,
  problemsMax: 20,
}

/** The limits of files of up to `bytesMax`: who allows files beyond the default size is given tokens and values in proportion, and longer parsing. */
export function limitsFor(bytesMax: number): ParseLimits {
  const { lexemesMax, nodesMax } = defaultLimits
  const factor = Math.max(1, bytesMax / defaultLimits.bytesMax)
  return {
    ...defaultLimits,
    bytesMax,
    lexemesMax: Math.floor(lexemesMax * factor),
    nodesMax: Math.floor(nodesMax * factor),
  }
}
