import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { FieldChange, Resource } from '../vocabulary.ts'

/** Fields of a layer whose change breaks those who read it, in both resource forms; the name is what people are told. */
const FIXED_FIELDS: readonly (readonly [pointer: string, name: string])[] = [
  ['/spec/geometryType', 'geometry type'],
  ['/spec/srid', 'SRID'],
  ['/spec/storage/srid', 'SRID'],
  ['/spec/tableName', 'table'],
  ['/spec/schemaName', 'schema'],
  ['/spec/storage/table', 'table'],
  ['/spec/geometryField', 'geometry column'],
  ['/spec/geometryColumn', 'geometry column'],
  ['/spec/storage/geometryColumn', 'geometry column'],
  ['/spec/idField', 'id field'],
  ['/spec/storage/primaryKey', 'primary key'],
]

/** Why readers of the resource may break by this update, in plain words; empty when they do not. Source: HONUA-API, seed's IsBreaking. */
export function breakingReasons(live: Resource, desired: Resource, fields: readonly FieldChange[]): readonly string[] {
  const reasons = new Set<string>()
  for (const change of fields) {
    const fixed = FIXED_FIELDS.find(([pointer]) => pointer === change.pointer)
    // A field that was not there before breaks nobody: v1alpha1 servers learn of it by the update.
    if (fixed !== undefined && change.before !== undefined)
      reasons.add(`${fixed[1]} changes from ${told(change.before)} to ${told(change.after)}`)
  }
  for (const reason of fieldReasons(fieldsOf(live.spec), fieldsOf(desired.spec))) reasons.add(reason)
  return [...reasons]
}

/** What a removed, retyped or tightened field of a layer means for its readers. */
function fieldReasons(
  before: ReadonlyMap<string, JsonObject>,
  after: ReadonlyMap<string, JsonObject>,
): readonly string[] {
  if (before.size === 0 || after.size === 0) return []
  return [...before].flatMap(([name, old]) => {
    const now = after.get(name)
    if (now === undefined) return [`field "${name}" is removed`]
    const reasons: string[] = []
    if (old['type'] !== now['type'])
      reasons.push(`field "${name}" changes its type from ${told(old['type'])} to ${told(now['type'])}`)
    if (old['nullable'] !== false && now['nullable'] === false) reasons.push(`field "${name}" may no longer be empty`)
    return reasons
  })
}

function fieldsOf(spec: JsonObject): ReadonlyMap<string, JsonObject> {
  const list = spec['fields']
  const fields = new Map<string, JsonObject>()
  if (!Array.isArray(list)) return fields
  for (const item of list as readonly Json[]) {
    const name = isJsonObject(item) ? item['name'] : undefined
    if (isJsonObject(item) && typeof name === 'string') fields.set(name, item)
  }
  return fields
}

function told(value: Json | undefined): string {
  return value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
}
