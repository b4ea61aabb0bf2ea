import type { DeclaredResource, Problem, ResourceKey } from '../vocabulary.ts'
import type { PlacedFile, PlacedPart } from './file.ts'
import { fileProblems, mayHaveNotes, problemOf } from './problems.ts'
import { type Layer, Slots } from './slots.ts'

/** The two folders an environment is made of. */
export interface Layers {
  readonly common: readonly PlacedFile[]
  readonly own: readonly PlacedFile[]
}

export interface Merged {
  /** Sorted by key; those without problems. */
  readonly resources: readonly DeclaredResource[]
  readonly problems: readonly Problem[]
  /** The files of which something may be to be said, in the order of the layers. */
  readonly noted: Layers
}

interface State {
  readonly layers: Layers
  readonly slots: Slots
  readonly merged: Merged
}

const LAYERS: readonly Layer[] = ['common', 'own']

/**
 * Merges the layers of one environment, again and again. After a merge without problems the next one costs what changed since;
 * otherwise it starts from nothing. The result never depends on what was merged before.
 */
export class Assembler {
  #last: State | undefined

  merge(layers: Layers): Merged {
    const last = this.#last
    // `advance` changes the slots; if it gives up half-way they are not to be used again.
    this.#last = undefined
    const next = (last === undefined ? undefined : advance(last, layers)) ?? startAnew(layers)
    if (next.merged.problems.length === 0) this.#last = next
    return next.merged
  }
}

function startAnew(layers: Layers): State {
  const slots = new Slots()
  const problems: Problem[] = []
  for (const layer of LAYERS) {
    for (const problem of fileProblems(layers[layer])) problems.push(problem)
    for (const { parts } of layers[layer]) {
      for (const part of parts) {
        const error = slots.put(layer, part)
        if (error !== undefined) problems.push(problemOf(part, error))
      }
    }
  }
  const resources: DeclaredResource[] = []
  for (const whole of slots.wholes()) {
    if (whole.resource !== null) resources.push(whole.resource)
    for (const problem of whole.problems) problems.push(problem)
  }
  const noted = { common: layers.common.filter(mayHaveNotes), own: layers.own.filter(mayHaveNotes) }
  return { layers, slots, merged: { resources: resources.sort(byKey), problems, noted } }
}

/** From a merge without problems to the next; undefined when that has problems, which only a fresh start names in full. */
function advance({ layers: before, slots, merged }: State, layers: Layers): State | undefined {
  const touched = new Map<ResourceKey, PlacedPart>()
  const added: (readonly [Layer, PlacedPart])[] = []
  const noted = { ...merged.noted }
  for (const layer of LAYERS) {
    const { gone, fresh } = difference(before[layer], layers[layer])
    if (fresh.some(({ file }) => file.problems.length > 0)) return undefined
    if ([...gone, ...fresh].some(mayHaveNotes)) noted[layer] = layers[layer].filter(mayHaveNotes)
    for (const part of gone.flatMap(({ parts }) => parts)) {
      slots.drop(layer, part)
      touched.set(part.part.key, part)
    }
    for (const part of fresh.flatMap(({ parts }) => parts)) added.push([layer, part])
  }
  for (const [layer, part] of added) {
    if (slots.put(layer, part) !== undefined) return undefined
    touched.set(part.part.key, part)
  }
  if (touched.size === 0) return { layers, slots, merged: { ...merged, noted } }
  const changed: DeclaredResource[] = []
  for (const part of touched.values()) {
    const whole = slots.wholeAt(part)
    if (whole === undefined) continue
    if (whole.resource === null) return undefined
    changed.push(whole.resource)
  }
  const resources = replaced(merged.resources, touched.keys(), changed)
  return { layers, slots, merged: { resources, problems: [], noted } }
}

/** Files of one list and not of the other. Compared by identity: the loader gives unchanged files as the same objects. */
function difference(before: readonly PlacedFile[], after: readonly PlacedFile[]) {
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  let end = 0
  const shorter = Math.min(before.length, after.length) - start
  while (end < shorter && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  const old = before.slice(start, before.length - end)
  const young = after.slice(start, after.length - end)
  const had = new Set(old)
  const has = new Set(young)
  return { gone: old.filter((file) => !has.has(file)), fresh: young.filter((file) => !had.has(file)) }
}

/** The sorted list with those of `keys` taken out, and `put` in their places. All of `put` are of `keys`. */
function replaced(
  sorted: readonly DeclaredResource[],
  keys: Iterable<ResourceKey>,
  put: readonly DeclaredResource[],
): readonly DeclaredResource[] {
  const byKey = new Map(put.map((resource) => [resource.key, resource]))
  const pieces: (readonly DeclaredResource[])[] = []
  let from = 0
  for (const key of [...keys].sort()) {
    const to = lowerBound(sorted, key, from)
    const resource = byKey.get(key)
    pieces.push(sorted.slice(from, to), resource === undefined ? [] : [resource])
    from = sorted[to]?.key === key ? to + 1 : to
  }
  pieces.push(sorted.slice(from))
  const all: DeclaredResource[] = []
  for (const piece of pieces) for (const resource of piece) all.push(resource)
  return all
}

/** Index of the first resource at or after `from` whose key is not below `key`. */
export function lowerBound(sorted: readonly DeclaredResource[], key: ResourceKey, from: number): number {
  let low = from
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle]?.key ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}

function byKey(a: DeclaredResource, b: DeclaredResource): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}
