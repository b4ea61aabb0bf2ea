import { isJsonObject, type Json } from '../json.ts'

/** Keys and positions from the root of the configuration. */
export type Path = readonly (string | number)[]

/** One mistake, before its place in the text is known. */
export interface Finding {
  /** What is wrong; for a missing key, where it should stand. */
  readonly path: Path
  /** What is wrong with it, without the path. */
  readonly message: string
  /** The key is wrong, not its value. */
  readonly atKey?: boolean
}

/** The plain value at a path; undefined where there is none. */
export function valueAt(root: Json, path: Path): Json | undefined {
  let value: Json | undefined = root
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined
    else value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }
  return value
}

/** Every text of a plain value, with its path. */
export function* textsOf(value: Json | undefined, path: Path = []): Generator<{ path: Path; text: string }> {
  if (typeof value === 'string') yield { path, text: value }
  else if (Array.isArray(value)) for (const [at, item] of value.entries()) yield* textsOf(item, [...path, at])
  else if (isJsonObject(value)) for (const [key, item] of Object.entries(value)) yield* textsOf(item, [...path, key])
}
