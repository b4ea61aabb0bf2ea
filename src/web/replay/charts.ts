/** The statecharts that journals are of. Large: only what replays may import it. */
import type { AnyStateMachine } from 'xstate'
import { environmentMachine, environmentVersion } from '../../../machines/environment/machine.ts'
import { sourceMachine, sourceVersion } from '../../../machines/source/machine.ts'
import { cliErrors } from '../../core/errors/cli.ts'
import type { ReplayBundle } from '../../core/replay/bundle.ts'
import { foldOf } from '../../core/replay/fold.ts'
import type { AnyFold } from '../../core/replay/replay.ts'
import { sha256 } from './sha256.ts'

export interface KnownChart {
  readonly machine: AnyStateMachine
  readonly fold: AnyFold
  /** Types of the events it knows, sorted. */
  readonly events: readonly string[]
}

const CHARTS = new Map<string, { readonly machine: AnyStateMachine; readonly version: number }>([
  ['environment', { machine: environmentMachine, version: environmentVersion }],
  ['source', { machine: sourceMachine, version: sourceVersion }],
])

/** The chart that a bundle names. Throws HONUA_BUNDLE_INVALID for one that is not here. */
export function chartOf({ machine: { name }, input, stream }: ReplayBundle): KnownChart {
  const found = CHARTS.get(name)
  if (found === undefined)
    throw cliErrors.bundleInvalid({ path: stream, reason: `there is no statechart called "${name}" here` })
  const { machine, version } = found
  const fold: AnyFold = foldOf(machine, version, input, sha256)
  return { machine, fold, events: machine.events.map(String).sort() }
}
