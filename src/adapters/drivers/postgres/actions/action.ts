import { targetErrors } from '../../../../core/errors/target.ts'
import type { Json } from '../../../../core/json.ts'
import type { Acted, ActRequest } from '../../../../ports/driver.ts'
import type { DriverDeps } from '../../settings.ts'
import type { PostgresTarget } from '../settings.ts'

/** A step for one database. */
export interface Acting {
  readonly target: PostgresTarget
  readonly deps: DriverDeps
  readonly request: ActRequest
  readonly signal: AbortSignal
}

/** Does it, and tells people what was done, with what it saw where it checks. Throws when it was not done. */
export type Action = (acting: Acting) => Promise<string | Acted>

/** Tables named by the step's input of that name, else those of the configuration. Throws HONUA_TARGET_REFUSED for what names none. */
export function tablesOf({ target, request }: Acting, input: string, configured: readonly string[]): readonly string[] {
  const given: Json | undefined = request.inputs[input]
  if (given === undefined) return configured
  const tables = Array.isArray(given) ? given.filter((one: Json) => typeof one === 'string').map(String) : []
  if (!Array.isArray(given) || tables.length !== given.length || tables.length === 0)
    throw targetErrors.refused({
      target: target.name,
      reason: `the input ${input} of ${request.action} is not a list of tables`,
      remedy: `write with: {${input}: [parcels, gis.roads]} at the step`,
    })
  return tables
}
