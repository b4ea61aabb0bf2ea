/** /deploy/… and /platform-release/converge: the server rolls its own versions. Answers are bare, errors are problems. */
import { type Exchange, objectOf, type Reply } from '../exchange.ts'
import { bare, METHOD_NOT_ALLOWED, NOT_FOUND, problem } from './replies.ts'
import type { DeployTarget, Item, Operation, StateOfC } from './state.ts'

const COURSE = ['Submitted', 'Reconciling', 'Succeeded']

export function deployRoutes(exchange: Exchange, parts: readonly string[]): Reply {
  const { seen, c: state } = exchange
  const [what, id, call] = parts
  if (what === 'preflight')
    return bare({
      status: 'ready',
      readyForCoordinatedDeploy: true,
      migration: { lifecycleStatus: 'Current', upgradeRequired: false, pendingScripts: [] },
      platformRelease: { releaseVersion: state.release.version, releaseDeclared: true },
    })
  if (what === 'plan') return seen.method === 'POST' ? plan(exchange) : METHOD_NOT_ALLOWED
  if (what !== 'operations') return NOT_FOUND
  if (id === undefined) {
    if (seen.method === 'POST') return create(exchange)
    return bare({ items: [...state.operations.values()].reverse().map(shown), page: 1 })
  }
  const operation = state.operations.get(id)
  if (operation === undefined) return NOT_FOUND
  if (call === undefined) return bare(shown(seen.method === 'GET' ? moved(state, operation) : operation))
  if (call !== 'submit' || seen.method !== 'POST') return NOT_FOUND
  if (operation.status !== 'Planned') return problem(409, `Operation is ${operation.status}.`)
  return bare(shown(put(state, { ...operation, status: courseOf(state, operation)[0] ?? 'Submitted' })))
}

function plan(exchange: Exchange): Reply {
  const { targetId, desiredRevision } = objectOf(exchange)
  const target = exchange.c.targets.get(String(targetId))
  if (target === undefined) return problem(404, `Deploy target '${String(targetId)}' is not known.`)
  return bare({
    target: { targetId, desiredRevision, currentRevision: target.revision, backend: 'honua-yarp-rolling' },
    readyToSubmit: true,
    requiresApproval: false,
    warnings: [],
    blockingReasons: target.pinned === true ? ['The target is pinned.'] : [],
  })
}

/** Submitted at once unless it is asked not to be; the same key gives the same operation. */
function create(exchange: Exchange): Reply {
  const { c: state } = exchange
  const body = objectOf(exchange)
  const { targetId, desiredRevision, idempotencyKey } = body
  if (typeof targetId !== 'string' || !state.targets.has(targetId)) return problem(404, 'Deploy target is not known.')
  if (typeof desiredRevision !== 'string') return problem(400, 'desiredRevision is required.')
  const same = [...state.operations.values()].find((one) => one.idempotencyKey === idempotencyKey)
  if (same !== undefined && typeof idempotencyKey === 'string') return bare(shown(same))
  const operation = begin(state, {
    targetId,
    desiredRevision,
    key: typeof idempotencyKey === 'string' ? idempotencyKey : '',
    correlationId: String(body['correlationId'] ?? ''),
    submit: body['submitImmediately'] !== false,
  })
  return bare(shown(operation), 201)
}

export function converge({ c: state }: Exchange): Reply {
  const { version, artifact } = state.release
  const targets = [...state.targets].map(([targetId, target]) => outcomeOf(state, targetId, target))
  return bare({
    releaseVersion: version,
    servingArtifactReference: artifact,
    converged: targets.every(({ outcome }) => outcome === 'already-converged' || outcome === 'skipped-pinned'),
    workersDeferred: true,
    targets,
  })
}

function outcomeOf(state: StateOfC, targetId: string, target: DeployTarget) {
  const { version, artifact } = state.release
  if (target.pinned === true) return { targetId, outcome: 'skipped-pinned' }
  const done = [...state.operations.values()].filter((one) => one.targetId === targetId && one.status === 'Succeeded')
  const last = done.at(-1)?.desiredRevision
  if (last === artifact) return { targetId, outcome: 'already-converged', lastAppliedRevision: last }
  const key = `converge:${version}:${targetId}`
  const same = [...state.operations.values()].find((one) => one.idempotencyKey === key)
  const wanted = { targetId, desiredRevision: artifact, key, correlationId: '', submit: true }
  const { operationId } = same ?? begin(state, wanted)
  return { targetId, operationId, outcome: last === undefined ? 'unknown-treated-divergent' : 'operation-created' }
}

function begin(
  state: StateOfC,
  wanted: {
    readonly targetId: string
    readonly desiredRevision: string
    readonly key: string
    readonly correlationId: string
    readonly submit: boolean
  },
): Operation {
  const { targetId, desiredRevision, key, correlationId, submit } = wanted
  const operationId = `op-${state.operations.size + 1}`
  const operation = { operationId, targetId, desiredRevision, idempotencyKey: key, correlationId, reason: '' }
  const status = submit ? (courseOf(state, operation)[0] ?? 'Submitted') : 'Planned'
  return put(state, { ...operation, status, errorMessage: null })
}

function put(state: StateOfC, operation: Operation): Operation {
  state.operations.set(operation.operationId, operation)
  return operation
}

/** A look at an operation that is under way finds it one status further. */
function moved(state: StateOfC, operation: Operation): Operation {
  const course = courseOf(state, operation)
  const at = course.indexOf(operation.status)
  const next = at < 0 ? undefined : course[at + 1]
  if (next === undefined) return operation
  const target = state.targets.get(operation.targetId)
  if (next === 'Succeeded' && target !== undefined)
    state.targets.set(operation.targetId, { ...target, revision: operation.desiredRevision })
  const errorMessage = next === 'Failed' ? 'The health gate did not open.' : null
  return put(state, { ...operation, status: next, errorMessage })
}

function courseOf(state: StateOfC, { targetId }: Pick<Operation, 'targetId'>): readonly string[] {
  return state.targets.get(targetId)?.course ?? COURSE
}

function shown({ operationId, status, targetId, desiredRevision, correlationId, errorMessage }: Operation): Item {
  return { operationId, kind: 'deploy', status, correlationId, errorMessage, target: { targetId, desiredRevision } }
}
