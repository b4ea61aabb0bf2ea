import { Composer, CST, type Document, Lexer, type ParsedNode, Parser, Schema } from 'yaml'
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
  /** Null where the document has syntax errors, which stand in `problems`. */
  readonly documents: readonly (Document.Parsed<ParsedNode> | null)[]
  /** Indices of documents whose structure is right, but which hold a tag or directive that is not: to be searched, never to be used. */
  readonly misread: ReadonlySet<number>
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
    if (error instanceof Refused) return refused(error.problem)
    // Stack overflows and faults of the library: whatever was thrown, the file is what made it.
    return refused({ offset: 0, error: desiredErrors.syntax({ reason: 'it cannot be parsed' }) })
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function refused(problem: OffsetProblem): Composed {
  return { documents: [], misread: new Set(), problems: [problem] }
}

function composeAll(text: string, limits: ParseLimits): Composed {
  const documents: (Document.Parsed<ParsedNode> | null)[] = []
  const misread = new Set<number>()
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
    if (document.warnings.length > 0) misread.add(documents.length)
    documents.push(document.errors.length === 0 ? document : null)
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
  return { documents, misread, problems }
}

/** Announces a plain or block scalar, whose text is the next lexeme and may begin with a star. */
const { SCALAR } = CST
/** Lexemes that announce what follows and stand for nothing in the text. */
const MARKERS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, SCALAR])

function lexemesOf(text: string, limits: ParseLimits): readonly string[] {
  const { aliasesMax, lexemesMax } = limits
  const lexemes: string[] = []
  let aliases = 0
  let before = ''
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('*') && before !== SCALAR) aliases += 1
    if (aliases > aliasesMax) throw new Refused({ offset: lengthOf(lexemes), error: desiredErrors.aliasLimit(limits) })
    if (lexemes.length >= lexemesMax) {
      const error = desiredErrors.tooComplex({ what: `${lexemesMax} tokens` })
      throw new Refused({ offset: lengthOf(lexemes), error })
    }
    lexemes.push(lexeme)
    before = lexeme
  }
  return lexemes
}

/** How much of the text the lexemes stand for. */
function lengthOf(lexemes: readonly string[]): number {
  return lexemes.reduce((sum, lexeme) => sum + (MARKERS.has(lexeme) ? 0 : lexeme.length), 0)
}

const YAML_1_2 = /^%YAML[ \t]+1\.2[ \t]*$/

function refuseDirective(token: CST.Token): void {
  if (token.type === 'directive' && !YAML_1_2.test(token.source)) {
    throw new Refused({ offset: token.offset, error: desiredErrors.directive() })
  }
}
