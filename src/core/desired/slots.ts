import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { ResourceKey } from '../vocabulary.ts'
import type { PlacedPart } from './file.ts'
import { told } from './problems.ts'
import { type Whole, wholeOf } from './whole.ts'

export type Layer = 'common' | 'own'

interface Slot {
  readonly key: ResourceKey
  common: PlacedPart | null
  own: PlacedPart | null
}

/** The parts of one environment by identity: at most one of common and one of its own for each. */
export class Slots {
  /** By the key as a case-blind target sees it, so that twins meet. */
  readonly #slots = new Map<string, Slot>()

  /** Takes a part in; says why when its identity is taken. */
  put(layer: Layer, part: PlacedPart): HonuaError | undefined {
    const { key } = part.part
    const slot = this.#slots.get(part.foldedKey)
    if (slot === undefined) {
      this.#slots.set(part.foldedKey, { key, common: null, own: null, [layer]: part })
      return undefined
    }
    const first = slot[layer]
    if (slot.key !== key) {
      const other = first ?? slot.common ?? slot.own
      return desiredErrors.twin({ key, other: slot.key, first: other === null ? 'another file' : told(other) })
    }
    if (first !== null) return desiredErrors.duplicate({ key, first: told(first) })
    slot[layer] = part
    return undefined
  }

  /** Takes a part out that `put` took in. */
  drop(layer: Layer, part: PlacedPart): void {
    const slot = this.#slots.get(part.foldedKey)
    if (slot === undefined || slot[layer] !== part) return
    slot[layer] = null
    if (slot.common === null && slot.own === null) this.#slots.delete(part.foldedKey)
  }

  /** What is declared under the identity of a part; undefined when nothing is any more. */
  wholeAt(part: PlacedPart): Whole | undefined {
    const slot = this.#slots.get(part.foldedKey)
    // A twin may have taken the place of a part that is gone.
    return slot === undefined || slot.key !== part.part.key ? undefined : wholeOfSlot(slot)
  }

  *wholes(): Generator<Whole, void> {
    for (const slot of this.#slots.values()) {
      const whole = wholeOfSlot(slot)
      if (whole !== undefined) yield whole
    }
  }
}

function wholeOfSlot({ common, own }: Slot): Whole | undefined {
  if (own !== null) return wholeOf(own, common)
  return common === null ? undefined : wholeOf(common, null)
}
