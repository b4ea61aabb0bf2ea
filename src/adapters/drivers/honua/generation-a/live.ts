/** Resources of generation A as they are live. */
import { targetErrors } from '../../../../core/errors/target.ts'
import { isJsonObject, type JsonObject } from '../../../../core/json.ts'
import { makeResource } from '../../../../core/resource.ts'
import type { LiveResource, Resource } from '../../../../core/vocabulary.ts'
import { concealAll, templatesOf } from '../../conceal.ts'
import { pick, textIn } from '../fields.ts'
import type { Site } from '../generation.ts'
import { withoutPasswords } from './connection-string.ts'
import type { KindOfA } from './kinds.ts'
import { API_VERSION_OF_A } from './represent.ts'

/** Live resources without secrets; `hints` are represented. */
export async function concealOfA(
  site: Site,
  found: readonly LiveResource[],
  hints: readonly Resource[],
): Promise<readonly LiveResource[]> {
  const hinted = new Set(hints.filter((hint) => Object.keys(templatesOf(hint)).length > 0).map(({ key }) => key))
  const observed = found.map((live) => ({ live, templates: {} }))
  const live = await concealAll(observed, hints, site.deps.resolveSecret)
  return live.map((resource) => (hinted.has(resource.key) ? resource : masked(resource)))
}

/** One resource as it is live, secrets and all; null where there is none. */
export async function readOfA(
  site: Site,
  kind: KindOfA,
  id: string,
  signal: AbortSignal,
): Promise<LiveResource | null> {
  const path = `${kind.path}/${encodeURIComponent(id)}`
  const answer = await site.api.read(path, signal, 'plain')
  if (answer.status === 404) return null
  if (!answer.success || !isJsonObject(answer.data) || textIn(answer.data, 'id') === null)
    throw targetErrors.answer({
      target: site.settings.name,
      doing: `GET ${path}`,
      problem: `no ${kind.kind} (HTTP ${answer.status})`,
    })
  // Ids are found without regard to case: a namesake of another spelling is another resource.
  return textIn(answer.data, 'id') === id ? liveOf(kind, answer.data) : null
}

function liveOf(kind: KindOfA, item: JsonObject): LiveResource {
  const name = textIn(item, 'id') ?? ''
  const spec = pick(item, kind.fields)
  const identity = { apiVersion: API_VERSION_OF_A, kind: kind.kind, namespace: 'default', name, metadata: {} }
  return { ...makeResource({ ...identity, spec }), version: null }
}

/** Nobody declares a secret there, and still there may be one. */
function masked(live: LiveResource): LiveResource {
  const text = live.spec['connectionString']
  if (typeof text !== 'string') return live
  return { ...live, ...makeResource({ ...live, spec: { ...live.spec, connectionString: withoutPasswords(text) } }) }
}
