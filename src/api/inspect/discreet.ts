import { concealed } from '../../core/diff/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Shown, Step } from './actors.ts'

/** Takes every known secret out of a text. */
export type Hide = (text: string) => string

/** A step with all secrets hidden: by their names as in plans, and by their values as in logs. */
export function discreetStep({ actor, event, sequence }: Step, hide: Hide): Step {
  return { actor: discreet(actor, hide), event: hiddenObject(event, hide), sequence }
}

export function discreet(actor: Shown, hide: Hide): Shown {
  return { ...actor, context: hiddenObject(actor.context, hide) }
}

function hiddenObject(value: JsonObject, hide: Hide): JsonObject {
  const shown = hidden(concealed(value), hide)
  return isJsonObject(shown) ? shown : {}
}

/** Before anything is made JSON of: inside of JSON inside of JSON a value has a form that nobody looks for. */
function hidden(value: Json, hide: Hide): Json {
  if (typeof value === 'string') return hide(value)
  if (Array.isArray(value)) return value.map((item: Json) => hidden(item, hide))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [hide(key), hidden(item, hide)]))
}
