import { isJsonObject, type Json } from '../../../../core/json.ts'
import { resourceKey } from '../../../../core/resource.ts'
import type { ResourceKey } from '../../../../core/vocabulary.ts'
import type { Observed } from '../../conceal.ts'
import { observedOf } from './live.ts'

/** A resource in the server's words, and what was read from them. */
interface Told {
  readonly value: Json
  readonly observed: Observed
}

/**
 * What the last look read. A resource that is told again just as it was, version included, is the same object as before: neither it nor
 * its digest is made again, and the planner sees at a glance that it did not change. One that may hold a secret is never kept.
 */
export class KnownResources {
  #known: ReadonlyMap<ResourceKey, Told> = new Map()

  /** As `observedOf`, for all of a look; `secretive` are the keys where `${NAME}` is declared. */
  read(values: readonly Json[], secretive: ReadonlySet<ResourceKey>): readonly (Observed | null)[] {
    const known = new Map<ResourceKey, Told>()
    const all = values.map((value) => {
      const before = this.#known.get(keyIn(value))
      const told = before !== undefined && isSame(before.value, value) ? before : read(value)
      if (told === null) return null
      const { live, templates } = told.observed
      if (!secretive.has(live.key) && Object.keys(templates).length === 0) known.set(live.key, told)
      return told.observed
    })
    this.#known = known
    return all
  }
}

function read(value: Json): Told | null {
  const observed = observedOf(value)
  return observed === null ? null : { value, observed }
}

/** Where to look for it; what is told decides, not this. */
function keyIn(value: Json): ResourceKey {
  const { kind, metadata } = isJsonObject(value) ? value : {}
  const { namespace, name } = isJsonObject(metadata) ? metadata : {}
  return resourceKey(String(kind), String(namespace), String(name))
}

function isSame(one: Json, other: Json): boolean {
  if (one === other) return true
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item: Json, at) => isSame(item, other[at]))
  if (!isJsonObject(one) || !isJsonObject(other)) return false
  const names = Object.keys(one)
  const others = Object.keys(other)
  if (names.length !== others.length) return false
  // In the same order too: a server that tells a resource anew does not shuffle it, and no name has to be looked for.
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at] ?? ''
    const field = one[name]
    const like = other[name]
    if (name !== others[at] || field === undefined || like === undefined || !isSame(field, like)) return false
  }
  return true
}
