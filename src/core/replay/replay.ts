import { cliErrors } from '../errors/cli.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Digest, FieldChange, Instant } from '../vocabulary.ts'
import type { ReplayBundle, ReplayEntry } from './bundle.ts'
import { type Fold, pathOf, type Sha256, type Stamp, type State, stateText } from './fold.ts'

/** One event and what it did. */
export interface ReplayStep {
  readonly sequence: number
  readonly at: Instant
  readonly type: string
  readonly from: string
  readonly to: string
  /** Context fields that changed, by JSON Pointer from the context. */
  readonly changed: readonly FieldChange[]
  /** Effects owed afterwards: id and kind. */
  readonly owed: readonly string[]
  readonly event: JsonObject
  readonly context: JsonObject
}

/** The first event after which replay and record differ. */
export interface Divergence {
  readonly sequence: number
  readonly expected: Digest
  readonly got: Digest | null
  readonly message: string
}

export interface Replayed {
  readonly steps: readonly ReplayStep[]
  readonly divergence: Divergence | null
  /** Digest of the state at the end. */
  readonly digest: Digest
}

export type AnyFold = Fold<JsonObject, Stamp & { readonly type: string }, JsonObject>

/** What a replay is made with. */
export interface Means {
  readonly fold: AnyFold
  readonly sha256: Sha256
}

/** One event and the state that it led to. */
export interface Moment {
  readonly step: ReplayStep
  readonly state: State<JsonObject>
}

export type Ending = Pick<Replayed, 'divergence' | 'digest'>

/**
 * Folds a journal through a chart and compares every state with the one recorded, and the last with the stored snapshot. Stops at the
 * first that differs. Pure: no clock, no store, no network. Throws HONUA_BUNDLE_INVALID when it begins with no state of the chart.
 */
export function replay(bundle: ReplayBundle, means: Means): Replayed {
  const steps: ReplayStep[] = []
  const moments = replaying(bundle, means)
  for (;;) {
    const next = moments.next()
    if (next.done === true) return { steps, ...next.value }
    steps.push(next.value.step)
  }
}

/** The same, event by event: for who must do something else in between. */
export function* replaying(bundle: ReplayBundle, { fold, sha256 }: Means): Generator<Moment, Ending> {
  let state = beginOf(bundle, fold)
  let digest = sha256(stateText(state))
  const wrongBegin = beginDivergence(bundle, digest)
  if (wrongBegin !== null) return { digest, divergence: wrongBegin }
  for (const entry of bundle.entries) {
    const outcome = replayEntry(fold, state, entry)
    if ('divergence' in outcome) return { digest, divergence: outcome.divergence }
    state = outcome.state
    digest = sha256(stateText(state))
    yield outcome
    if (digest !== entry.state) {
      const { type, to } = outcome.step
      const message = `event ${entry.sequence} (${type}) leads to ${to}, and not to the recorded state`
      return { digest, divergence: { sequence: entry.sequence, expected: entry.state, got: digest, message } }
    }
  }
  return { digest, divergence: snapshotDivergence(bundle, digest, sha256) }
}

/** The state that the journal begins behind. Throws HONUA_BUNDLE_INVALID when the bundle holds no state of the chart there. */
export function beginOf({ base, input, stream }: ReplayBundle, fold: AnyFold): State<JsonObject> {
  if (base === undefined) return fold.initial(input)
  try {
    if (!isJsonObject(base.snapshot['context'])) throw new TypeError('it has no memory')
    return fold.restore(base.snapshot)
  } catch (error) {
    const reason = `it does not begin with a state of its statechart (${wordsOf(error)})`
    throw cliErrors.bundleInvalid({ path: stream, reason })
  }
}

/** A journal that does not go on from where it begins, or a state that is not what was recorded, diverges at once. */
function beginDivergence({ base, entries }: ReplayBundle, got: Digest): Divergence | null {
  const [sequence, expected] = [base?.sequence ?? 0, base?.state ?? got]
  if (got !== expected)
    return { sequence, expected, got, message: 'the state to begin with is not the one that was recorded' }
  const first = entries[0]?.sequence ?? sequence + 1
  if (first === sequence + 1) return null
  return { sequence, expected, got, message: `events ${sequence + 1} to ${first - 1} are missing` }
}

/** One entry folded: the step it is and the state it leads to, or where it diverges. */
export function replayEntry(
  fold: AnyFold,
  before: State<JsonObject>,
  entry: ReplayEntry,
): Moment | { readonly divergence: Divergence } {
  const { event } = entry
  const type = typeof event['type'] === 'string' ? event['type'] : ''
  const from = pathOf(before.value)
  const diverged = (message: string) => ({
    divergence: { sequence: entry.sequence, expected: entry.state, got: null, message },
  })
  try {
    const after = fold.next(before, { ...event, type, at: entry.at, sequence: entry.sequence })
    if (after === null) return diverged(`event ${entry.sequence} (${type}) is not taken in state ${from}`)
    const step = {
      sequence: entry.sequence,
      at: entry.at,
      type,
      from,
      to: pathOf(after.value),
      changed: changedFields(before.context, after.context),
      owed: owedOf(after.context),
      event,
      context: after.context,
    }
    return { state: after, step }
  } catch (error) {
    return diverged(`event ${entry.sequence} (${type}) throws in state ${from}: ${wordsOf(error)}`)
  }
}

function snapshotDivergence(bundle: ReplayBundle, got: Digest, sha256: Sha256): Divergence | null {
  const stored = bundle.snapshot
  const value = typeof stored['value'] === 'string' ? stored['value'] : {}
  const expected = sha256(stateText({ value, context: {}, ...stored }))
  if (got === expected) return null
  return {
    sequence: bundle.entries.at(-1)?.sequence ?? bundle.base?.sequence ?? 0,
    expected,
    got,
    message: 'the journal leads to another state than the stored snapshot',
  }
}

function changedFields(before: JsonObject, after: JsonObject): readonly FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.flatMap((key) => {
    const [old, now] = [before[key], after[key]]
    if (old === now) return []
    if (JSON.stringify(old) === JSON.stringify(now)) return []
    return [
      {
        pointer: `/${key}`,
        ...(old === undefined ? {} : { before: old }),
        ...(now === undefined ? {} : { after: now }),
      },
    ]
  })
}

/** What a state owes: id and kind of each effect. */
export function owedOf(context: JsonObject): readonly string[] {
  const owed: Json = context['owed'] ?? []
  if (!Array.isArray(owed)) return []
  return owed.flatMap((effect: Json) =>
    isJsonObject(effect) ? [`${String(effect['id'])} ${String(effect['kind'])}`] : [],
  )
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
