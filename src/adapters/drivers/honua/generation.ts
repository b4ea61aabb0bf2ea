import type { JsonObject } from '../../../core/json.ts'
import type { LiveResource, Resource } from '../../../core/vocabulary.ts'
import type { Abilities, ActRequest, ApplyRequest, Refusal } from '../../../ports/driver.ts'
import type { DriverDeps, HonuaTarget } from '../settings.ts'
import type { HonuaApi } from './api.ts'

/** Generations of Honua's server: A is REST CRUD (2025), B has manifests (early 2026), C has calls only (2026.1). Source: HONUA-API. */
export type Letter = 'A' | 'B' | 'C'

/** What every generation is driven with. */
export interface Site {
  readonly settings: HonuaTarget
  readonly api: HonuaApi
  readonly deps: DriverDeps
}

/** How servers of one generation are driven; the methods are those of `Driver`. */
export interface Generation {
  readonly letter: Letter
  /** How its API is called: `manifest API`. */
  readonly speaks: string
  readonly abilities: Abilities
  takes(resource: Resource): boolean
  omits(resource: Resource): readonly string[]
  represent(resource: Resource): Resource
  objection(resource: Resource): string | null
  observe(hints: readonly Resource[], signal: AbortSignal): Promise<readonly LiveResource[]>
  dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]>
  apply(request: ApplyRequest, signal: AbortSignal): Promise<void>
}

/** Does one step; answers with what was done, for people. `inputs` are those of the request, secrets resolved. */
export type Action = (
  site: Site,
  request: ActRequest & { readonly inputs: JsonObject },
  signal: AbortSignal,
) => Promise<string>

/** By the names of the steps. */
export type Actions = Readonly<Record<string, Action>>
