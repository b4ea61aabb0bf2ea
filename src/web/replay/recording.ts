/** A journal, folded: every moment of an actor, to be looked at in any order. */
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { ReplayBundle } from '../../core/replay/bundle.ts'
import { pathOf, type State } from '../../core/replay/fold.ts'
import { beginOf, type Ending, type Moment, type ReplayStep, replaying } from '../../core/replay/replay.ts'
import type { Instant } from '../../core/vocabulary.ts'
import { chartOf, type KnownChart } from './charts.ts'
import { sha256 } from './sha256.ts'

/**
 * All states are kept: each shares with the one before what did not change, so that 10 000 of them take a few MB and a step back
 * costs nothing.
 */
export interface Recording {
  readonly bundle: ReplayBundle
  readonly chart: KnownChart
  readonly begin: State<JsonObject>
  readonly moments: readonly Moment[]
  readonly ending: Ending
  /** Where events of each type are, ascending. */
  readonly places: ReadonlyMap<string, readonly number[]>
}

/** What there is to see at one place of the slider. */
export interface Sight {
  /** 0 before the first event, then 1 … the number of events. */
  readonly at: number
  readonly sequence: number
  /** Null before the first event. */
  readonly step: ReplayStep | null
  readonly state: State<JsonObject>
  readonly path: string
}

/** Folds event by event; yields how many are done. Throws HONUA_BUNDLE_INVALID. */
export function* record(bundle: ReplayBundle): Generator<number, Recording> {
  const chart = chartOf(bundle)
  const begin = beginOf(bundle, chart.fold)
  const moments: Moment[] = []
  const places = new Map<string, number[]>()
  const run = replaying(bundle, { fold: chart.fold, sha256 })
  for (let next = run.next(); ; next = run.next()) {
    if (next.done === true) return { bundle, chart, begin, moments, places, ending: next.value }
    moments.push(next.value)
    const { type } = next.value.step
    const same = places.get(type)
    if (same === undefined) places.set(type, [moments.length])
    else same.push(moments.length)
    yield moments.length
  }
}

/** The moment at a place; the nearest one where the place is outside. */
export function sightAt({ bundle, begin, moments }: Recording, place: number): Sight {
  const at = Math.min(Math.max(0, Math.trunc(place) || 0), moments.length)
  const moment = moments[at - 1]
  if (moment === undefined)
    return { at: 0, sequence: bundle.base?.sequence ?? 0, step: null, state: begin, path: pathOf(begin.value) }
  const { step, state } = moment
  return { at, sequence: step.sequence, step, state, path: step.to }
}

/** The place of the last event up to a moment; 0 when there is none. */
export function placeAtTime({ moments }: Recording, time: Instant): number {
  return moments.findLastIndex(({ step }) => step.at <= time) + 1
}

/** The place of the event with a sequence; null when it is not in the journal. */
export function placeOf({ moments }: Recording, sequence: number): number | null {
  const index = moments.findIndex(({ step }) => step.sequence === sequence)
  return index === -1 ? null : index + 1
}

/** A moment by its event, by the deployment that it opens, or neither. */
export interface Start {
  readonly event: number | null
  readonly deployment: string | null
}

/** The place to begin at: the end, where the journal does not know the moment. */
export function placeToStart(recording: Recording, { event, deployment }: Start): number {
  const opened = deploymentsOf(recording).find(({ id }) => id === deployment)?.from
  return opened ?? (event === null ? null : placeOf(recording, event)) ?? recording.moments.length
}

export interface DeploymentSpan {
  readonly id: string
  /** Where it is opened, and where it is no longer open; null while it is. */
  readonly from: number
  readonly to: number | null
}

/** The deployments of a journal, newest first. */
export function deploymentsOf({ moments }: Recording): readonly DeploymentSpan[] {
  const found: DeploymentSpan[] = []
  let open: DeploymentSpan | null = null
  moments.forEach(({ state }, index) => {
    const id = idOf(state.context['attempt'])
    if (open?.id === id) return
    if (open !== null) found.push({ ...open, to: index + 1 })
    open = id === undefined ? null : { id, from: index + 1, to: null }
  })
  if (open !== null) found.push(open)
  return found.toReversed()
}

function idOf(attempt: Json | undefined): string | undefined {
  const id = isJsonObject(attempt) ? attempt['id'] : undefined
  return typeof id === 'string' ? id : undefined
}
