import { apiErrors } from '../../core/errors/api.ts'
import type { JsonObject } from '../../core/json.ts'
import { Lru } from '../../core/lru.ts'
import { Explainer } from '../../runtime/explain.ts'
import type { Facade } from '../../runtime/facade.ts'
import type { State } from '../../runtime/fold.ts'
import { inputOf } from '../../runtime/history/journals.ts'
import { foldNamed, machineNamed, replayEntry } from '../../runtime/replay.ts'
import type { StepView } from '../contract.ts'

/** Events that are folded for one answer at most: about a second. */
const FOLDED_MAX = 20_000
/** Streams whose last step is remembered: who goes on from one event to the next folds one event. */
const REMEMBERED = 16

interface Place {
  readonly sequence: number
  readonly state: State<JsonObject>
}

/** What single events of the journals did, found by folding up to them. */
export class Steps {
  readonly #facade: Facade
  readonly #places = new Lru<Place>(REMEMBERED)

  constructor(facade: Facade) {
    this.#facade = facade
  }

  /** Throws HONUA_EVENT_UNKNOWN, HONUA_EVENT_TOO_FAR, HONUA_NOT_FOUND. */
  async at(stream: string, sequence: number): Promise<StepView> {
    const stored = await this.#facade.snapshot(stream)
    if (stored === undefined) throw apiErrors.notFound({ what: 'stream', name: stream })
    const fold = foldNamed(stored.machine.name, inputOf(stream))
    let place = await this.#placeBefore(stream, sequence, fold)
    if (sequence - place.sequence > FOLDED_MAX) throw apiErrors.eventTooFar({ sequence, most: FOLDED_MAX })
    for await (const entry of this.#facade.journal(stream, place.sequence + 1, sequence)) {
      const before = place.state
      const outcome = replayEntry(fold, before, entry)
      if ('divergence' in outcome) break
      place = { sequence: entry.sequence, state: outcome.state }
      if (entry.sequence < sequence) continue
      this.#places.set(stream, place, 1)
      const { context: _, ...step } = outcome.step
      const { machine } = machineNamed(stored.machine.name)
      const event = { ...entry.event, type: step.type, at: entry.at, sequence }
      return { ...step, ...new Explainer(machine, inputOf(stream)).explain(before, event) }
    }
    throw apiErrors.eventUnknown({ stream, sequence })
  }

  async #placeBefore(stream: string, sequence: number, fold: ReturnType<typeof foldNamed>): Promise<Place> {
    const base = await this.#facade.base(stream)
    const begin = base?.sequence ?? 0
    if (begin >= sequence) throw apiErrors.eventUnknown({ stream, sequence })
    const known = this.#places.get(stream)
    if (known !== undefined && known.sequence < sequence && known.sequence >= begin) return known
    return { sequence: begin, state: base === undefined ? fold.initial(inputOf(stream)) : fold.restore(base.snapshot) }
  }
}
