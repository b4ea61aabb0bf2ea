/** What keys the schema knows, for hints. Reads zod's own description of a schema, which is looked at and never built upon. */
import { configSchema } from './schema.ts'

interface SchemaDef {
  readonly shape?: { readonly [key: string]: unknown }
  readonly innerType?: unknown
  readonly in?: unknown
  readonly element?: unknown
  readonly valueType?: unknown
  readonly options?: readonly unknown[]
}

/** The keys that may stand at a path, environments and lists seen through. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = configSchema
  for (const segment of path) schema = inner(schema, segment)
  return keysOf(schema)
}

/** The place, nearest to the root, where a key belongs; undefined when it belongs nowhere. */
export function homeOf(key: string): string | undefined {
  const homes = [...pathsOf(configSchema, [])].filter((path) => path.at(-1) === key)
  homes.sort((a, b) => a.length - b.length)
  return homes[0]?.join('.')
}

function defOf(schema: unknown): SchemaDef {
  if (typeof schema !== 'object' || schema === null || !('def' in schema)) return {}
  const { def } = schema
  return typeof def === 'object' && def !== null ? def : {}
}

/** Without defaults, optionality and transformations. */
function unwrapped(schema: unknown): unknown {
  const { innerType, in: input } = defOf(schema)
  const next = innerType ?? input
  return next === undefined ? schema : unwrapped(next)
}

function inner(schema: unknown, segment: PropertyKey): unknown {
  const { shape, options, element, valueType } = defOf(unwrapped(schema))
  const key = String(segment)
  if (shape !== undefined) return Object.hasOwn(shape, key) ? shape[key] : undefined
  if (options !== undefined) return options.map((option) => inner(option, segment)).find((found) => found !== undefined)
  return element ?? valueType
}

function keysOf(schema: unknown): readonly string[] {
  const { shape, options } = defOf(unwrapped(schema))
  return shape === undefined ? [...new Set((options ?? []).flatMap(keysOf))] : Object.keys(shape)
}

/** Every key of the schema with its way there; names of environments as `<name>`, items of lists left out. */
function* pathsOf(schema: unknown, way: readonly string[]): Generator<readonly string[]> {
  const { shape, options, element, valueType } = defOf(unwrapped(schema))
  for (const [key, value] of Object.entries(shape ?? {})) {
    yield [...way, key]
    yield* pathsOf(value, [...way, key])
  }
  for (const option of options ?? []) yield* pathsOf(option, way)
  if (element !== undefined) yield* pathsOf(element, way)
  if (valueType !== undefined) yield* pathsOf(valueType, [...way, '<name>'])
}
