/** The manifest API of generation B: /api/v1/admin/{manifest,metadata/resources}. */

import { Cut, type Exchange, type Reply } from '../exchange.ts'
import { parseRaw, type Raw, textField, toRaw } from '../raw-json.ts'
import { type ApplyBody, applyBodyOf, applyManifest } from './manifest-apply.ts'
import { keyOf, type Stored, toAnswer, wantedOf } from './resources.ts'

const NOT_FOUND: Reply = { status: 404, message: 'Not found.' }

/** Computes the answer, doing what the request asks for. Throws Cut where a fault breaks an apply off. */
export function answerOfB(exchange: Exchange, parts: readonly string[], query: URLSearchParams): Reply {
  switch (parts[0]) {
    case 'manifest':
      return manifestRoutes(exchange, parts.slice(1), query)
    case 'metadata':
      return parts[1] === 'resources' ? resourceRoutes(exchange, parts.slice(2)) : NOT_FOUND
    default:
      return NOT_FOUND
  }
}

function manifestRoutes(exchange: Exchange, parts: readonly string[], query: URLSearchParams): Reply {
  const { state, seen } = exchange
  const [first, second] = parts
  if (first === undefined) return seen.method === 'GET' ? ok(state.manifest(query.get('namespace'))) : NOT_FOUND
  switch (first) {
    case 'apply':
      return seen.method === 'POST' ? apply(exchange) : NOT_FOUND
    case 'drift':
      return ok(state.drift(query.get('verbose') === 'true'))
    case 'versions': {
      if (second === undefined) return ok(toRaw(state.versions.map(({ id, appliedAt }) => ({ id, appliedAt }))))
      const version = state.versions.find(({ id }) => id === second)
      return version === undefined ? NOT_FOUND : ok(version.resources.map(toManifestResource))
    }
    case 'pending':
      return pendingRoutes(exchange, parts.slice(1), query)
    default:
      return NOT_FOUND
  }
}

function toManifestResource({
  kind,
  namespace,
  name,
  labels,
  annotations,
  spec,
}: Pick<Stored, 'kind' | 'namespace' | 'name' | 'labels' | 'annotations' | 'spec'>): Raw {
  const metadata = new Map<string, Raw>([
    ['name', name],
    ['namespace', namespace],
    ['labels', labels],
    ['annotations', annotations],
  ])
  return new Map<string, Raw>([
    ['apiVersion', 'honua.io/v1alpha1'],
    ['kind', kind],
    ['metadata', metadata],
    ['spec', spec],
  ])
}

function apply(exchange: Exchange): Reply {
  const body = bodyOf(exchange)
  if (body === null) return { status: 400, message: 'The request body is not valid JSON.' }
  const request = applyBodyOf(body)
  if (request.resources.length === 0) return { status: 400, message: 'At least one resource is required.' }
  const [approval] = exchange.faults.all('approval')
  if (!request.dryRun && (request.approvalRequired || approval !== undefined)) {
    if (approval?.edition !== 'enterprise')
      return { status: 403, message: 'Manifest approvals require the enterprise edition.' }
    return { status: 202, message: 'Approval required.', data: toRaw(exchange.approvals.add(request)) }
  }
  return ok(toRaw(carryOut(exchange, request)))
}

function carryOut({ state, faults, seen }: Exchange, request: ApplyBody) {
  const refusals = new Map(
    faults
      .all('refuse')
      .filter((fault) => !request.dryRun || fault.dryRun === true)
      .map((fault) => [fault.key, fault.echo === true ? `${fault.message}: ${seen.body}` : fault.message]),
  )
  const middle = request.dryRun ? undefined : faults.all('cut').find(({ when }) => typeof when === 'number')
  return applyManifest(state, request, {
    refuse: (key) => refusals.get(key) ?? null,
    before: (index) => {
      if (middle === undefined || index !== middle.when) return
      faults.take('cut', 'writes')
      throw new Cut()
    },
    lie: !request.dryRun && faults.take('lie', 'writes') !== undefined,
  })
}

function pendingRoutes(exchange: Exchange, parts: readonly string[], query: URLSearchParams): Reply {
  const { approvals, seen } = exchange
  const [id, decision] = parts
  if (id === undefined) return ok(toRaw(approvals.list(query.get('status'))))
  if (id === 'history') return ok(toRaw(approvals.list(null).filter(({ status }) => status !== 'pending')))
  if (decision === undefined) {
    const shown = approvals.get(id)
    return shown === undefined ? NOT_FOUND : ok(toRaw(shown))
  }
  if (seen.method !== 'POST' || (decision !== 'approve' && decision !== 'reject')) return NOT_FOUND
  const body = bodyOf(exchange) ?? null
  const by = textField(body, decision === 'approve' ? 'approvedBy' : 'rejectedBy') ?? ''
  const status = decision === 'approve' ? 'approved' : 'rejected'
  const decided = approvals.decide(id, status, by, textField(body, 'reason') ?? '', (request) =>
    carryOut(exchange, request),
  )
  return decided === undefined ? { status: 409, message: 'Not pending.' } : ok(toRaw(decided))
}

/** One resource by path; PUT and DELETE require If-Match, derived from the version. */
function resourceRoutes(exchange: Exchange, parts: readonly string[]): Reply {
  const { state, seen, faults } = exchange
  const [kind, namespace, name] = parts
  if (kind === undefined) return seen.method === 'POST' ? create(exchange) : ok(state.all().map(toAnswer))
  if (namespace === undefined || name === undefined) return NOT_FOUND
  const key = keyOf({ kind, namespace, name })
  const live = state.get(key)
  if (live === undefined) return NOT_FOUND
  if (seen.method === 'GET') return { ...ok(toAnswer(live)), headers: { etag: etagOf(live) } }
  if (seen.method !== 'PUT' && seen.method !== 'DELETE') return NOT_FOUND
  const match = seen.headers['if-match']
  if (match === undefined) return { status: 428, message: 'If-Match is required.' }
  if (match !== etagOf(live)) return { status: 412, message: 'The resource was changed by someone else.' }
  const refusal = faults.all('refuse').find((fault) => fault.key === key)
  if (refusal !== undefined) return { status: 422, message: refusal.message }
  const lie = faults.take('lie', 'writes') !== undefined
  if (seen.method === 'DELETE') {
    if (!lie) state.remove(key)
    return ok(null)
  }
  const { wanted, problem } = wantedOf(bodyOf(exchange) ?? null)
  if (problem !== null) return { status: 400, message: problem }
  if (keyOf(wanted) !== key) return { status: 400, message: 'The identity in the body differs from the path.' }
  const stored = lie ? live : state.put(wanted)
  return { ...ok(toAnswer(stored)), headers: { etag: etagOf(stored) } }
}

function create(exchange: Exchange): Reply {
  const { wanted, problem } = wantedOf(bodyOf(exchange) ?? null)
  if (problem !== null) return { status: 400, message: problem }
  if (exchange.state.get(keyOf(wanted)) !== undefined) return { status: 409, message: 'The resource exists.' }
  const stored = exchange.state.put(wanted)
  return { status: 201, message: null, data: toAnswer(stored), headers: { etag: etagOf(stored) } }
}

function etagOf({ version }: Stored): string {
  return `"${version}"`
}

function ok(data: Raw): Reply {
  return { status: 200, message: null, data }
}

function bodyOf({ seen }: Exchange): Raw | null {
  try {
    return parseRaw(seen.body)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
