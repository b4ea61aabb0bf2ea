import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { suggest } from '../suggest.ts'
import type { Problem } from '../vocabulary.ts'
import { type ControllerConfig, configSchema } from './schema.ts'

/** A configuration larger than this is no configuration, in characters. */
const CONFIG_LENGTH_MAX = 1024 * 1024

export interface Loaded {
  /** Null when there is any problem: all or nothing. */
  readonly config: ControllerConfig | null
  readonly problems: readonly Problem[]
  /** What is accepted but does nothing yet, a sentence each. */
  readonly inactive: readonly string[]
}

/** Reads a configuration file's text. Every mistake is reported with its place; no value that could be a secret is repeated. */
export function loadConfig(text: string, file: string): Loaded {
  if (text.length > CONFIG_LENGTH_MAX)
    return failed([problem('HONUA_CONFIG_TOO_LARGE', `it is larger than ${CONFIG_LENGTH_MAX} characters`, file, 1, 1)])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: false, version: '1.2', stringKeys: true })
  const faults = [...document.errors, ...document.warnings]
  if (faults.length > 0)
    return failed(
      faults.map((fault) => {
        const { line, col } = lines.linePos(fault.pos[0])
        return problem('HONUA_CONFIG_SYNTAX', fault.message.split('\n')[0] ?? 'not YAML', file, line, col)
      }),
    )
  const plain = plainValue(document)
  if (plain === null)
    return failed([
      problem(
        'HONUA_CONFIG_SYNTAX',
        'an alias (*) stands for nothing, or there are more than 20; write the values out',
        file,
        1,
        1,
      ),
    ])
  const parsed = configSchema.safeParse(plain.value)
  const place = (path: readonly PropertyKey[], atKey: boolean) => placeOf(document, lines, path, atKey)
  const problems = parsed.success ? [] : parsed.error.issues.flatMap((issue) => issueProblems(issue, file, place))
  const { data } = parsed
  if (data !== undefined) problems.push(...crossChecks(data, file, place))
  if (data === undefined || problems.length > 0) return failed(problems)
  return { config: data, problems: [], inactive: inactiveParts(data) }
}

/** `file:line:column sentence`, as compilers print it. */
export function formatProblem({ location, message }: Problem): string {
  return location === null ? message : `${location.path}:${location.line}:${location.column} ${message}`
}

type Place = (path: readonly PropertyKey[], atKey: boolean) => Spot

/** Where something stands in the file, and the scalar that stands there. */
interface Spot {
  readonly line: number
  readonly column: number
  readonly value?: unknown
}

function failed(problems: readonly Problem[]): Loaded {
  return { config: null, problems, inactive: [] }
}

function problem(code: string, message: string, path: string, line: number, column: number): Problem {
  return { code, message, location: { path, line, column } }
}

/** Aliases would let a small file grow; a configuration needs none, so a few are plenty. Null when one stands for nothing, or there are too many. */
function plainValue(document: Document.Parsed): { readonly value: unknown } | null {
  try {
    return { value: document.toJS({ maxAliasCount: 20 }) }
  } catch (error) {
    if (error instanceof ReferenceError) return null
    throw error
  }
}

function issueProblems(issue: z.core.$ZodIssue, file: string, place: Place): readonly Problem[] {
  const at = issue.path
  const name = at.join('.')
  const told = (message: string, path: readonly PropertyKey[], atKey: boolean) => {
    const { line, column } = place(path, atKey)
    return problem('HONUA_CONFIG_INVALID', message, file, line, column)
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      told(`${[...at, key].join('.')}: unknown key${meant(key, knownKeys(at))}`, [...at, key], true),
    )
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => told(`${name}: ${inner.message}`, at, true))
  const choice = choiceOf(issue)
  if (choice.length > 1) {
    const given = place(at, false).value
    const hint = typeof given === 'string' ? meant(given, choice) : ''
    return [told(`${name}: expected one of ${choice.join(', ')}${hint}`, at, false)]
  }
  return [
    told(`${name === '' ? 'the configuration' : name}: ${issue.message.replace(/^Invalid input: /, '')}`, at, false),
  ]
}

/** The words that could stand at the place of an issue; empty when it is not about a choice. */
function choiceOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  // Of a union told apart by a key, zod names the possible values in its sentence only.
  const isChoice = issue.code === 'invalid_union' && 'discriminator' in issue
  return isChoice ? [...issue.message.matchAll(/'([^']+)'/g)].map(([, word = '']) => word) : []
}

