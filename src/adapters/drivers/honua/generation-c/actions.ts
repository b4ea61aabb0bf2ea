import type { Actions } from '../generation.ts'
import { rollOut } from './rollout.ts'

/** Steps of a topology that a server of generation C does itself: a line each. */
export const ACTIONS_OF_C: Actions = {
  'rolling-restart': rollOut,
}
