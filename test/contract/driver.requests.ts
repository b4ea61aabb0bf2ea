/** Resources and requests for tests of drivers. */

import type { JsonObject } from '../../src/core/json.ts'
import { makeResource } from '../../src/core/resource.ts'
import type { LiveState, Resource } from '../../src/core/vocabulary.ts'
import type { ApplyRequest, ChangeToApply, Driver } from '../../src/ports/driver.ts'
import { representedBy } from '../../src/runtime/environment/world.ts'

/** A resource that every target takes; kind Theme asks for no more than a name. */
export function aTheme(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): Resource {
  return makeResource({
    apiVersion: 'honua.io/v1alpha1',
    kind: 'Theme',
    namespace: 'default',
    name,
    metadata,
    spec: { name: 'a theme', ...spec },
  })
}

/** What leads from `live` to exactly `desired`, deletions last. */
export function requestFor(
  driver: Driver,
  live: LiveState,
  desired: readonly Resource[],
  key = 'test/1/0',
): ApplyRequest {
  const wanted = desired.map((resource) => representedBy(driver, resource))
  const liveByKey = new Map(live.resources.map((resource) => [resource.key, resource]))
  const wantedKeys = new Set(wanted.map((resource) => resource.key))
  const blank = { target: driver.name, fields: [], breaking: [], wave: 0, location: null }
  const writes = wanted.flatMap((resource): ChangeToApply[] => {
    const before = liveByKey.get(resource.key)
    if (before?.digest === resource.digest) return []
    const change = {
      ...blank,
      action: before === undefined ? ('create' as const) : ('update' as const),
      key: resource.key,
      before: before?.digest ?? null,
      after: resource.digest,
      version: before?.version ?? null,
    }
    return [{ change, desired: resource }]
  })
  const deletions = live.resources.flatMap((before): ChangeToApply[] => {
    if (wantedKeys.has(before.key)) return []
    const change = {
      ...blank,
      action: 'delete' as const,
      key: before.key,
      before: before.digest,
      after: null,
      version: before.version,
    }
    return [{ change, desired: null }]
  })
  return {
    environment: 'test',
    idempotencyKey: key,
    changes: [...writes, ...deletions],
    result: wanted.map(({ key: resultKey, digest }) => ({ key: resultKey, digest })),
  }
}

/** `${NAME}` as the repository writes it. */
export const placeholder = (name: string): string => ['${', name, '}'].join('')

/** Never aborted. */
export const calm = (): AbortSignal => new AbortController().signal

/** Observes, and applies what is missing for `desired`. */
export async function deploy(driver: Driver, desired: readonly Resource[]): Promise<ApplyRequest> {
  const request = requestFor(driver, await driver.observe(desired, calm()), desired)
  await driver.apply(request, calm())
  return request
}
