/** What if: another event at a moment, or none, and what the journal would have led to from there. */
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { ReplayEntry } from '../../core/replay/bundle.ts'
import type { State } from '../../core/replay/fold.ts'
import { carryOn, type Fate, placeBehind, type Tried, tryEvent } from '../../core/replay/what-if.ts'
import type { Instant } from '../../core/vocabulary.ts'
import type { Recording, Sight } from './recording.ts'
import { broughtTo, templateOf } from './templates.ts'
import { fieldOf } from './values.ts'

/** Before the next event, in its place, or nothing in its place. */
export type Manner = 'before' | 'instead' | 'without'

export interface Trial {
  /** Of the moment that it is tried at. */
  readonly place: number
  readonly manner: Manner
  readonly event: JsonObject
  readonly at: Instant
  /** Whether the rest of the journal follows. */
  readonly goesOn: boolean
}

export interface Outcome {
  /** Null when only something was left out. */
  readonly tried: Tried | null
  readonly end: State<JsonObject>
  /** The events that come to another state than recorded, or are not taken; the first ones of them. */
  readonly others: readonly (Fate & { readonly recorded: string })[]
  readonly othersTotal: number
  readonly followed: number
}

const OTHERS_MAX = 100
/** A body that nobody writes by hand is a mistake. */
const BODY_MAX = 100_000

/** Folds it, event by event: yields how many are done. */
export function* tryOut(recording: Recording, sight: Sight, trial: Omit<Trial, 'place'>): Generator<number, Outcome> {
  const { fold } = recording.chart
  const { manner, event, at, goesOn } = trial
  const next = nextOf(recording, sight)
  const sequence = manner === 'instead' && next !== undefined ? next.sequence : placeBehind(sight.sequence)
  const tried = manner === 'without' ? null : tryEvent(fold, sight.state, event, { at, sequence })
  const first = sight.at + (manner === 'before' ? 0 : 1)
  const rest = goesOn ? recording.bundle.entries.slice(first, recording.moments.length) : []
  const others: (Fate & { readonly recorded: string })[] = []
  let [followed, othersTotal] = [0, 0]
  const run = carryOn(fold, tried?.state ?? sight.state, rest)
  for (let fate = run.next(); ; fate = run.next()) {
    if (fate.done === true) return { tried, end: fate.value, others, othersTotal, followed }
    followed += 1
    const recorded = recording.moments[first + followed - 1]?.step.to ?? ''
    if (fate.value.refusal !== null || fate.value.to !== recorded) {
      othersTotal += 1
      if (others.length < OTHERS_MAX) others.push({ ...fate.value, recorded })
    }
    yield followed
  }
}

/** The event that follows a moment in the journal. */
export function nextOf({ bundle }: Recording, { at }: Sight): ReplayEntry | undefined {
  return bundle.entries[at]
}

/** An event of a type for a moment: as the journal holds one before it or else after it, or as it usually looks. */
export function suggestion({ bundle, places }: Recording, { at, state }: Sight, type: string): JsonObject {
  const same = places.get(type) ?? []
  const like = bundle.entries[(same.findLast((place) => place <= at) ?? same[0] ?? 0) - 1]
  return like === undefined
    ? templateOf(type, state.context)
    : broughtTo({ type, ...withoutStamp(like.event) }, state.context)
}

export interface Choices {
  readonly taken: readonly string[]
  readonly others: readonly string[]
}

/** The types of events, by whether the chart would take the one suggested for a moment. */
export function choicesAt(recording: Recording, sight: Sight, at: Instant): Choices {
  const { events, fold } = recording.chart
  const stamp = { at, sequence: placeBehind(sight.sequence) }
  const takes = (type: string) =>
    tryEvent(fold, sight.state, suggestion(recording, sight, type), stamp).refusal === null
  const taken = new Set(events.filter(takes))
  return { taken: [...taken], others: events.filter((type) => !taken.has(type)) }
}

/** When a timer would fire: at the earliest moment that the state waits for, and not in the past. */
export function timeFor(type: string, sight: Sight, usual: Instant): Instant {
  if (type !== 'timer.fired') return usual
  const { nextLookAt, waiting, hold, attempt } = sight.state.context
  const times = [nextLookAt, fieldOf(waiting, 'until'), fieldOf(hold, 'until'), fieldOf(attempt, 'expiresAt')].filter(
    (time) => typeof time === 'number',
  )
  return times.length === 0 ? usual : Math.max(usual, Math.min(...times))
}

/** What somebody wrote as the body of an event; a sentence where it is none. */
export function eventIn(text: string): JsonObject | string {
  if (text.length > BODY_MAX) return 'this is longer than any event'
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return `this is no JSON: ${error.message}`
    throw error
  }
  if (!isJsonObject(value)) return 'an event is an object: { "type": … }'
  return typeof value['type'] === 'string' ? value : 'the event has no "type"'
}

function withoutStamp(event: JsonObject): JsonObject {
  const { at: _at, sequence: _sequence, ...rest } = event
  return rest
}
