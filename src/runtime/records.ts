import type { Attempt, EnvironmentContext, EnvironmentEvent } from '../../machines/environment/types.ts'
import type { SourceContext, SourceEvent } from '../../machines/source/types.ts'
import { documentHash } from '../core/chain.ts'
import { allowedMoves, moveDeployment } from '../core/deployment.ts'
import { asJson, type JsonObject } from '../core/json.ts'
import { isNothing, leftOver } from '../core/left-over.ts'
import type { Actor, Deed, Deployment, DeploymentState, Digest, Instant } from '../core/vocabulary.ts'
import type { Commit, NewAuditEntry } from '../ports/store.ts'
import type { Step } from './actor.ts'
import { pathOf } from './fold.ts'

type Projection = Pick<Commit, 'documents' | 'audit'>

/** Where deployment records are kept. */
export const DEPLOYMENTS = 'deployments'

const CONTROLLER: Actor = { name: 'controller', how: 'controller' }

/**
 * Deployment records and audit lines of one environment, made from its transitions and nothing else. A record takes the shortest
 * legal road to the state that the chart is in; the road is what its history shows.
 */
export class EnvironmentRecords {
  #open: Deployment | null

  /** `open` is the stored record of the attempt that is open in the restored state. */
  constructor(open: Deployment | null) {
    this.#open = open
  }

