/** The fold of core, with the digests of this process. */
import type { AnyStateMachine } from 'xstate'
import { sha256 } from '../core/canonical.ts'
import * as core from '../core/replay/fold.ts'
import type { Digest } from '../core/vocabulary.ts'

export { type ChartName, type Fold, inertScope, pathOf, type Stamp, type State } from '../core/replay/fold.ts'

/** Makes a chart foldable; the caller names the types its chart was set up with. */
export function foldOf<Context, Event, Input>(
  machine: AnyStateMachine,
  version: number,
  example: Input,
): core.Fold<Context, Event, Input> {
  return core.foldOf(machine, version, example, sha256)
}

/** Digest of a state as stored. */
export function stateDigest(state: core.State<unknown>): Digest {
  return sha256(core.stateText(state))
}
