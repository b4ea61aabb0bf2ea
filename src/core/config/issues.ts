/** The schema's issues in our words: expected, got, and what was probably meant. */
import type { z } from 'zod'
import { shown } from '../documents/index.ts'
import type { Json } from '../json.ts'
import { didYouMean } from '../suggest.ts'
import { type Finding, type Path, valueAt } from './finding.ts'
import { homeOf, knownKeys } from './keys.ts'
import { got, kindOf } from './words.ts'

type Issue = z.core.$ZodIssue

/** What the schema calls a type, as people call it. */
const TYPES: { readonly [type: string]: string } = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
}
/** Values of these keys are never shown, not even a short word. */
const SECRET_KEYS = new Set<string | number | undefined>(['secret', 'secretRef', 'webhook', 'url', 'username'])

/** One issue as findings: several unknown keys of one mapping are several. `root` is the configuration as it was read. */
export function findingsOf(issue: Issue, root: Json): readonly Finding[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, path), atKey: true }))
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => ({ path, message: inner.message, atKey: true }))
  const value = valueAt(root, path)
  if (value === undefined && path.length > 0) return [{ path, message: missing(issue) }]
  return [{ path, message: sentenceOf(issue, path, value) }]
}

function missing(issue: Issue): string {
  const words = choiceOf(issue)
  return words.length === 0 ? 'it is missing' : `it is missing; expected ${choiceText(words)}`
}

function unknownKey(key: string, path: Path): string {
  const hint = didYouMean(key, knownKeys(path))
  const home = hint === '' ? homeOf(key) : undefined
  return `unknown key${home === undefined ? hint : `; it belongs to ${home}`}`
}

function sentenceOf(issue: Issue, path: Path, value: Json | undefined): string {
  switch (issue.code) {
    case 'invalid_value':
    case 'invalid_union':
      return expectedOneOf(choiceOf(issue), value)
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'it is empty'
        : `expected at least ${issue.minimum}, ${gotAt(path, value)}`
    case 'too_big':
      return `expected at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : `, ${gotAt(path, value)}`}`
    case 'invalid_type':
      return isOurs(issue.message)
        ? withGot(issue.message, path, value)
        : `expected ${TYPES[issue.expected] ?? issue.expected}, ${gotInstead(issue.expected, path, value)}`
    default:
      return withGot(issue.message, path, value)
  }
}

/** The words that may stand at the place of an issue; none when it is not about a choice. */
function choiceOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code === 'invalid_union' && 'options' in issue) return issue.options.map(String)
  return []
}

function choiceText(words: readonly string[]): string {
  return words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`
}

function expectedOneOf(words: readonly string[], value: Json | undefined): string {
  const choice = choiceText(words)
  if (typeof value !== 'string') return `expected ${choice}, got ${kindOf(value)}`
  return `expected ${choice}${words.length === 1 ? '' : didYouMean(value, words)}`
}

/** Our own sentences begin in lower case, those of the library do not. */
function isOurs(message: string): boolean {
  return message.startsWith('expected')
}

/** Puts what was found behind `expected …`, before the hint; other sentences stand as they are. */
function withGot(message: string, path: Path, value: Json | undefined): string {
  if (!isOurs(message) || message.includes(', got ') || SECRET_KEYS.has(path.at(-1))) return message
  return message.replace(/^[^;]*/, (sentence) => `${sentence}, ${gotAt(path, value)}`)
}

function gotAt(path: Path, value: Json | undefined): string {
  return `got ${SECRET_KEYS.has(path.at(-1)) ? kindOf(value) : got(value)}`
}

/** A text where a mapping or list should be may be the secret that belongs into it. */
function gotInstead(expected: string, path: Path, value: Json | undefined): string {
  const isScalar = expected !== 'object' && expected !== 'record' && expected !== 'array'
  return isScalar ? gotAt(path, value) : `got ${kindOf(value)}`
}

/** `spec.git.poll.interval`, as the messages and the reference write it. Odd keys are quoted, so that none can act on a screen. */
export function pathText(path: Path): string {
  if (path.length === 0) return 'the configuration'
  return path.map((step) => (/^[A-Za-z0-9_-]{1,80}$/.test(String(step)) ? String(step) : shown(String(step)))).join('.')
}
