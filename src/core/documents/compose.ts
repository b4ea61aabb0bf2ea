import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser, Schema } from 'yaml'
import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { ParseLimits } from './limits.ts'
import { syntaxError } from './syntax.ts'

/** A mistake by offset in the text. */
export interface OffsetProblem {
  readonly offset: number
  readonly error: HonuaError
}

export interface Composed {
  /** Null where the document has mistakes, which stand in `problems`. */
  readonly documents: readonly (Document.Parsed<ParsedNode> | null)[]
  readonly problems: readonly OffsetProblem[]
}

/**
 * YAML 1.2 with the core schema and nothing else: no merge keys, no tags of YAML 1.1. The library's own check for unique keys is
 * quadratic (100,000 keys take two minutes), so it is off and done while converting.
 */
const OPTIONS = {
  version: '1.2',
  schema: new Schema({ schema: 'core', merge: false, resolveKnownTags: false }),
  uniqueKeys: false,
  prettyErrors: false,
  strict: true,
  logLevel: 'silent',
} as const

/** How many nodes the parser may have open for one level: a mapping, its key, its value. */
const OPEN_NODES_PER_LEVEL = 2

class Refused extends Error {
  readonly problem: OffsetProblem

  constructor(problem: OffsetProblem) {
    super(problem.error.message)
    this.problem = problem
  }
}

/**
 * Composes all documents of a text. Refuses in bounded time what is too long or too deep: tokens are counted before they are parsed,
 * and open nodes before anything recurses over them. Throws nothing.
 */
export function compose(text: string, limits: ParseLimits): Composed {
  const stackTraceLimit = Error.stackTraceLimit
  // The library makes an error object for each of possibly 100,000 mistakes; without traces that is six times as fast.
  Error.stackTraceLimit = 0
  try {
    return composeAll(text, limits)
  } catch (error) {
    if (error instanceof Refused) return { documents: [], problems: [error.problem] }
    // Stack overflows and faults of the library: whatever was thrown, the file is what made it.
    return { documents: [], problems: [{ offset: 0, error: desiredErrors.syntax({ reason: 'it cannot be parsed' }) }] }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function composeAll(text: string, limits: ParseLimits): Composed {
  const documents: (Document.Parsed<ParsedNode> | null)[] = []
  const problems: OffsetProblem[] = []
  const take = (document: Document.Parsed<ParsedNode>) => {
    if (documents.length >= limits.documentsMax) {
      throw new Refused({ offset: document.range[0], error: desiredErrors.tooManyDocuments(limits) })
    }
    // A warning is an unknown tag or directive: the value would be something else than what was meant.
    const mistakes = [...document.errors, ...document.warnings]
    for (const { pos, code } of mistakes.slice(0, limits.problemsMax + 1)) {
      problems.push({ offset: Math.max(0, pos[0]), error: syntaxError(code) })
    }
    documents.push(mistakes.length === 0 ? document : null)
  }
  const composer = new Composer(OPTIONS)
  const feed = (token: CST.Token) => {
    refuseDirective(token)
    for (const document of composer.next(token)) take(document)
  }
  const parser = new Parser()
  const openNodesMax = limits.depthMax * OPEN_NODES_PER_LEVEL + OPEN_NODES_PER_LEVEL
  for (const lexeme of lexemesOf(text, limits)) {
    for (const token of parser.next(lexeme)) feed(token)
    if (parser.stack.length > openNodesMax) {
      throw new Refused({ offset: parser.offset, error: desiredErrors.tooDeep(limits) })
    }
  }
  for (const token of parser.end()) feed(token)
  for (const document of composer.end()) take(document)
  if (documents.length === 0) {
    for (const { pos, code } of composer.streamInfo().errors)
      problems.push({ offset: pos[0], error: syntaxError(code) })
  }
  return { documents, problems }
}

function lexemesOf(text: string, limits: ParseLimits): readonly string[] {
  const lexemes: string[] = []
  let offset = 0
  for (const lexeme of new Lexer().lex(text)) {
    if (lexemes.length >= limits.lexemesMax) {
      throw new Refused({ offset, error: desiredErrors.tooComplex({ what: `${limits.lexemesMax} tokens` }) })
    }
    lexemes.push(lexeme)
    offset += lexeme.length
  }
  return lexemes
}

const YAML_1_2 = /^%YAML[ \t]+1\.2[ \t]*$/

function refuseDirective(token: CST.Token): void {
  if (token.type === 'directive' && !YAML_1_2.test(token.source)) {
    throw new Refused({ offset: token.offset, error: desiredErrors.directive() })
  }
}
