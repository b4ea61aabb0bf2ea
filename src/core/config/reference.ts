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
  const rows: string[] = []
  describe('', configJsonSchema(), rows)
  return [
    '# Configuration',
    '',
    'Made from the schema; `honua schema` prints it for editors, `honua controller validate FILE` checks a file.',
    'Durations are `500ms`, `30s`, `5m`, `1h`, `1d`, or sums such as `1h30m`. `${NAME}` stands for a secret.',
    '',
    '| key | type | default | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function describe(path: string, schema: Json | undefined, rows: string[]): void {
  if (!isJsonObject(schema)) return
  const options = schema['oneOf'] ?? schema['anyOf']
  if (Array.isArray(options)) for (const option of options) describe(path, option, rows)
  const { properties, additionalProperties, items } = schema
  if (isJsonObject(properties))
    for (const [key, inner] of Object.entries(properties)) {
      const full = path === '' ? key : `${path}.${key}`
      if (isJsonObject(inner)) addRow(rows, row(full, inner))
      describe(full, inner, rows)
    }
  if (isJsonObject(additionalProperties)) describe(`${path}.<name>`, additionalProperties, rows)
  if (isJsonObject(items)) describe(`${path}[]`, items, rows)
}

function addRow(rows: string[], text: string): void {
  if (!rows.includes(text)) rows.push(text)
}

function row(path: string, schema: JsonObject): string {
  const values = Array.isArray(schema['enum'])
    ? schema['enum'].map((value: Json) => `\`${String(value)}\``).join(', ')
    : undefined
  const constant = schema['const'] === undefined ? undefined : `\`${String(schema['const'])}\``
  const type = values ?? constant ?? (typeof schema['type'] === 'string' ? schema['type'] : 'one of')
  const fallback = schema['default']
  const told = fallback === undefined || isJsonObject(fallback) ? '' : `\`${JSON.stringify(fallback)}\``
  return `| \`${path}\` | ${type} | ${told} | ${typeof schema['description'] === 'string' ? schema['description'] : ''} |`
}
