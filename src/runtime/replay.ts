import type { AnyStateMachine } from 'xstate'
import { environmentMachine, environmentVersion } from '../../machines/environment/machine.ts'
import { sourceMachine, sourceVersion } from '../../machines/source/machine.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { Digest, FieldChange, Instant } from '../core/vocabulary.ts'
import { type ChartName, type Fold, foldOf, pathOf, type Stamp, type State, stateDigest } from './fold.ts'

/** Everything needed to replay one actor elsewhere: its journal as far as it is kept, and the state it must lead to. */
export interface ReplayBundle {
  readonly format: 'honua-replay'
  readonly version: 1
  readonly stream: string
  readonly machine: ChartName
  readonly input: JsonObject
  /** The state behind the entry before the first; absent when the journal is kept from the first event. */
  readonly base?: { readonly sequence: number; readonly state: Digest; readonly snapshot: JsonObject }
  readonly entries: readonly {
    readonly sequence: number
    readonly at: Instant
    readonly event: JsonObject
    readonly state: Digest
  }[]
  readonly snapshot: JsonObject
}

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

type AnyFold = Fold<JsonObject, Stamp & { readonly type: string }, JsonObject>

/** The fold of a chart by its name. A module's own chart can be tried instead: see `--machine`. */
export function foldNamed(
  name: string,
  input: JsonObject,
  machine?: { readonly machine: AnyStateMachine; readonly version: number },
): AnyFold {
  const { machine: chart, version } = machine ?? machineNamed(name)
  return foldOf(chart, version, input)
}

/** A chart by its name. Throws RangeError. */
export function machineNamed(name: string): { readonly machine: AnyStateMachine; readonly version: number } {
  if (name === 'environment') return { machine: environmentMachine, version: environmentVersion }
  if (name === 'source') return { machine: sourceMachine, version: sourceVersion }
  throw new RangeError(`there is no statechart called "${name}"`)
}

/**
 * Folds a journal through a chart and compares every state with the one recorded, and the last with the stored snapshot. Stops at the
 * first that differs. Pure: no clock, no store, no network.
 */
export function replay(bundle: ReplayBundle, fold: AnyFold = foldNamed(bundle.machine.name, bundle.input)): Replayed {
  const steps: ReplayStep[] = []
  const begin = beginOf(bundle, fold)
  if ('divergence' in begin) return { steps, ...begin }
  let { state } = begin
  for (const entry of bundle.entries) {
    const outcome = replayEntry(fold, state, entry)
    if ('divergence' in outcome) return { steps, divergence: outcome.divergence, digest: stateDigest(state) }
    steps.push(outcome.step)
    state = outcome.state
    if (outcome.digest !== entry.state) {
      const message = `event ${entry.sequence} (${outcome.step.type}) leads to ${outcome.step.to}, and not to the recorded state`
      return {
        steps,
        digest: outcome.digest,
        divergence: { sequence: entry.sequence, expected: entry.state, got: outcome.digest, message },
      }
    }
  }
  return { steps, digest: stateDigest(state), divergence: snapshotDivergence(bundle, state) }
}

/** Where the fold begins; a journal that does not go on from there, or a state that is not what was recorded, diverges at once. */
function beginOf(
  { base, entries, input }: ReplayBundle,
  fold: AnyFold,
): { readonly state: State<JsonObject> } | { readonly divergence: Divergence; readonly digest: Digest } {
  const state = base === undefined ? fold.initial(input) : fold.restore(base.snapshot)
  const got = stateDigest(state)
  const [sequence, expected] = [base?.sequence ?? 0, base?.state ?? got]
  const diverged = (message: string) => ({ digest: got, divergence: { sequence, expected, got, message } })
  if (got !== expected) return diverged('the state to begin with is not the one that was recorded')
  const first = entries[0]?.sequence ?? sequence + 1
  if (first !== sequence + 1) return diverged(`events ${sequence + 1} to ${first - 1} are missing`)
  return { state }
}

/** One entry folded: the step it is and the state it leads to, or where it diverges. */
export function replayEntry(
  fold: AnyFold,
  before: State<JsonObject>,
  entry: ReplayBundle['entries'][number],
):
  | { readonly state: State<JsonObject>; readonly step: ReplayStep; readonly digest: Digest }
  | { readonly divergence: Divergence } {
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
    return { state: after, step, digest: stateDigest(after) }
  } catch (error) {
    return diverged(
      `event ${entry.sequence} (${type}) throws in state ${from}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function snapshotDivergence(bundle: ReplayBundle, state: State<JsonObject>): Divergence | null {
  const got = stateDigest(state)
  const stored = bundle.snapshot
  const expected = stateDigest({
    value: typeof stored['value'] === 'string' ? stored['value'] : {},
    context: {},
    ...stored,
  })
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

function owedOf(context: JsonObject): readonly string[] {
  const owed: Json = context['owed'] ?? []
  if (!Array.isArray(owed)) return []
  return owed.flatMap((effect: Json) =>
    isJsonObject(effect) ? [`${String(effect['id'])} ${String(effect['kind'])}`] : [],
  )
}
