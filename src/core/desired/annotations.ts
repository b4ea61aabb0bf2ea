import { shown } from '../documents/index.ts'
import { isJsonObject, type Json } from '../json.ts'
import { suggest } from '../suggest.ts'

const PREFIX = 'gitops.honua.io/'

interface Rule {
  readonly expected: string
  readonly accepts: (value: string) => boolean
}

/** Annotations that steer the controller. */
const RULES: ReadonlyMap<string, Rule> = new Map([
  [
    `${PREFIX}wave`,
    { expected: 'a whole number in quotes, such as "5"', accepts: (value: string) => /^-?\d{1,6}$/.test(value) },
  ],
  [
    `${PREFIX}prune`,
    { expected: '"true" or "false", in quotes', accepts: (value: string) => /^(true|false)$/.test(value) },
  ],
])

/** Those of our annotations whose value is not what they take. Null is accepted: in an overlay it deletes. */
export function badAnnotations(
  annotations: Json | undefined,
): readonly { readonly name: string; readonly expected: string }[] {
  if (!isJsonObject(annotations)) return []
  return [...RULES].flatMap(([name, { expected, accepts }]) => {
    const value = Object.hasOwn(annotations, name) ? annotations[name] : null
    return value === null || (typeof value === 'string' && accepts(value)) ? [] : [{ name, expected }]
  })
}

/** What to say of annotations that look like ours and are not. */
export function annotationNotes(annotations: Json | undefined): readonly string[] {
  if (!isJsonObject(annotations)) return []
  return Object.keys(annotations).flatMap((name) => {
    if (!name.startsWith(PREFIX) || RULES.has(name)) return []
    const meant = suggest(name, [...RULES.keys()])
    return [
      `the annotation ${shown(name)} means nothing to the controller${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    ]
  })
}
