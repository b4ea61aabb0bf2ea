/** Text of a YAML or JSON file → documents as plain data, each with its place. */
import { desiredErrors } from '../errors/desired.ts'
import type { Json } from '../json.ts'
import { compose } from './compose.ts'
import { Converter } from './convert.ts'
import { defaultLimits, type ParseLimits } from './limits.ts'
import { Lines } from './lines.ts'
import { type Located, locate } from './locate.ts'
import { readPlain } from './plain.ts'
import { type FileProblem, type Position, problemAt } from './problems.ts'
import { decode } from './text.ts'

export { defaultLimits, limitsFor, type ParseLimits } from './limits.ts'
export type { Located } from './locate.ts'
export { type FileProblem, type Position, problemAt, shown } from './problems.ts'

/** One document of a file; line and column are where its content begins. */
export interface ParsedDocument extends Position {
  readonly value: Json
  /** Which document of the file, counted from 0 with empty ones. */
  readonly index: number
}

/** A file as data. Knows nothing of where it lies, so one parse serves every path with the same content. */
export interface ParsedFile {
  /** Documents without mistakes; empty ones are left out. */
  readonly documents: readonly ParsedDocument[]
  /** Every mistake found, by place; the last one counts the rest when there are many. */
  readonly problems: readonly FileProblem[]
  /** Size of the content. */
  readonly bytes: number
  /** Where a field stands, or its nearest parent. Costs as much as parsing: for telling mistakes. */
  locate(index: number, path: readonly (string | number)[]): Located
}

/**
 * Parses YAML 1.2 (core schema), or JSON, of which YAML is a superset: `no`, `off`, `1:30` and `2024-01-01` are strings, `010` is ten,
 * `0o10` is eight, only `true` and `false` (also `True`, `TRUE` …) are booleans. Throws nothing: every mistake is a problem. Takes bounded
 * time and memory for any content.
 */
export function parseFile(content: Uint8Array | string, limits: ParseLimits = defaultLimits): ParsedFile {
  const bytes = content.length
  const decoded = decode(content, limits)
  if (!decoded.ok) return refusedFile(decoded.problem, bytes)
  const { text } = decoded
  const plain = readPlain(text, limits)
  if (plain !== undefined) {
    const documents = [{ value: plain.value, index: 0, ...new Lines(text).at(plain.offset) }]
    return { documents, problems: [], bytes, locate: locator(text, limits) }
  }
  const composed = compose(text, limits)
  const converter = new Converter(limits)
  const lines = new Lines(text)
  const documents: ParsedDocument[] = []
  for (const [index, document] of composed.documents.entries()) {
    const root = document?.contents
    if (root === undefined || root === null) continue
    const value = converter.convert(root)
    if (value !== undefined && value !== null && !composed.misread.has(index))
      documents.push({ value, index, ...lines.at(root.range[0]) })
  }
  const mistakes = [...composed.problems, ...converter.problems].sort((a, b) => a.offset - b.offset)
  const problems = mistakes.slice(0, limits.problemsMax).map(({ offset, error }) => problemAt(lines.at(offset), error))
  const more = mistakes.length - problems.length
  const last = problems.at(-1)
  if (more > 0 && last !== undefined) problems.push(problemAt(last, desiredErrors.more({ count: more })))
  return { documents, problems, bytes, locate: locator(text, limits) }
}

/** A function of its own, so that the file keeps its text and nothing else alive: parsed nodes are fifty times as large. */
function locator(text: string, limits: ParseLimits): ParsedFile['locate'] {
  return (index, path) => locate(text, index, path, limits)
}

/** As `locate` of a file that was parsed elsewhere, from its content. */
export function locatorOf(content: Uint8Array, limits: ParseLimits): ParsedFile['locate'] {
  return (index, path) => {
    const decoded = decode(content, limits)
    return decoded.ok ? locate(decoded.text, index, path, limits) : { line: 1, column: 1, found: 0 }
  }
}

/** A file that could not be read at all. */
export function refusedFile(problem: FileProblem, bytes: number): ParsedFile {
  const { line, column } = problem
  return { documents: [], problems: [problem], bytes, locate: () => ({ line, column, found: 0 }) }
}
