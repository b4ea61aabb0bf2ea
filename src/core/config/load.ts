import { defaultLimits, type FileProblem, parseFile } from '../documents/index.ts'
import type { Json } from '../json.ts'
import { visible } from '../render/index.ts'
import type { Problem } from '../vocabulary.ts'
import type { Finding } from './finding.ts'
import { findingsOf, pathText } from './issues.ts'
import { notesOn } from './notes.ts'
import { placesIn } from './places.ts'
import { brokenRules } from './rules.ts'
import { type ControllerConfig, configSchema } from './schema.ts'

/** A configuration larger than this is no configuration; in bytes, or in characters of a text. */
export const CONFIG_SIZE_MAX = 1024 * 1024
const LIMITS = { ...defaultLimits, bytesMax: CONFIG_SIZE_MAX, problemsMax: 100 }

export interface Loaded {
  /** Null when there is any problem: all or nothing. */
  readonly config: ControllerConfig | null
  readonly problems: readonly Problem[]
  /** What is accepted but does nothing yet, a sentence each. */
  readonly notes: readonly string[]
}

/**
 * Reads a configuration file's content, UTF-8 when given as bytes. Throws nothing: all mistakes are reported at once, each with its
 * place. No value that could be a secret is repeated. Takes bounded time for any content.
 */
export function loadConfig(content: Uint8Array | string, file: string): Loaded {
  if (content.length > CONFIG_SIZE_MAX)
    return failed([at(file, START, 'HONUA_CONFIG_TOO_LARGE', `it is larger than ${CONFIG_SIZE_MAX} bytes`)])
  const parsed = parseFile(content, LIMITS)
  if (parsed.problems.length > 0) return failed(parsed.problems.map((problem) => syntaxProblem(problem, file)))
  const [first, second] = parsed.documents
  if (second !== undefined)
    return failed([at(file, second, 'HONUA_CONFIG_SYNTAX', 'expected one document, found another one here')])
  return checked(first?.value ?? null, textOf(content), file)
}

/** `file:line:column sentence`, as compilers print it. */
export function formatProblem({ location, message }: Problem): string {
  return location === null ? message : `${location.path}:${location.line}:${location.column} ${message}`
}

const START = { line: 1, column: 1 }

function checked(root: Json, text: string, file: string): Loaded {
  const result = configSchema.safeParse(root)
  const issues = result.success ? [] : result.error.issues
  const findings = distinct([...issues.flatMap((issue) => findingsOf(issue, root)), ...brokenRules(root)])
  if (result.success && findings.length === 0) return { config: result.data, problems: [], notes: notesOn(result.data) }
  return failed(located(findings, text, file))
}

/** In the order of the file; the last problem counts the rest where there are many. */
function located(findings: readonly Finding[], text: string, file: string): readonly Problem[] {
  const placeOf = placesIn(text, LIMITS)
  const all = findings
    .map((finding) => ({ finding, place: placeOf(finding) }))
    .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  const problems = all
    .slice(0, LIMITS.problemsMax)
    .map(({ finding: { path, message }, place }) =>
      at(file, place, 'HONUA_CONFIG_INVALID', `${pathText(path)}: ${message}`),
    )
  const more = all.length - problems.length
  const last = all.at(-1)
  if (more > 0 && last !== undefined)
    problems.push(at(file, last.place, 'HONUA_CONFIG_INVALID', `and ${more} more problems, up to here`))
  return problems
}

/** A missing key may be found twice, by the schema and by a rule. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ path }) => {
    const key = JSON.stringify(path)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function syntaxProblem(problem: FileProblem, file: string): Problem {
  return at(file, problem, 'HONUA_CONFIG_SYNTAX', problem.message)
}

function at(
  path: string,
  { line, column }: { readonly line: number; readonly column: number },
  code: string,
  message: string,
): Problem {
  return { code, message: visible(message), location: { path, line, column } }
}

function failed(problems: readonly Problem[]): Loaded {
  return { config: null, problems, notes: [] }
}

/** The text that was parsed, without its byte order mark: offsets count from there. */
function textOf(content: Uint8Array | string): string {
  return typeof content === 'string' ? content.replace(/^\ufeff/, '') : new TextDecoder().decode(content)
}
