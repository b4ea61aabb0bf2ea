/** The replay of core, with our charts and the digests of this process. */
import type { AnyStateMachine } from 'xstate'
import { environmentMachine, environmentVersion } from '../../machines/environment/machine.ts'
import { sourceMachine, sourceVersion } from '../../machines/source/machine.ts'
import { sha256 } from '../core/canonical.ts'
import type { JsonObject } from '../core/json.ts'
import type { ReplayBundle } from '../core/replay/bundle.ts'
import * as core from '../core/replay/replay.ts'
import { foldOf } from './fold.ts'

export type { ReplayBundle } from '../core/replay/bundle.ts'
export { type Divergence, type Replayed, type ReplayStep, replayEntry } from '../core/replay/replay.ts'

/** The fold of a chart by its name. A module's own chart can be tried instead: see `--machine`. */
export function foldNamed(
  name: string,
  input: JsonObject,
  machine?: { readonly machine: AnyStateMachine; readonly version: number },
): core.AnyFold {
  const { machine: chart, version } = machine ?? machineNamed(name)
  return foldOf(chart, version, input)
}

/** A chart by its name. Throws RangeError. */
export function machineNamed(name: string): { readonly machine: AnyStateMachine; readonly version: number } {
  if (name === 'environment') return { machine: environmentMachine, version: environmentVersion }
  if (name === 'source') return { machine: sourceMachine, version: sourceVersion }
  throw new RangeError(`there is no statechart called "${name}"`)
}

/** Folds a journal and compares it with its record. Throws HONUA_BUNDLE_INVALID when it begins with no state of the chart. */
export function replay(
  bundle: ReplayBundle,
  fold: core.AnyFold = foldNamed(bundle.machine.name, bundle.input),
): core.Replayed {
  return core.replay(bundle, { fold, sha256 })
}