  project(step: Step<EnvironmentContext, EnvironmentEvent>): Projection {
    const changed = this.#written(step)
    return {
      documents: changed.map((record) => ({ collection: DEPLOYMENTS, id: record.id, value: asJson(record) })),
      audit: [
        ...byPeople(step.event),
        ...changed.filter((record) => isNews(record, this.#open)).map((record) => ofRecord(record, step.event.at)),
      ],
    }
  }

  /** Call when a projected step is on disk. */
  settle(step: Step<EnvironmentContext, EnvironmentEvent>): void {
    this.#open = this.#written(step).at(-1) ?? this.#open
  }

  /** The records that the step writes: the one it ends, the one it opens or moves. */
  #written({ before, event, after }: Step<EnvironmentContext, EnvironmentEvent>): readonly Deployment[] {
    const { ended, attempt, name } = after.context
    const recordOf = (one: Attempt) => (this.#open?.id === one.id ? this.#open : opened(name, one, event.at))
    const written: Deployment[] = []
    if (ended !== null && ended !== before.context.ended)
      written.push(
        moved(
          recordOf(ended.attempt),
          ended.result,
          ended.attempt,
          event.at,
          ended.attempt.failure?.message ?? event.type,
        ),
      )
    if (attempt !== null)
      written.push(moved(recordOf(attempt), recordState(pathOf(after.value), attempt), attempt, event.at, event.type))
    const did = toldBy(event, before.context)
    const [first] = written
    // A step is told with the attempt that it belongs to: the one that it ends, or the one that goes on.
    if (first !== undefined) {
      const done = did.length === 0 ? first : { ...first, deeds: [...(first.deeds ?? []), ...did] }
      written[0] = withLeft(done, event)
    }
    return written.filter((record) => record !== this.#open)
  }
}

/** Steps that the event tells of. One that breaks off an effect that was answered before it came tells nothing. */
function toldBy(event: EnvironmentEvent, { owed }: EnvironmentContext): readonly Deed[] {
  if (event.type !== 'deployment.cancelled') return 'did' in event ? (event.did ?? []) : []
  const { brokenOff } = event
  return brokenOff !== undefined && owed.some(({ id }) => id === brokenOff.effect) ? brokenOff.did : []
}

/** The record with what a rollback left, where the event tells how one went. */
function withLeft(record: Deployment, event: EnvironmentEvent): Deployment {
  const told = toldLeft(event)
  if (told === null) return record
  const { left: former, ...rest } = record
  const left = leftOver(former, record.deeds ?? [], told)
  if (!isNothing(left)) return { ...rest, left }
  return former === undefined ? record : rest
}

function toldLeft(event: EnvironmentEvent): Parameters<typeof leftOver>[2] | null {
  switch (event.type) {
    case 'restore.done':
      return { remains: [], again: event.did ?? [] }
    case 'restore.failed':
    case 'restore.unverified':
      return event.remains === undefined ? {} : { remains: event.remains }
    default:
      return null
  }
}

/** Audit lines of the source. */
export function projectSource(step: Step<SourceContext, SourceEvent>): Projection {
  const { event } = step
  if (event.type !== 'rewrite.accepted') return { documents: [], audit: [] }
  return {
    documents: [],
    audit: [line(event.at, event.by, event.type, { commit: event.commit, reason: event.reason })],
  }
}

/** The record's state that a state of the chart stands for. A request keeps waiting in name until it is known to be true still. */
function recordState(path: string, attempt: Attempt): DeploymentState {
  const [top, sub] = path.split('.')
  if (top === 'AwaitingApproval') return 'AwaitingApproval'
  if (top === 'RollingBack') return 'RollingBack'
  if (sub === 'backingUp') return 'BackingUp'
  if (sub === 'applying') return 'Applying'
  if (sub === 'postValidating') return 'PostValidating'
  return attempt.expiresAt === null ? 'Validating' : 'AwaitingApproval'
}

function opened(environment: string, attempt: Attempt, at: Instant): Deployment {
  return {
    id: attempt.id,
    environment,
    state: 'Pending',
    outcome: null,
    commit: attempt.plan.commit,
    release: attempt.plan.release,
    plan: attempt.plan,
    initiatedBy: attempt.initiatedBy,
    approvedBy: null,
    startedAt: at,
    updatedAt: at,
    completedAt: null,
    expiresAt: attempt.expiresAt,
    backup: null,
    error: null,
    history: [],
  }
}

function moved(record: Deployment, to: DeploymentState, attempt: Attempt, at: Instant, message: string): Deployment {
  const facts = {
    approvedBy: attempt.approvedBy,
    backup: attempt.backup,
    outcome: attempt.failure?.outcome ?? null,
    error: attempt.failure === null ? null : { code: attempt.failure.code, message: attempt.failure.message },
  }
  const road = roadTo(record.state, to)
  if (road.length === 0) return sameFacts(record, facts) ? record : { ...record, ...facts, updatedAt: at }
  return road.reduce<Deployment>((one, state) => moveDeployment(one, state, at, message), { ...record, ...facts })
}

function sameFacts(
  record: Deployment,
  facts: Pick<Deployment, 'approvedBy' | 'backup' | 'outcome' | 'error'>,
): boolean {
  return (
    record.approvedBy?.name === facts.approvedBy?.name &&
    record.backup === facts.backup &&
    record.outcome === facts.outcome &&
    record.error?.message === facts.error?.message
  )
}

/** The shortest legal road from one state to another, the first left out; empty when they are the same. Throws when there is none. */
function roadTo(from: DeploymentState, to: DeploymentState): readonly DeploymentState[] {
  if (from === to) return []
  const roads: (readonly DeploymentState[])[] = [[from]]
  const seen = new Set<DeploymentState>([from])
  for (const road of roads) {
    const end = road.at(-1) ?? from
    for (const next of allowedMoves[end]) {
      if (next === to) return [...road.slice(1), next]
      if (!seen.has(next)) {
        seen.add(next)
        roads.push([...road, next])
      }
    }
  }
  throw new RangeError(`a deployment cannot go from ${from} to ${to}`)
}

function isNews(record: Deployment, former: Deployment | null): boolean {
  return record.id !== former?.id || record.completedAt !== former.completedAt
}

function ofRecord(record: Deployment, at: Instant): NewAuditEntry {
  const action = record.completedAt === null ? 'deployment.started' : `deployment.${record.state.toLowerCase()}`
  return line(at, record.completedAt === null ? record.initiatedBy : CONTROLLER, action, {
    deployment: record.id,
    commit: record.commit,
    release: record.release,
    plan: record.plan.digest,
    outcome: record.outcome,
    approvedBy: record.approvedBy === null ? null : asJson(record.approvedBy),
    ...(record.completedAt === null ? {} : { record: hashOf(record) }),
  })
}

/** What the log vouches for from now on. */
function hashOf(record: Deployment): Digest {
  return documentHash(DEPLOYMENTS, record.id, JSON.stringify(record))
}

/** What people did, in their own name. */
function byPeople(event: EnvironmentEvent): readonly NewAuditEntry[] {
  switch (event.type) {
    case 'approval.granted':
    case 'approval.rejected':
    case 'deployment.cancelled':
      return [line(event.at, event.by, event.type, { deployment: event.deployment, reason: event.reason })]
    case 'hold.placed':
      return [line(event.at, event.by, event.type, { reason: event.reason, until: event.until })]
    case 'hold.lifted':
      return [line(event.at, event.by, event.type, { reason: event.reason })]
    case 'rollback.requested':
      return [
        line(event.at, event.by, event.type, {
          reason: event.reason,
          release: event.plan.release,
          commit: event.plan.commit,
        }),
      ]
    case 'recovery.requested': {
      const { at, by, type, reason, target, backup, plan } = event
      return [line(at, by, type, { reason, target, backup, plan: plan.digest })]
    }
    case 'look.requested':
      return event.by.how === 'controller' ? [] : [line(event.at, event.by, 'sync.requested', {})]
    case 'settings.changed':
      return [
        line(event.at, CONTROLLER, event.type, { autoSync: event.settings.autoSync, prune: event.settings.prune }),
      ]
    default:
      return []
  }
}

function line(at: Instant, actor: Actor, action: string, details: JsonObject): NewAuditEntry {
  return { at, actor: asJson(actor), action, details }
}
