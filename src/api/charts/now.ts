import { possibleIn } from '../../../machines/verdicts.ts'
import { apiErrors } from '../../core/errors/api.ts'
import type { Facade } from '../../runtime/facade.ts'
import { pathOf } from '../../runtime/fold.ts'
import { inputOf } from '../../runtime/history/journals.ts'
import { foldNamed, machineNamed } from '../../runtime/replay.ts'
import type { ChartView } from '../contract.ts'

/** Where a statechart stands. Throws HONUA_NOT_FOUND. */
export async function chartNow(facade: Facade, stream: string): Promise<ChartView> {
  const stored = await facade.snapshot(stream)
  if (stored === undefined) throw apiErrors.notFound({ what: 'stream', name: stream })
  const { machine, sequence, snapshot } = stored
  const state = foldNamed(machine.name, inputOf(stream)).restore(snapshot)
  return {
    stream,
    sequence,
    path: pathOf(state.value),
    context: state.context,
    possible: possibleIn(machineNamed(machine.name).machine, state, { at: facade.now(), sequence: sequence + 1 }),
  }
}
