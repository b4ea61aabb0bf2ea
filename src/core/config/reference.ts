import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { configSchema } from './schema.ts'

/** The configuration as JSON Schema (2020-12), for editors and `honua schema`. */
export function configJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' })
  return JSON.parse(JSON.stringify({ ...schema, title: 'Honua GitOps Controller configuration' }))
}

/** The reference page: every key with its type, default and meaning. */
export function configReference(): string {
  return [
    '# Configuration',
    '',
    'Made from the schema; `honua schema` prints it for editors, `honua controller validate FILE` checks a file.',
    'Unknown keys are mistakes. Lists are written `[]`, names of your choice `<name>`.',
    '',
    '- **Durations** are `500ms`, `30s`, `5m`, `1h`, `1d`, or sums such as `1h30m`.',
    '- **Secrets** belong outside this file. `secretRef` names one: a file of that name in `spec.secretsDir`, else the environment',
    '  variable of that name in capitals with `-` as `_`. `${NAME}` does the same inside `spec.git.webhook.secret` and',
    '  `spec.notifications.slack.webhook`; elsewhere it is a mistake, because other values are shown in states and logs.',
    '- **Reload**: the controller takes a changed file by itself, or on SIGHUP; all of it or, when there is a mistake, nothing. A change',
    '  of `spec.git`, `spec.dataDir`, `spec.socket`, `spec.secretsDir`, `spec.limits` or `spec.web` needs a restart and is refused',
    '  until then.',
    '- **Environments** that exist in the repository and are not named here need approval for everything, and nothing is deleted.',
    '',
    '| key | type | default | meaning |',
    '|---|---|---|---|',
    ...rowsOf([], configJsonSchema(), ''),
    '',
  ].join('\n')
}

/** Keys that mean the same as another one are described there. */
const DESCRIBED_ELSEWHERE = new Set(['spec.environments'])

/** Rows of all keys below `path`. `only` says in which kinds of an object they stand, where it has several. */
function rowsOf(path: readonly string[], schema: Json | undefined, only: string): readonly string[] {
  if (!isJsonObject(schema) || DESCRIBED_ELSEWHERE.has(path.join('.'))) return []
  const options = variantsOf(schema)
  if (options.length > 0) return variantRows(path, options, only)
  const { properties, additionalProperties, items } = schema
  if (isJsonObject(additionalProperties)) return rowsOf([...path, '<name>'], additionalProperties, only)
  if (isJsonObject(items)) return rowsOf([...path.slice(0, -1), `${path.at(-1) ?? ''}[]`], items, only)
  if (!isJsonObject(properties)) return []
  return Object.entries(properties).flatMap(([key, inner]) =>
    isJsonObject(inner)
      ? [row([...path, key], inner, isRequired(schema, key), only), ...rowsOf([...path, key], inner, only)]
      : [],
  )
}

interface Variant {
  readonly key: string
  readonly value: string
  readonly schema: JsonObject
}

/** The kinds of an object that is told apart by the constant value of one key. */
function variantsOf(schema: JsonObject): readonly Variant[] {
  const options = schema['oneOf'] ?? schema['anyOf']
  if (!Array.isArray(options)) return []
  return options.flatMap((option: Json) => {
    const properties = isJsonObject(option) ? option['properties'] : undefined
    if (!isJsonObject(option) || !isJsonObject(properties)) return []
    return Object.entries(properties)
      .filter(([, inner]) => isJsonObject(inner) && inner['const'] !== undefined)
      .map(([key, inner]) => ({ key, value: String(isJsonObject(inner) ? inner['const'] : ''), schema: option }))
  })
}

/** The key that tells the kinds apart, then each other key once, with the kinds that have it. */
function variantRows(path: readonly string[], variants: readonly Variant[], only: string): readonly string[] {
  const [first] = variants
  if (first === undefined) return []
  const meaning = variants
    .map(({ key, value, schema }) => `\`${value}\`: ${descriptionOf(propertyOf(schema, key))}`)
    .join(' ')
  const choice = variants.map(({ value }) => `\`${value}\``).join(', ')
  const rows = [`| \`${[...path, first.key].join('.')}\` | ${choice} | required | ${only}${meaning} |`]
  const keys = new Set(variants.flatMap(({ schema }) => Object.keys(propertiesOf(schema))))
  keys.delete(first.key)
  for (const key of keys) {
    const having = variants.filter(({ schema }) => Object.hasOwn(propertiesOf(schema), key))
    // The same key may be another thing in another variant.
    const things = new Set(having.map(({ schema }) => JSON.stringify(propertyOf(schema, key))))
    for (const thing of things) {
      const alike = having.filter(({ schema }) => JSON.stringify(propertyOf(schema, key)) === thing)
      const [one] = alike
      if (one === undefined) continue
      const inner = propertyOf(one.schema, key)
      const told =
        alike.length === variants.length ? only : `${only}${alike.map(({ value }) => `\`${value}\``).join(', ')} only. `
      // What stands below belongs to these alone where the others have something else there.
      const below = things.size > 1 ? told : only
      rows.push(row([...path, key], inner, isRequired(one.schema, key), told), ...rowsOf([...path, key], inner, below))
    }
  }
  return rows
}

function row(path: readonly string[], schema: JsonObject, required: boolean, only: string): string {
  const fallback = schema['default']
  const hasDefault = fallback !== undefined && !isJsonObject(fallback)
  const told = hasDefault ? `\`${JSON.stringify(fallback)}\`` : required ? 'required' : ''
  return `| \`${path.join('.')}\` | ${typeOf(schema)} | ${told} | ${only}${descriptionOf(schema)} |`
}

function typeOf(schema: JsonObject): string {
  const { enum: values, const: constant, type, items, minimum, maximum } = schema
  if (Array.isArray(values)) return values.map((value: Json) => `\`${String(value)}\``).join(', ')
  if (constant !== undefined) return `\`${String(constant)}\``
  if (type === 'array' && isJsonObject(items)) return `list of ${typeOf(items)}`
  if (type === 'integer') return `${String(minimum)} to ${String(maximum)}`
  return typeof type === 'string' ? (TYPE_WORDS[type] ?? type) : 'mapping'
}

const TYPE_WORDS: { readonly [type: string]: string } = {
  string: 'text',
  boolean: '`true`, `false`',
  object: 'mapping',
}

function isRequired({ required }: JsonObject, key: string): boolean {
  return Array.isArray(required) && required.includes(key)
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {}
}

function propertyOf(schema: JsonObject, key: string): JsonObject {
  const inner = propertiesOf(schema)[key]
  return isJsonObject(inner) ? inner : {}
}

function descriptionOf({ description }: JsonObject): string {
  return typeof description === 'string' ? description : ''
}
