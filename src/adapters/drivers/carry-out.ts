/**
 * Carries changes out on a target whose apply is no transaction. Look first: what is as desired already is left alone, what moved
 * since the plan stops everything. Then the writes in the plan's order, stopping at the first trouble. Then look again, because
 * neither a 200 nor a broken connection says what is there now.
 */
import { canonicalJson } from '../../core/canonical.ts'
import { valueAt } from '../../core/diff/index.ts'
import type { HonuaError } from '../../core/errors/honua-error.ts'
import { type Failure, targetErrors } from '../../core/errors/target.ts'
import type { Json } from '../../core/json.ts'
import type { LiveResource, Resource, ResourceChange, ResourceKey } from '../../core/vocabulary.ts'
import type { ApplyRequest } from '../../ports/driver.ts'

/** Everything live on the target, by key, secrets concealed. */
export type Live = ReadonlyMap<ResourceKey, LiveResource>

/** A change that is still to be made. `before` is what is live; null for a creation. */
export interface Pending {
  readonly change: ResourceChange
  readonly desired: Resource | null
  readonly before: LiveResource | null
}

/** How the writes ended: undone ones, with reasons where the target gave any. */
export interface Outcome {
  /** Refused by the target: by key. */
  readonly failures: readonly Failure[]
  /** Not written, because it moved since it was observed. */
  readonly stale: readonly ResourceKey[]
  /** What broke the series off with its outcome unknown. */
  readonly broken: HonuaError | null
  /** Begun, with their outcome unknown: by key. Absent where all that did not land was begun. */
  readonly unclear?: readonly Failure[]
}

/** Whether nothing stood in the way. */
export function isWhole({ failures, stale, broken }: Outcome): boolean {
  return failures.length === 0 && stale.length === 0 && broken === null
}

/** Told after each write how many changes it made. */
export type Landed = (changes: number) => void

/** One apply, and how a driver looks and writes. */
export interface CarryOut {
  readonly target: string
  readonly request: ApplyRequest
  /** How the target would hold a declared resource. */
  readonly represent: (resource: Resource) => Resource
  readonly look: () => Promise<Live>
  /** Makes the changes in order and stops at the first trouble; tells `landed` how many each write made. Rejects only when aborted. */
  readonly write: (pending: readonly Pending[], landed: Landed) => Promise<Outcome>
  readonly signal: AbortSignal
}

/** Makes every change or throws: _STALE, _REFUSED, _PARTIAL, _NOT_APPLIED, or what broke the series off. */
export async function carryOut(job: CarryOut): Promise<void> {
  const pending = pendingOf(job, await job.look())
  if (pending.length === 0) return
  const outcome = await job.write(pending, counting(job.request, pending.length))
  job.signal.throwIfAborted()
  const after = await lookAgain(job, outcome)
  const missing = pending.filter((item) => !hasLanded(item, after.get(item.change.key)))
  if (missing.length > 0) throw verdict(job.target, pending, missing, outcome)
}

function counting({ changes, progress }: ApplyRequest, pending: number): Landed {
  let done = changes.length - pending
  return (landed) => {
    done += landed
    progress?.(done, changes.length)
  }
}

/** A look that fails must not hide why the series broke off. */
async function lookAgain(job: CarryOut, outcome: Outcome): Promise<Live> {
  try {
    return await job.look()
  } catch (error) {
    job.signal.throwIfAborted()
    throw outcome.broken ?? error
  }
}

/** Checks every change against what is live. Version and content must both be as planned: a version can start anew after a deletion. */
function pendingOf(job: CarryOut, live: Live): readonly Pending[] {
  const pending: Pending[] = []
  const stale: ResourceKey[] = []
  for (const { change, desired: declared } of job.request.changes) {
    const before = live.get(change.key) ?? null
    const desired = declared === null ? null : job.represent(declared)
    if (desired === null ? before === null || before.isOff === true : before?.digest === desired.digest) continue
    if ((before?.digest ?? null) !== change.before || (before?.version ?? null) !== change.version)
      stale.push(change.key)
    pending.push({ change, desired, before })
  }
  if (stale.length > 0) throw targetErrors.stale({ target: job.target, keys: stale })
  return pending
}

/** Read back, the fields that were to change are as desired. Others may follow the server's own mind, where the plan ignores them. */
function hasLanded({ change, desired }: Pending, after: LiveResource | undefined): boolean {
  if (desired === null) return after === undefined || after.isOff === true
  if (after === undefined) return false
  if (after.digest === desired.digest) return true
  if (change.action === 'create' || change.fields.length === 0) return false
  return change.fields.every(({ pointer }) => same(valueAt(after, pointer), valueAt(desired, pointer)))
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b)
}

function verdict(target: string, all: readonly Pending[], missing: readonly Pending[], outcome: Outcome): HonuaError {
  const reasons = new Map(outcome.failures.map(({ key, message }) => [key, message]))
  const unclear = new Map((outcome.unclear ?? []).map(({ key, message }) => [key, message]))
  const missingKeys = missing.map(({ change }) => change.key)
  const landed = all.map(({ change }) => change.key).filter((key) => !missingKeys.includes(key))
  const staleKeys = outcome.stale.filter((key) => missingKeys.includes(key))
  if (staleKeys.length > 0) return targetErrors.stale({ target, keys: staleKeys, landed })
  const refused = missingKeys.some((key) => reasons.has(key))
  if (!refused && outcome.broken === null && landed.length === 0)
    return targetErrors.notApplied({ target, keys: missingKeys })
  const why = outcome.broken === null ? 'reported as done, not there when read back' : outcome.broken.message
  const otherwise = refused || unclear.size > 0 ? 'not tried' : why
  const failed = missingKeys.map((key) => ({ key, message: reasons.get(key) ?? unclear.get(key) ?? otherwise }))
  if (landed.length > 0) {
    if (!refused && outcome.broken === null) return targetErrors.notApplied({ target, keys: missingKeys })
    return targetErrors.partial({
      target,
      landed,
      failed,
      retry: refused ? 'never' : (outcome.broken?.retry ?? 'later'),
    })
  }
  if (refused) {
    const reason = failed.map(({ key, message }) => `${key}: ${message}`).join('; ')
    return targetErrors.refused({ target, reason })
  }
  return outcome.broken ?? targetErrors.notApplied({ target, keys: missingKeys })
}
