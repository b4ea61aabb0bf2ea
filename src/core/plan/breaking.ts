import { canonicalJson } from '../canonical.ts'
import { areOnOneLine, type Ignoring, pointerTo, valueAt } from '../diff/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { FieldChange, Resource } from '../vocabulary.ts'

/** What readers of a layer rely on: its name for people, and where it stands in either resource form. */
const FIXED: readonly (readonly [name: string, ...pointers: string[]])[] = [
  ['geometry type', '/spec/geometryType'],
  ['SRID', '/spec/srid', '/spec/storage/srid'],
  ['table', '/spec/tableName', '/spec/storage/table'],
  ['schema', '/spec/schemaName', '/spec/storage/schema'],
  ['geometry column', '/spec/geometryField', '/spec/geometryColumn', '/spec/storage/geometryColumn'],
  ['id field', '/spec/idField'],
  ['primary key', '/spec/storage/primaryKey'],
]
const RELIED_ON = [...FIXED.flatMap(([, ...pointers]) => pointers), '/spec/fields']
/** A value is told up to this many characters. */
const TOLD_MAX = 60

/** Whether anything that readers rely on is among these changes: most are not, and need no closer look. */
export function mayBreak(fields: readonly FieldChange[]): boolean {
  return fields.some(({ pointer }) => RELIED_ON.some((relied) => areOnOneLine(pointer, relied)))
}

/**
 * Why readers of the resource may break by this update, in plain words; empty when they do not. What a target only now learns of
 * breaks nobody, and what is ignored is not changed. Source: HONUA-API, seed's IsBreaking.
 */
export function breakingReasons(live: Resource, desired: Resource, ignoring: Ignoring): readonly string[] {
  const reasons = new Set<string>()
  for (const [name, ...pointers] of FIXED)
    for (const pointer of pointers) {
      const before = valueAt(live, pointer)
      if (before === undefined) continue
      const after = valueAt(desired, pointer)
      if (isSame(before, after) || ignoring.covers(pointer)) continue
      const isMoved = pointers.some(
        (other) => valueAt(live, other) === undefined && isSame(before, valueAt(desired, other)),
      )
      if (!(after === undefined && isMoved)) reasons.add(`${name} changes from ${told(before)} to ${told(after)}`)
    }
  for (const reason of fieldReasons(live.spec, desired.spec, ignoring)) reasons.add(reason)
  return [...reasons]
}

/** What a removed, retyped or tightened field of a layer means for its readers. */
function fieldReasons(live: JsonObject, desired: JsonObject, ignoring: Ignoring): readonly string[] {
  const after = fieldsOf(desired)
  if (ignoring.covers('/spec/fields')) return []
  return [...fieldsOf(live)].flatMap(([name, old]) => {
    const pointer = pointerTo('/spec/fields', name)
    if (ignoring.covers(pointer)) return []
    const now = after.get(name)
    if (now === undefined) return [`field "${cut(name)}" is removed`]
    const reasons: string[] = []
    const [formerType, type] = [old['type'], now['type']]
    if (formerType !== undefined && !isSame(formerType, type) && !ignoring.covers(`${pointer}/type`))
      reasons.push(`field "${cut(name)}" changes its type from ${told(formerType)} to ${told(type)}`)
    if (old['nullable'] !== false && now['nullable'] === false && !ignoring.covers(`${pointer}/nullable`))
      reasons.push(`field "${cut(name)}" may no longer be empty`)
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

function isSame(before: Json | undefined, after: Json | undefined): boolean {
  if (before === after || before === undefined || after === undefined) return before === after
  return canonicalJson(before) === canonicalJson(after)
}

function told(value: Json | undefined): string {
  return value === undefined ? 'nothing' : cut(typeof value === 'string' ? value : JSON.stringify(value))
}

function cut(text: string): string {
  return text.length <= TOLD_MAX ? text : `${text.slice(0, TOLD_MAX).replace(/[\ud800-\udbff]$/, '')}…`
}