function meant(word: string, known: readonly string[]): string {
  const found = suggest(word, known)
  return found === undefined ? '' : `; did you mean "${found}"?`
}

/** The keys that the schema knows at a path, environments and lists seen through. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = configSchema
  for (const segment of path) schema = inner(schema, segment)
  return keysOf(schema)
}

interface SchemaDef {
  readonly type?: string
  readonly shape?: { readonly [key: string]: unknown }
  readonly innerType?: unknown
  readonly in?: unknown
  readonly element?: unknown
  readonly valueType?: unknown
  readonly options?: readonly unknown[]
}

function defOf(schema: unknown): SchemaDef {
  if (typeof schema !== 'object' || schema === null || !('def' in schema)) return {}
  const { def } = schema
  return typeof def === 'object' && def !== null ? def : {}
}

function unwrapped(schema: unknown): unknown {
  const { innerType, in: input } = defOf(schema)
  const next = innerType ?? input
  return next === undefined ? schema : unwrapped(next)
}

function inner(schema: unknown, segment: PropertyKey): unknown {
  const def = defOf(unwrapped(schema))
  if (def.shape !== undefined) return def.shape[String(segment)]
  if (def.options !== undefined)
    return def.options.map((option) => inner(option, segment)).find((found) => found !== undefined)
  return def.element ?? def.valueType
}

function keysOf(schema: unknown): readonly string[] {
  const def = defOf(unwrapped(schema))
  if (def.shape !== undefined) return Object.keys(def.shape)
  return (def.options ?? []).flatMap(keysOf)
}

/** Where a value stands, or its key; the nearest parent where the value is missing. */
function placeOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[], atKey: boolean): Spot {
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length).map((segment) => (typeof segment === 'symbol' ? String(segment) : segment))
    const isWhole = length === path.length
    const node =
      atKey && isWhole ? keyNode(document, part) : length === 0 ? document.contents : document.getIn(part, true)
    const start = isNode(node) ? node.range?.[0] : undefined
    if (start !== undefined) {
      const { line, col } = lines.linePos(start)
      return { line, column: col, ...(isWhole && isScalar(node) ? { value: node.value } : {}) }
    }
  }
  return { line: 1, column: 1 }
}

function keyNode(document: Document.Parsed, path: readonly (string | number)[]): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  return parent.items.find((pair) => isScalar(pair.key) && pair.key.value === path.at(-1))?.key
}

/** Rules over more than one key. */
function crossChecks({ spec }: ControllerConfig, file: string, place: Place): readonly Problem[] {
  const problems: Problem[] = []
  const tell = (path: readonly PropertyKey[], message: string) => {
    const { line, column } = place(path, false)
    problems.push(problem('HONUA_CONFIG_INVALID', message, file, line, column))
  }
  if (spec.sync !== undefined && spec.environments !== undefined)
    tell(['spec', 'environments'], 'spec.environments is another word for spec.sync; give one of them')
  const names = new Set<string>()
  for (const [at, target] of spec.targets.entries()) {
    if (names.has(target.name))
      tell(['spec', 'targets', at, 'name'], `spec.targets.${at}.name: another target is called "${target.name}" too`)
    names.add(target.name)
    if (target.driver === 'directory' && !target.path.includes('{environment}') && target.environments?.length !== 1)
      tell(
        ['spec', 'targets', at, 'path'],
        `spec.targets.${at}.path: two environments would deploy to one folder; put {environment} into the path, or name one environment`,
      )
  }
  if ((spec.sync ?? spec.environments)?.['common'] !== undefined)
    tell(
      ['spec', spec.sync === undefined ? 'environments' : 'sync', 'common'],
      '"common" is the base of every environment and cannot be one itself',
    )
  return problems
}

function inactiveParts({ spec }: ControllerConfig): readonly string[] {
  return [
    ...(spec.git.webhook.enabled
      ? ['spec.git.webhook is accepted but not active yet: changes are found by polling']
      : []),
    ...(spec.notifications.slack?.enabled === true
      ? ['spec.notifications.slack is accepted but not active yet: nothing is sent']
      : []),
    ...(spec.health.checks.length > 0
      ? ['spec.health.checks is accepted but not active yet: see honua controller status']
      : []),
  ]
}
