/** Statecharts as the two families of inspectors want them told, made from the machines that run. */
import type { AnyStateMachine } from 'xstate'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** The machine's configuration as data, as Stately's own inspector makes it: a function is `{ type: its name }`. */
export function definitionOf({ config }: AnyStateMachine): JsonObject {
  return JSON.parse(
    JSON.stringify(config, (_, value: unknown) => (typeof value === 'function' ? { type: value.name } : value)),
  )
}

/**
 * The same for xstate 4: a guard is a `cond`, and guards and actions are told by their names, for that version has no parameters of
 * them. What `reenter` says is not told; our charts have neither `after` nor `invoke`.
 */
export function olderMachineOf(machine: AnyStateMachine): JsonObject {
  // As xstate 5 does it; without a word about it, that version warns.
  return { ...olderNode(definitionOf(machine)), predictableActionArguments: true }
}

function olderNode(node: JsonObject): JsonObject {
  const { id, description, tags, type, initial, states, on, always, entry, exit } = node
  return present({
    id,
    description,
    tags,
    type,
    initial,
    states: mapped(states, (inner) => (isJsonObject(inner) ? olderNode(inner) : inner)),
    on: mapped(on, olderTransitions),
    always: always === undefined ? undefined : olderTransitions(always),
    entry: namesOf(entry),
    exit: namesOf(exit),
  })
}

function olderTransitions(given: Json): Json {
  return listOf(given).map((one: Json) => {
    if (!isJsonObject(one)) return { target: one }
    const { target, guard, actions, description } = one
    return present({ target, cond: namesOf(guard)?.[0], actions: namesOf(actions), description })
  })
}

function namesOf(given: Json | undefined): readonly Json[] | undefined {
  if (given === undefined) return undefined
  return listOf(given).map((one: Json) => (isJsonObject(one) ? (one['type'] ?? '') : one))
}

function listOf(given: Json): readonly Json[] {
  return Array.isArray(given) ? given : [given]
}

function mapped(given: Json | undefined, change: (value: Json) => Json): JsonObject | undefined {
  if (!isJsonObject(given)) return undefined
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, change(value)]))
}

/** What is there of an object. */
function present(given: { readonly [key: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}
