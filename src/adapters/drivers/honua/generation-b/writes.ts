/** The writes of one apply, in the plan's order: creations and new specs as manifests, label changes by PUT, deletions by DELETE. */
import { canonicalJson } from '../../../../core/canonical.ts'
import type { Failure } from '../../../../core/errors/target.ts'
import { isJsonObject, type JsonObject } from '../../../../core/json.ts'
import type { LiveResource, Resource } from '../../../../core/vocabulary.ts'
import type { Outcome, Pending } from '../../carry-out.ts'
import { templatesOf } from '../../conceal.ts'
import { refused, sendBySort, stale, withSecrets } from '../../in-order.ts'
import type { Answer } from '../api.ts'
import { readEntries } from './entries.ts'
import type { Job } from './job.ts'
import { bodyOf } from './live.ts'
import { applyManifest, deleteResource, putResource, readResource } from './manifest-api.ts'

/** Resources in one manifest request: small enough to be answered well within a request's deadline. */
export const RESOURCES_MAX = 100

export type Batch =
  | { readonly how: 'manifest'; readonly resources: readonly Resource[] }
  | { readonly how: 'put'; readonly desired: Resource; readonly before: LiveResource }
  | { readonly how: 'delete'; readonly before: LiveResource }

/** Groups neighbours that can go in one manifest, at most 100 each; the order stays. */
export function inBatches(pending: readonly Pending[]): readonly Batch[] {
  const batches: Batch[] = []
  let manifest: Resource[] = []
  const flush = (): void => {
    if (manifest.length > 0) batches.push({ how: 'manifest', resources: manifest })
    manifest = []
  }
  for (const { desired, before } of pending) {
    if (desired !== null && !isMetadataOnly(desired, before)) {
      manifest.push(desired)
      if (manifest.length === RESOURCES_MAX) flush()
      continue
    }
    flush()
    if (before === null) continue
    batches.push(desired === null ? { how: 'delete', before } : { how: 'put', desired, before })
  }
  flush()
  return batches
}

/** A manifest would skip it with `No changes.`: the server compares specs alone. */
function isMetadataOnly(desired: Resource, before: LiveResource | null): before is LiveResource {
  return before !== null && canonicalJson(before.spec) === canonicalJson(desired.spec)
}

/**
 * Sends the batches in order, neighbours that write resources of one kind in one way side by side, and stops at the first that is not
 * taken whole. Rejects only when aborted.
 */
export function send(job: Job, batches: readonly Batch[]): Promise<Outcome> {
  return sendBySort({
    items: batches,
    sortOf,
    keysOf: (batch) => (batch.how === 'manifest' ? batch.resources : [batch.before]).map(({ key }) => key),
    limit: job.maxInFlight,
    send: (batch) => sendOne(job, batch),
    signal: job.signal,
  })
}

/** What a batch writes, and how; null where it is of several kinds. */
function sortOf(batch: Batch): string | null {
  const kinds = new Set(batch.how === 'manifest' ? batch.resources.map(({ kind }) => kind) : [batch.before.kind])
  const [kind] = kinds
  return kinds.size === 1 ? `${batch.how} ${kind}` : null
}

async function sendOne(job: Job, batch: Batch): Promise<Outcome | null> {
  const outcome = await sent(job, batch)
  if (outcome === null) job.landed(batch.how === 'manifest' ? batch.resources.length : 1)
  return outcome
}

async function sent(job: Job, batch: Batch): Promise<Outcome | null> {
  switch (batch.how) {
    case 'manifest': {
      const failures = await sendManifest(job, batch.resources)
      return failures.length === 0 ? null : { failures, stale: [], broken: null }
    }
    case 'put':
      return sendPut(job, batch.desired, batch.before)
    case 'delete':
      return sendDelete(job, batch.before)
  }
}

async function sendManifest(job: Job, resources: readonly Resource[]): Promise<readonly Failure[]> {
  const secrets = [...job.secrets.values()]
  const bodies = resources.map((resource) => bodyOf(resolved(job, resource), templatesOf(resource)))
  const options = { dryRun: false, reason: job.request.idempotencyKey }
  const answer = await applyManifest(job.api, bodies, options, secrets, job.signal)
  const first = resources[0]?.key ?? ''
  if (answer.status === 202)
    return [
      { key: first, message: 'the server wants its own approval first and keeps the request pending: decide it there' },
    ]
  if (!answer.success) return resources.map(({ key }) => ({ key, message: answer.message }))
  return readEntries(job.target, answer.data, resources, secrets).refusals
}

async function sendPut(job: Job, desired: Resource, before: LiveResource): Promise<Outcome | null> {
  const current = await readResource(job.api, before, job.signal)
  const body = objectOf(current)
  if (versionOf(body) !== before.version) return stale(before.key)
  const next = bodyOf(resolved(job, desired), templatesOf(desired), body)
  const write = { body: next, etag: etagOf(current, before), secrets: job.secrets.values() }
  return judge(await putResource(job.api, before, write, job.signal), before)
}

async function sendDelete(job: Job, before: LiveResource): Promise<Outcome | null> {
  const current = await readResource(job.api, before, job.signal)
  if (current.status === 404) return null
  if (versionOf(objectOf(current)) !== before.version) return stale(before.key)
  const answer = await deleteResource(job.api, before, etagOf(current, before), job.signal)
  return answer.status === 404 ? null : judge(answer, before)
}

function judge(answer: Answer, before: LiveResource): Outcome | null {
  if (answer.status === 404 || answer.status === 409 || answer.status === 412) return stale(before.key)
  return answer.success ? null : refused(before.key, answer.message)
}

/** The server's own ETag where it sends one; else the form it derives from the version. */
function etagOf(answer: Answer, before: LiveResource): string {
  return answer.etag ?? `"${before.version ?? ''}"`
}

function objectOf(answer: Answer): JsonObject {
  return isJsonObject(answer.data) ? answer.data : {}
}

function versionOf(resource: JsonObject): string | null {
  const { metadata } = resource
  const version = isJsonObject(metadata) ? metadata['resourceVersion'] : undefined
  return version === undefined || version === null ? null : String(version)
}

function resolved(job: Job, resource: Resource): Resource {
  return withSecrets(job.target, resource, job.secrets)
}
