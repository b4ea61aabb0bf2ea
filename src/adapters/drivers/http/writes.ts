/** The writes of one apply, one request a resource, in the plan's order. */
import { kindOf } from '../../../core/resource.ts'
import type { Resource } from '../../../core/vocabulary.ts'
import type { Landed, Outcome, Pending } from '../carry-out.ts'
import { refused, sendBySort, stale, withSecrets } from '../in-order.ts'
import type { Answer, HttpApi } from './api.ts'
import { kindsBound } from './bound.ts'
import type { HttpKind, WriteTemplate } from './settings.ts'
import { bodyOf, itemOf } from './shape.ts'

/** What the writes of one apply are made with. */
export interface Job {
  readonly target: string
  readonly environment: string
  readonly api: HttpApi
  readonly kindOf: (name: string) => HttpKind | undefined
  readonly secrets: ReadonlyMap<string, string>
  /** Requests that may be in flight at once. */
  readonly maxInFlight: number
  readonly landed: Landed
  readonly signal: AbortSignal
}

/**
 * Sends neighbours of one kind side by side, unless one of them names another, and stops at the first that does not land. Rejects only
 * when aborted.
 */
export function sendAll(job: Job, pending: readonly Pending[]): Promise<Outcome> {
  const bound = kindsBound(pending)
  return sendBySort({
    items: pending,
    sortOf: ({ change, desired }) => {
      const kind = kindOf(change.key)
      return bound.has(kind) ? null : `${desired === null ? 'delete' : 'write'} ${kind}`
    },
    keysOf: ({ change }) => [change.key],
    limit: job.maxInFlight,
    send: async (item) => {
      const outcome = judged(item, await written(job, item))
      if (outcome === null) job.landed(1)
      return outcome
    },
    signal: job.signal,
  })
}

/** The answer that decides, or why there is no such request. */
async function written(job: Job, { change, desired, before }: Pending): Promise<Answer | string> {
  const kind = job.kindOf(desired?.kind ?? before?.kind ?? '')
  if (kind === undefined) return 'this target has no templates for its kind'
  const send = (write: WriteTemplate | undefined, subject: Resource | null, version: string | null) => {
    if (write === undefined || subject === null) return 'this target cannot delete its kind'
    const item = subject === desired ? itemOf(kind, withSecrets(job.target, subject, job.secrets), subject) : null
    const values = { environment: job.environment, kind: kind.kind, namespace: subject.namespace, name: subject.name }
    const conditions = kind.etag ? conditionOf(version) : {}
    return job.api.write(write, values, bodyOf(kind, write, item), conditions, job.secrets.values(), job.signal)
  }
  if (desired === null) return send(kind.delete, before, change.version)
  if (before === null) return send(kind.create, desired, null)
  if (change.means !== 'recreate') return send(kind.update, desired, change.version)
  const gone = await send(kind.delete, before, change.version)
  return typeof gone === 'string' || !(gone.isSuccess || gone.status === 404) ? gone : send(kind.create, desired, null)
}

/** Writes land only on the version that was observed, and only where nothing was for a creation. */
function conditionOf(version: string | null): Readonly<Record<string, string>> {
  return version === null ? { 'if-none-match': '*' } : { 'if-match': version }
}

function judged({ change }: Pending, answer: Answer | string): Outcome | null {
  if (typeof answer === 'string') return refused(change.key, answer)
  if (answer.isSuccess || (answer.status === 404 && change.action === 'delete')) return null
  const isStale =
    answer.status === 409 || answer.status === 412 || (answer.status === 404 && change.action === 'update')
  if (isStale) return stale(change.key)
  return refused(change.key, answer.message)
}
