/** The server's own deploy control: operations that it carries out by itself, and how they are followed. Source: HONUA-API §2.2. */
import { HonuaError } from '../../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../../core/errors/target.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts'
import { scrub } from '../../scrub.ts'
import { ADMIN, type Answer } from '../api.ts'
import { objectsIn, textIn } from '../fields.ts'
import type { Site } from '../generation.ts'

export const DEPLOY = `${ADMIN}/deploy`
const OPERATIONS = `${DEPLOY}/operations`
/** First pause between two looks at an operation, doubled each time up to the cap. */
const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 10_000

export interface Operation {
  readonly id: string
  readonly status: string
  readonly targetId: string
  readonly desiredRevision: string
  /** The key it was made with. */
  readonly correlationId: string
  /** The server's words for its state. */
  readonly message: string
}

/** How an operation was left: done, or still going on when the time was up. */
export type Followed = 'succeeded' | { readonly inProgress: string }

/** Statuses after which nothing comes. */
const OVER = new Set(['Succeeded', 'Failed', 'RolledBack'])

export function isOpen({ status }: Operation): boolean {
  return !OVER.has(status)
}

/** The newest operations first, as far as the server's first page goes. */
export async function listOperations(site: Site, signal: AbortSignal): Promise<readonly Operation[]> {
  const answer = await site.api.read(OPERATIONS, signal, 'plain')
  const { data } = answer
  const items = answer.success ? objectsIn(isJsonObject(data) ? data['items'] : data) : null
  if (items === null) throw unusable(site, `GET ${OPERATIONS}`, `no list of operations (HTTP ${answer.status})`)
  return items.map((item) => operationIn(site, item))
}

/** Never submitted at once: what is submitted must have been seen first, so that a lost answer rolls nothing out. */
export async function createOperation(
  site: Site,
  wanted: {
    readonly targetId: string
    readonly desiredRevision: string
    readonly key: string
    readonly reason: string
  },
  signal: AbortSignal,
): Promise<Operation> {
  const { targetId, desiredRevision, key, reason } = wanted
  const body = { targetId, desiredRevision, reason, idempotencyKey: key, correlationId: key, submitImmediately: false }
  const answer = await site.api.write({ method: 'POST', path: OPERATIONS, body, form: 'plain' }, signal)
  return operationOf(site, `POST ${OPERATIONS}`, answer)
}

/**
 * Looks at the operation until it has ended, at most `limitMs`, submitting it when it is only planned. A server that is being rolled may
 * not answer for a while. Throws HONUA_TARGET_APPROVAL, _MANUAL, or _REFUSED when it failed or was rolled back.
 */
export async function followOperation(site: Site, id: string, limitMs: number, signal: AbortSignal): Promise<Followed> {
  const { clock } = site.deps
  const began = clock.now()
  let pausedMs = 0
  let pauseMs = PAUSE_MS
  let last = 'not seen yet'
  for (;;) {
    const operation = await tolerant(() => readOperation(site, id, signal))
    if (operation !== null) {
      if (operation.status === 'Succeeded') return 'succeeded'
      throwIfStopped(site, operation)
      if (operation.status === 'Planned') await tolerant(() => submit(site, id, signal))
      last = operation.status
    }
    if (Math.max(pausedMs, clock.now() - began) >= limitMs) return { inProgress: last }
    await clock.sleep(pauseMs, signal)
    pausedMs += pauseMs
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)
  }
}

function throwIfStopped(site: Site, { id, status, message }: Operation): void {
  const target = site.settings.name
  switch (status) {
    case 'AwaitingApproval':
      throw targetErrors.approval({ target, doing: `deploy operation ${id}`, message, proposal: null })
    case 'ManualInterventionRequired':
      throw targetErrors.manual({ target, operation: id, reason: message })
    case 'Failed':
    case 'RolledBack':
      throw targetErrors.refused({ target, reason: `its deploy operation ${id} ended as ${status}: ${message}` })
  }
}

/** Null for what may pass. */
async function tolerant<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof HonuaError && error.retry === 'later') return null
    throw error
  }
}

async function readOperation(site: Site, id: string, signal: AbortSignal): Promise<Operation> {
  const path = `${OPERATIONS}/${encodeURIComponent(id)}`
  return operationOf(site, `GET ${path}`, await site.api.read(path, signal, 'plain'))
}

/** 409: somebody else was faster; the next look tells. */
async function submit(site: Site, id: string, signal: AbortSignal): Promise<void> {
  const path = `${OPERATIONS}/${encodeURIComponent(id)}/submit`
  const body = { reason: 'honua-gitops-controller' }
  const answer = await site.api.write({ method: 'POST', path, body, form: 'plain' }, signal)
  if (!answer.success && answer.status !== 409)
    throw targetErrors.refused({ target: site.settings.name, reason: `deploy operation ${id}: ${answer.message}` })
}

function operationOf(site: Site, doing: string, { success, status, data, message }: Answer): Operation {
  if (!success && status < 500 && status !== 404)
    throw targetErrors.refused({ target: site.settings.name, reason: `${doing}: ${message}` })
  if (!success || !isJsonObject(data)) throw unusable(site, doing, `no operation (HTTP ${status})`)
  return operationIn(site, data)
}

function operationIn(site: Site, item: JsonObject): Operation {
  const id = textIn(item, 'operationId')
  const status = textIn(item, 'status')
  if (id === null || status === null) throw unusable(site, OPERATIONS, 'an operation without id or status')
  const target: Json = item['target'] ?? null
  const inTarget = (field: string) => (isJsonObject(target) ? (textIn(target, field) ?? '') : '')
  const words = [textIn(item, 'errorMessage'), ...textsIn(item['blockingReasons']), textIn(item, 'observedState')]
  return {
    id,
    status,
    targetId: inTarget('targetId'),
    desiredRevision: inTarget('desiredRevision'),
    correlationId: textIn(item, 'correlationId') ?? '',
    message: scrub(words.filter((word) => word !== null).join('; ') || status, []),
  }
}

export function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item: Json): item is string => typeof item === 'string') : []
}

export function unusable(site: Site, doing: string, problem: string): HonuaError {
  return targetErrors.answer({ target: site.settings.name, doing, problem })
}
