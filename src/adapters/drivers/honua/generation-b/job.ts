import type { ApplyRequest } from '../../../../ports/driver.ts'
import type { Landed } from '../../carry-out.ts'
import type { HonuaApi } from '../api.ts'

/** What the writes of one apply are made with. */
export interface Job {
  readonly target: string
  readonly api: HonuaApi
  readonly request: ApplyRequest
  readonly secrets: ReadonlyMap<string, string>
  /** Requests that may be in flight at once. */
  readonly maxInFlight: number
  readonly landed: Landed
  readonly signal: AbortSignal
}
