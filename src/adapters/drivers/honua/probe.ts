import { targetErrors } from '../../../core/errors/target.ts'
import { isJsonObject, type Json } from '../../../core/json.ts'
import { scrub } from '../scrub.ts'
import { ADMIN, type Answer } from './api.ts'
import type { Letter, Site } from './generation.ts'
import { SERVICES as SERVICES_OF_A } from './generation-a/kinds.ts'
import { MANIFEST, readManifest, readVersions } from './generation-b/manifest-api.ts'

/** What answers at an address. */
export interface Found {
  readonly letter: Letter
  /** Its version in its own words. */
  readonly version: string
}

/**
 * Finds out the generation by what the server answers: its feature flags still claim manifests where they were removed
 * (HONUA-API §2.2), so they are not believed. An override is believed, and the server is only asked whether it answers.
 * One that had manifests when it was last asked, `before`, is spared reading all of them again only to see that it still has.
 * Throws HONUA_TARGET_UNSUPPORTED, with what was asked and answered, when it is none of the three.
 */
export async function findGeneration(site: Site, before: Letter | null, signal: AbortSignal): Promise<Found> {
  const { api, settings } = site
  if (settings.generation !== undefined) return believed(site, settings.generation, signal)
  const capabilities = await api.read(`${ADMIN}/capabilities`, signal)
  if (capabilities.success) {
    const version = versionIn(capabilities.data)
    if (before === 'B' && (await readVersions(api, signal)).success) return { letter: 'B', version }
    const [namespace = null] = settings.namespaces ?? []
    const manifest = await readManifest(api, namespace, signal)
    if (manifest.success) return { letter: 'B', version }
    if (manifest.status === 404) return { letter: 'C', version }
    throw unknown(site, [
      [`${ADMIN}/capabilities`, capabilities],
      [MANIFEST, manifest],
    ])
  }
  const services = await api.read(SERVICES_OF_A, signal, 'plain')
  if (services.success && Array.isArray(services.data)) return { letter: 'A', version: 'of 2025' }
  throw unknown(site, [
    [`${ADMIN}/capabilities`, capabilities],
    [SERVICES_OF_A, services],
  ])
}

async function believed(site: Site, letter: Letter, signal: AbortSignal): Promise<Found> {
  const asked = letter === 'A' ? SERVICES_OF_A : `${ADMIN}/capabilities`
  const answer = await site.api.read(asked, signal, letter === 'A' ? 'plain' : 'wrapped')
  if (!answer.success) throw unknown(site, [[asked, answer]])
  return { letter, version: letter === 'A' ? 'of 2025' : versionIn(answer.data) }
}

function unknown({ settings, api }: Site, asked: readonly (readonly [string, Answer])[]) {
  const told = asked.map(([path, { status, success }]) => `GET ${path} answered ${status}${success ? ' oddly' : ''}`)
  return targetErrors.unsupported({
    target: settings.name,
    host: api.host,
    reason: `it is no Honua server of a known generation (${told.join(', ')})`,
  })
}

function versionIn(data: Json): string {
  const compatibility = isJsonObject(data) ? data['compatibility'] : undefined
  const version = isJsonObject(compatibility) ? compatibility['serverVersion'] : undefined
  return typeof version === 'string' ? scrub(version, []) : 'of unknown version'
}
