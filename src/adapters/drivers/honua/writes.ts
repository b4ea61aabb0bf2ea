/** The writes of one apply, in the plan's order: creations and new specs as manifests, label changes by PUT, deletions by DELETE. */
import { canonicalJson } from '../../../core/canonical.ts'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { type Failure, targetErrors } from '../../../core/errors/target.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { resolveSecrets } from '../../../core/placeholders.ts'
import type { LiveResource, Resource } from '../../../core/vocabulary.ts'
import type { Outcome, Pending } from '../carry-out.ts'
import { templatesOf } from '../conceal.ts'
import type { Answer } from './api.ts'
import { readEntries } from './entries.ts'
import type { Job } from './job.ts'
import { bodyOf } from './live.ts'

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

/** Sends the batches one after the other and stops at the first that is not taken whole. Rejects only when aborted. */
export async function send(job: Job, batches: readonly Batch[]): Promise<Outcome> {
  for (const batch of batches) {
    job.signal.throwIfAborted()
    const outcome = await sendOne(job, batch)
    if (outcome !== null) return outcome
  }
  return { failures: [], stale: [], broken: null }
}

async function sendOne(job: Job, batch: Batch): Promise<Outcome | null> {
  try {
    switch (batch.how) {
      case 'manifest':
        return failed(await sendManifest(job, batch.resources))
      case 'put':
        return await sendPut(job, batch.desired, batch.before)
      case 'delete':
        return await sendDelete(job, batch.before)
    }
  } catch (error) {
    job.signal.throwIfAborted()
    if (error instanceof HonuaError) return { failures: [], stale: [], broken: error }
    throw error
  }
}

async function sendManifest(job: Job, resources: readonly Resource[]): Promise<readonly Failure[]> {
  const secrets = [...job.secrets.values()]
  const bodies = resources.map((resource) => bodyOf(resolved(job, resource), templatesOf(resource)))
  const options = { dryRun: false, reason: job.request.idempotencyKey }
  const answer = await job.api.applyManifest(bodies, options, secrets, job.signal)
  const first = resources[0]?.key ?? ''
  if (answer.status === 202)
    return [
      { key: first, message: 'the server wants its own approval first and keeps the request pending: decide it there' },
    ]
  if (!answer.success) return resources.map(({ key }) => ({ key, message: answer.message }))
  return readEntries(job.target, answer.data, resources, secrets).refusals
}

async function sendPut(job: Job, desired: Resource, before: LiveResource): Promise<Outcome | null> {
  const current = await job.api.resource(before, job.signal)
  const body = objectOf(current)
  if (versionOf(body) !== before.version) return stale(before)
  const next = bodyOf(resolved(job, desired), templatesOf(desired), body)
  const answer = await job.api.put(before, next, etagOf(current, before), job.secrets.values(), job.signal)
  return judge(answer, before)
}

async function sendDelete(job: Job, before: LiveResource): Promise<Outcome | null> {
  const current = await job.api.resource(before, job.signal)
  if (current.status === 404) return null
  if (versionOf(objectOf(current)) !== before.version) return stale(before)
  const answer = await job.api.delete(before, etagOf(current, before), job.signal)
  return answer.status === 404 ? null : judge(answer, before)
}

function judge(answer: Answer, before: LiveResource): Outcome | null {
  if (answer.status === 404 || answer.status === 409 || answer.status === 412) return stale(before)
  return answer.success ? null : failed([{ key: before.key, message: answer.message }])
}

function stale({ key }: LiveResource): Outcome {
  return { failures: [], stale: [key], broken: null }
}

function failed(failures: readonly Failure[]): Outcome | null {
  return failures.length === 0 ? null : { failures, stale: [], broken: null }
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
  return resolveSecrets(resource, (name) => {
    const value = job.secrets.get(name)
    if (value === undefined) throw targetErrors.secretMissing({ target: job.target, secretRef: name })
    return value
  })
}
