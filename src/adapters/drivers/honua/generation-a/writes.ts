/** The writes of generation A: POST, PUT and DELETE of one resource, looked at just before. */
import { canonicalJson } from '../../../../core/canonical.ts'
import type { JsonObject } from '../../../../core/json.ts'
import type { LiveResource, Resource, ResourceKey } from '../../../../core/vocabulary.ts'
import type { Outcome, Pending } from '../../carry-out.ts'
import { refused, stale, withSecrets } from '../../in-order.ts'
import type { Answer } from '../api.ts'
import type { Sending } from '../by-calls.ts'
import { pick } from '../fields.ts'
import type { Site } from '../generation.ts'
import { type KindOfA, kindsOfA } from './kinds.ts'
import { concealOfA, readOfA } from './live.ts'

export async function sendToA(site: Site, { change, desired, before }: Pending, how: Sending): Promise<Outcome | null> {
  const { key } = change
  const subject = desired ?? before
  const kind = kindsOfA.get(subject?.kind ?? '')
  if (subject === null || kind === undefined) return refused(key, 'servers of generation A hold no such kind')
  const now = await digestNow(site, kind, subject, how.signal)
  if (now === null && desired === null) return null
  if (now !== (before?.digest ?? null)) return stale(key)
  if (desired === null) return judged(key, await remove(site, kind, subject, how))
  if (before === null) return judged(key, await create(site, kind, desired, how))
  if (!touchesFixed(kind, before, desired)) return judged(key, await update(site, kind, desired, how))
  if (change.means !== 'recreate')
    return refused(key, `${kind.fixed.join(', ')} of a ${kind.kind} cannot be changed in place`)
  return judged(key, await remove(site, kind, subject, how)) ?? judged(key, await create(site, kind, desired, how))
}

/** Digest of what is live now, as an observer sees it; null where there is nothing. */
async function digestNow(site: Site, kind: KindOfA, subject: Resource, signal: AbortSignal): Promise<string | null> {
  const found = await readOfA(site, kind, subject.name, signal)
  if (found === null) return null
  const [seen] = await concealOfA(site, [found], [subject])
  return seen?.digest ?? null
}

function touchesFixed({ fixed }: KindOfA, before: LiveResource, desired: Resource): boolean {
  return canonicalJson(pick(before.spec, fixed)) !== canonicalJson(pick(desired.spec, fixed))
}

function create(site: Site, kind: KindOfA, desired: Resource, how: Sending): Promise<Answer> {
  const body = { id: desired.name, ...withSecrets(site.settings.name, desired, how.secrets).spec }
  return send(site, 'POST', kind.path, body, how)
}

/** What the request has no place for is not sent. */
function update(site: Site, kind: KindOfA, desired: Resource, how: Sending): Promise<Answer> {
  const { spec } = withSecrets(site.settings.name, desired, how.secrets)
  const body = pick(
    spec,
    kind.fields.filter((field) => !kind.fixed.includes(field)),
  )
  return send(site, 'PUT', pathOf(kind, desired.name), body, how)
}

function remove(site: Site, kind: KindOfA, subject: Resource, how: Sending): Promise<Answer> {
  return send(site, 'DELETE', pathOf(kind, subject.name), null, how)
}

function send(
  site: Site,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: JsonObject | null,
  { secrets, signal }: Sending,
): Promise<Answer> {
  return site.api.write({ method, path, body, secrets: secrets.values(), form: 'plain' }, signal)
}

/** After a look just before, 409 is no race: an id that differs in case only, or something that still needs this one. */
function judged(key: ResourceKey, answer: Answer): Outcome | null {
  return answer.success ? null : refused(key, answer.message)
}

function pathOf({ path }: KindOfA, id: string): string {
  return `${path}/${encodeURIComponent(id)}`
}
