import type { FastifyError } from 'fastify'
import { apiErrors } from '../core/errors/api.ts'
import { HonuaError } from '../core/errors/honua-error.ts'
import type { Answer, Refused } from '../runtime/facade.ts'
import type { ErrorView } from './contract.ts'

type Why = ErrorView['why']

const STATUS_OF_WHY: { readonly [why in Why]: number } = {
  'not-found': 404,
  refused: 409,
  busy: 409,
  blocked: 423,
  invalid: 400,
  'not-allowed': 403,
  unavailable: 503,
}

/** The codes of this area that need another status or word than `unavailable`. */
const KNOWN: { readonly [code: string]: { readonly status: number; readonly why: Why } } = {
  HONUA_IDENTITY_UNKNOWN: { status: 401, why: 'not-allowed' },
  HONUA_NOT_ALLOWED: { status: 403, why: 'not-allowed' },
  HONUA_API_ORIGIN_REFUSED: { status: 403, why: 'not-allowed' },
  HONUA_API_MEDIA_TYPE: { status: 415, why: 'invalid' },
  HONUA_API_BODY_INVALID: { status: 400, why: 'invalid' },
  HONUA_API_BODY_TOO_LARGE: { status: 413, why: 'invalid' },
  HONUA_API_ROUTE_UNKNOWN: { status: 404, why: 'not-found' },
  HONUA_NOT_FOUND: { status: 404, why: 'not-found' },
  HONUA_EVENT_UNKNOWN: { status: 404, why: 'not-found' },
  HONUA_EVENT_TOO_FAR: { status: 400, why: 'invalid' },
  HONUA_WEB_HOST_REFUSED: { status: 421, why: 'not-allowed' },
  HONUA_WEB_CROSS_SITE: { status: 403, why: 'not-allowed' },
  HONUA_WEB_HEADER_MISSING: { status: 403, why: 'not-allowed' },
  HONUA_WEB_SIGN_IN_NEEDED: { status: 401, why: 'not-allowed' },
  HONUA_WEB_INVITATION_USED: { status: 401, why: 'not-allowed' },
  HONUA_INSPECT_TICKET_USED: { status: 401, why: 'not-allowed' },
  HONUA_API_INTERNAL: { status: 500, why: 'unavailable' },
}

export interface Reply {
  readonly status: number
  readonly body: ErrorView
}

/** What a refused order answers. */
export function refusalReply({ why, code, message, remedy }: Refused): Reply {
  return { status: STATUS_OF_WHY[why], body: { why, code, message, remedy } }
}

/** What a thrown error answers. An error that is not ours says nothing of itself: its text may hold anything. */
export function errorReply(error: unknown, bodyBytesMax: number): Reply {
  const own = error instanceof HonuaError ? error : ofFastify(error, bodyBytesMax)
  const { status, why } = KNOWN[own.code] ?? { status: 503, why: 'unavailable' }
  return { status, body: { why, code: own.code, message: own.message, remedy: own.remedy } }
}

/** The value of an order that was carried out; throws what turns into the refusal's reply otherwise. */
export function granted<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value
  throw new OrderRefused(answer)
}

/** Carries a refusal from the handler to the error handler. */
export class OrderRefused extends Error {
  readonly refused: Refused
  constructor(refused: Refused) {
    super(refused.message)
    this.refused = refused
  }
}

function ofFastify(error: unknown, bodyBytesMax: number): HonuaError {
  const code = isFastifyError(error) ? error.code : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return apiErrors.bodyTooLarge({ maxBytes: bodyBytesMax })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return apiErrors.mediaType({ given: 'something else' })
  if (isFastifyError(error) && error.statusCode === 400)
    return apiErrors.bodyInvalid({ reason: 'it is not a JSON object' })
  return apiErrors.internal()
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
