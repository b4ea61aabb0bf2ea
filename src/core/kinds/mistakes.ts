import type { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** One thing wrong with a spec. `path` leads to it from the spec's root; `reason` follows the field's name in a sentence. */
export interface SpecMistake {
  readonly path: readonly (string | number)[]
  readonly reason: string
}

/** More than these of one resource help nobody. */
const MISTAKES_MAX = 20

/** What is wrong with a spec, told without any of its values; at most MISTAKES_MAX. */
export function specMistakes(schema: z.ZodType, spec: JsonObject): readonly SpecMistake[] {
  const result = schema.safeParse(spec)
  if (result.success) return []
  return result.error.issues.slice(0, MISTAKES_MAX).map((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
    const value = valueAt(spec, path)
    return { path, reason: value === undefined ? 'is missing' : reasonOf(issue, value) }
  })
}

function reasonOf(issue: z.core.$ZodIssue, value: Json): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'int' && typeof value === 'number') return 'must be a whole number'
      return `must be ${EXPECTED.get(issue.expected) ?? issue.expected}, not ${typeName(value)}`
    case 'too_small':
      return typeof value === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`
    case 'too_big':
      return `must be at most ${issue.maximum}`
    default:
      return issue.message
  }
}

const EXPECTED: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a sequence'],
  ['object', 'a mapping'],
])

/** How a value's type is called in messages; the value itself may be a secret. */
export function typeName(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a sequence'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'number') return 'a number'
  return typeof value === 'boolean' ? 'true or false' : 'a mapping'
}

function valueAt(root: Json, path: readonly (string | number)[]): Json | undefined {
  let value: Json | undefined = root
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step]
    else if (isJsonObject(value) && Object.hasOwn(value, step)) value = value[step]
    else return undefined
  }
  return value
}
