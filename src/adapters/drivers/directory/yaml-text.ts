import type { Json, JsonObject } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'
import type { Resource } from '../../../core/vocabulary.ts'

/** Texts that stand without quotes: a word that no YAML version reads as anything but text. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_./-]*$/
const NOT_TEXT = /^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i
/** JSON leaves these as they are, YAML wants them escaped. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g

/**
 * A resource as a YAML 1.2 document: `apiVersion`, `kind`, `metadata` with name and namespace first, `spec`; other keys sorted by
 * code unit. Equal content gives equal bytes.
 */
export function yamlOfResource(resource: Resource): string {
  const { apiVersion, kind, namespace, name, metadata, spec } = resource
  const lines: string[] = [`apiVersion: ${scalar(apiVersion)}`, `kind: ${scalar(kind)}`, 'metadata:']
  lines.push(`  name: ${scalar(name)}`, `  namespace: ${scalar(namespace)}`)
  pushFields(lines, metadata, '  ')
  pushField(lines, '', 'spec', spec)
  return `${lines.join('\n')}\n`
}

function pushFields(lines: string[], object: JsonObject, indent: string): void {
  for (const key of Object.keys(object).sort()) {
    const value = object[key]
    if (value !== undefined) pushField(lines, indent, key, value)
  }
}

function pushField(lines: string[], indent: string, key: string, value: Json): void {
  const head = `${indent}${scalar(key)}:`
  if (isNested(value)) {
    lines.push(head)
    pushNested(lines, value, `${indent}  `)
  } else {
    lines.push(`${head} ${flat(value)}`)
  }
}

function pushNested(lines: string[], value: JsonObject | readonly Json[], indent: string): void {
  if (!isArray(value)) {
    pushFields(lines, value, indent)
    return
  }
  for (const item of value) {
    if (isNested(item)) {
      const at = lines.length
      pushNested(lines, item, `${indent}  `)
      // The first line of an item stands behind its dash: `- name: x`.
      lines[at] = `${indent}- ${(lines[at] ?? '').slice(indent.length + 2)}`
    } else {
      lines.push(`${indent}- ${flat(item)}`)
    }
  }
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** True for an object or array with something in it; empty ones are written in flow style. */
function isNested(value: Json): value is JsonObject | readonly Json[] {
  if (isArray(value)) return value.length > 0
  return isJsonObject(value) && Object.keys(value).length > 0
}

function flat(value: Json): string {
  if (typeof value === 'string') return scalar(value)
  if (isArray(value)) return '[]'
  if (isJsonObject(value)) return '{}'
  return JSON.stringify(Object.is(value, -0) ? 0 : value)
}

function scalar(text: string): string {
  if (PLAIN.test(text) && !NOT_TEXT.test(text)) return text
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
