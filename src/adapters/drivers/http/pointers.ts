/** JSON Pointers (RFC 6901) on plain data: reading, putting and taking away, each giving a new value. */
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'

/** The value at `pointer`; undefined where there is none. */
export function at(value: Json | undefined, pointer: string): Json | undefined {
  return segments(pointer).reduce<Json | undefined>((parent, segment) => {
    if (Array.isArray(parent)) {
      const items: readonly Json[] = parent
      return /^(0|[1-9]\d*)$/.test(segment) ? items[Number(segment)] : undefined
    }
    return isJsonObject(parent) && Object.hasOwn(parent, segment) ? parent[segment] : undefined
  }, value)
}

/** `value` with `put` at `pointer`; objects on the way are made where there are none. Lists on the way are replaced by objects. */
export function withAt(value: Json | undefined, pointer: string, put: Json): Json {
  return placed(value, segments(pointer), put)
}

/** `object` without what stands at `pointer`, and without the objects around it that this leaves empty. */
export function without(object: JsonObject, pointer: string): JsonObject {
  return taken(object, segments(pointer))
}

function placed(value: Json | undefined, path: readonly string[], put: Json): Json {
  const [head, ...rest] = path
  if (head === undefined) return put
  const fields = isJsonObject(value) ? value : {}
  const inner = Object.hasOwn(fields, head) ? fields[head] : undefined
  return withField(fields, head, placed(inner, rest, put))
}

function taken(object: JsonObject, path: readonly string[]): JsonObject {
  const [head, ...rest] = path
  if (head === undefined || !Object.hasOwn(object, head)) return object
  const inner = object[head]
  const left = rest.length > 0 && isJsonObject(inner) ? taken(inner, rest) : null
  if (rest.length > 0 && left === inner) return object
  if (rest.length > 0 && left === null) return object
  return left === null || Object.keys(left).length === 0
    ? Object.fromEntries(Object.entries(object).filter(([key]) => key !== head))
    : withField(object, head, left)
}

/** Never by assignment: a field may be called `__proto__`. */
function withField(object: JsonObject, name: string, value: Json): JsonObject {
  return Object.fromEntries([...Object.entries(object).filter(([key]) => key !== name), [name, value]])
}

function segments(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}
