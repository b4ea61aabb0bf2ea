/** What would have become of an actor if something else had happened. Nothing but a fold: no effect is ever started. */
import type { JsonObject } from '../json.ts'
import type { Instant } from '../vocabulary.ts'
import type { ReplayEntry } from './bundle.ts'
import { pathOf, type Stamp, type State } from './fold.ts'
import { type AnyFold, wordsOf } from './replay.ts'

/** Why an event leads nowhere: the chart does not take it, so that nothing would change; or it fails at it, as the controller would. */
export interface Refusal {
  readonly why: 'not-taken' | 'fails'
  readonly message: string
}

/** The state after an event; the same state where the chart refuses the event. */
export interface Tried {
  readonly state: State<JsonObject>
  readonly refusal: Refusal | null
}

/** An event of the journal, after something else had happened before it. */
export interface Fate {
  readonly sequence: number
  readonly at: Instant
  readonly type: string
  readonly to: string
  readonly refusal: Refusal | null
}

/** Gives the chart an event. Whatever it holds under `at` and `sequence` is what the stamp says. */
export function tryEvent(fold: AnyFold, state: State<JsonObject>, event: JsonObject, stamp: Stamp): Tried {
  const type = typeof event['type'] === 'string' ? event['type'] : ''
  const from = pathOf(state.value)
  try {
    const after = fold.next(state, { ...event, type, ...stamp })
    if (after !== null) return { state: after, refusal: null }
    return { state, refusal: { why: 'not-taken', message: `${from} does not take ${type}: nothing would change` } }
  } catch (error) {
    return { state, refusal: { why: 'fails', message: `${from} fails at ${type}: ${wordsOf(error)}` } }
  }
}

/**
 * Gives the chart the entries one by one, with the stamps they have, and passes over those it does not take. An answer finds the effect
 * it answers as long as that effect comes of the same entry. Returns the state at the end.
 */
export function* carryOn(
  fold: AnyFold,
  state: State<JsonObject>,
  entries: readonly ReplayEntry[],
): Generator<Fate, State<JsonObject>> {
  let now = state
  for (const { event, at, sequence } of entries) {
    const tried = tryEvent(fold, now, event, { at, sequence })
    now = tried.state
    const type = typeof event['type'] === 'string' ? event['type'] : ''
    yield { sequence, at, type, to: pathOf(now.value), refusal: tried.refusal }
  }
  return now
}

/** The place of an event between an entry and the next: the effects it owes get ids that no entry's effects have. */
export function placeBehind(sequence: number): number {
  return sequence + 0.5
}
