/** Rolling a server's version by its own deploy control. The controller asks, follows and tells; it never rolls anything by itself. */
import { targetErrors } from '../../../../core/errors/target.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts'
import { scrub } from '../../scrub.ts'
import { ADMIN } from '../api.ts'
import { objectsIn, textIn } from '../fields.ts'
import type { Action, Site } from '../generation.ts'
import {
  createOperation,
  DEPLOY,
  followOperation,
  isOpen,
  listOperations,
  type Operation,
  textsIn,
  unusable,
} from './deploy-control.ts'

const CONVERGE = `${ADMIN}/platform-release/converge`
/** How long a rollout is followed, below the time-out of the step; then it is told as in progress. */
const FOLLOW_MS = 600_000

/**
 * Inputs: `targetId` and `version` roll one deploy target to a revision; without `targetId` every target converges to the release that
 * the server declares, which `version`, where given, must be. `followSeconds`: how long to look on, 600.
 */
export const rollOut: Action = async (site, { environment, inputs }, signal) => {
  const { followSeconds } = inputs
  const limitMs = typeof followSeconds === 'number' && followSeconds >= 0 ? followSeconds * 1000 : FOLLOW_MS
  const targetId = textIn(inputs, 'targetId')
  const version = textIn(inputs, 'version') ?? textIn(inputs, 'desiredRevision')
  if (targetId === null) return converge(site, version, limitMs, signal)
  if (version === null) throw misused(site, 'rolling-restart with targetId needs version')
  return rollOne(site, { environment, targetId, version }, limitMs, signal)
}

interface One {
  readonly environment: string
  readonly targetId: string
  readonly version: string
}

async function rollOne(site: Site, one: One, limitMs: number, signal: AbortSignal): Promise<string> {
  const { targetId, version } = one
  // A run before may have been cut off at any moment: what it began is gone on with.
  const known = (await listOperations(site, signal)).filter(
    (operation) => operation.targetId === targetId && operation.desiredRevision === version,
  )
  const open = known.find(isOpen)
  if (open !== undefined) return told(site, open.id, one, limitMs, signal)
  const { current, warnings } = await plan(site, one, signal)
  if (current === version) return `${targetId} is at ${version} already`
  const key = nextKey(one, known)
  const reason = `honua-gitops-controller, ${one.environment}`
  const { id } = await createOperation(site, { targetId, desiredRevision: version, key, reason }, signal)
  const message = await told(site, id, one, limitMs, signal)
  return warnings.length === 0 ? message : `${message} (${warnings.join('; ')})`
}

/** The same until an operation made with it has ended: a repeat after a lost answer makes no second one. */
function nextKey({ environment, targetId, version }: One, known: readonly Operation[]): string {
  const prefix = `gitops:${environment}:${targetId}:${version}:`
  const used = known.flatMap(({ correlationId }) =>
    correlationId.startsWith(prefix) ? [Number(correlationId.slice(prefix.length))] : [],
  )
  return `${prefix}${Math.max(0, ...used.filter(Number.isInteger)) + 1}`
}

async function plan(site: Site, { targetId, version }: One, signal: AbortSignal) {
  const path = `${DEPLOY}/plan`
  const body = { targetId, desiredRevision: version }
  const { success, data, status, message } = await site.api.write({ method: 'POST', path, body, form: 'plain' }, signal)
  if (!success) throw misused(site, `POST ${path}: ${message}`)
  if (!isJsonObject(data)) throw unusable(site, `POST ${path}`, `no plan (HTTP ${status})`)
  const blocking = textsIn(data['blockingReasons'])
  if (blocking.length > 0) throw misused(site, `${targetId} cannot go to ${version}: ${words(blocking)}`)
  const target: Json = data['target'] ?? null
  return {
    current: isJsonObject(target) ? textIn(target, 'currentRevision') : null,
    warnings: textsIn(data['warnings']).map((warning) => scrub(warning, [])),
  }
}

async function told(site: Site, id: string, one: One, limitMs: number, signal: AbortSignal): Promise<string> {
  const followed = await followOperation(site, id, limitMs, signal)
  const what = `${one.targetId} to ${one.version}, operation ${id}`
  if (followed === 'succeeded') return `rolled ${what}`
  return `in progress: ${what} is ${followed.inProgress} after ${limitMs / 1000} s; the server goes on, and the next run follows it`
}

/** Idempotent by the server's own key `converge:{version}:{targetId}`. */
async function converge(site: Site, version: string | null, limitMs: number, signal: AbortSignal): Promise<string> {
  if (version !== null) await mustDeclare(site, version, signal)
  const { success, data, status, message } = await site.api.write(
    { method: 'POST', path: CONVERGE, body: {}, form: 'plain' },
    signal,
  )
  if (!success) throw misused(site, `POST ${CONVERGE}: ${message}`)
  const outcomes = isJsonObject(data) ? objectsIn(data['targets']) : null
  if (outcomes === null) throw unusable(site, `POST ${CONVERGE}`, `no targets (HTTP ${status})`)
  const lines: string[] = []
  for (const outcome of outcomes) lines.push(await converged(site, outcome, limitMs, signal))
  return lines.length === 0 ? 'the server knows no deploy targets' : lines.join('; ')
}

async function converged(site: Site, outcome: JsonObject, limitMs: number, signal: AbortSignal): Promise<string> {
  const target = site.settings.name
  const targetId = scrub(textIn(outcome, 'targetId') ?? '?', [])
  const word = scrub(textIn(outcome, 'outcome') ?? '?', [])
  const message = scrub(textIn(outcome, 'message') ?? word, [])
  const proposal = textIn(outcome, 'proposalId')
  if (proposal !== null)
    throw targetErrors.approval({ target, doing: `rolling ${targetId}`, message, proposal: scrub(proposal, []) })
  switch (word) {
    case 'already-converged':
      return `${targetId} was converged already`
    case 'skipped-pinned':
      return `${targetId} is pinned and was left alone`
    case 'operation-created':
    case 'unknown-treated-divergent': {
      const id = textIn(outcome, 'operationId')
      if (id === null) throw unusable(site, `POST ${CONVERGE}`, `${word} without an operation`)
      const followed = await followOperation(site, id, limitMs, signal)
      return followed === 'succeeded'
        ? `${targetId} rolled (${word}, operation ${id})`
        : `in progress: ${targetId} is ${followed.inProgress}, operation ${id}; the server goes on, and the next run follows it`
    }
    default:
      throw misused(site, `converging ${targetId} ended as ${word}: ${message}`)
  }
}

/** The call itself takes no version, so what it would roll to is looked at first. */
async function mustDeclare(site: Site, version: string, signal: AbortSignal): Promise<void> {
  const { data } = await site.api.read(`${DEPLOY}/preflight`, signal, 'plain')
  const release = isJsonObject(data) ? data['platformRelease'] : undefined
  const declared = isJsonObject(release) ? textIn(release, 'releaseVersion') : null
  if (declared !== version)
    throw misused(site, `its declared release is ${declared ?? 'not told'} and not ${version}; nothing was rolled`)
}

function misused(site: Site, reason: string) {
  return targetErrors.refused({ target: site.settings.name, reason: scrub(reason, []) })
}

function words(texts: readonly string[]): string {
  return texts.map((text) => scrub(text, [])).join('; ')
}
