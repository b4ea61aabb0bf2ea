import type { ReplayBundle } from '../../../src/core/replay/bundle.ts'
import { type Recording, record } from '../../../src/web/replay/recording.ts'

/** What a computation in slices ends with. */
export function finished<Result>(run: Generator<number, Result>): Result {
  for (let next = run.next(); ; next = run.next()) if (next.done === true) return next.value
}

export function recordingOf(bundle: ReplayBundle): Recording {
  return finished(record(bundle))
}
