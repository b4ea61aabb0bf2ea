/** What passes between the parts of the stand-in while one request is answered. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault, Faults } from './faults.ts'
import type { StateOfA } from './generation-a/state.ts'
import type { Approvals } from './generation-b/approvals.ts'
import type { HonuaState } from './generation-b/state.ts'
import type { StateOfC } from './generation-c/state.ts'
import type { Ogc } from './ogc.ts'
import type { Raw } from './raw-json.ts'

/** A: REST CRUD (2025). B: manifests (early 2026). C: calls only (2026.1). */
export type Letter = 'A' | 'B' | 'C'

export interface HonuaServerOptions {
  /** 0 or absent: a free one. */
  readonly port?: number
  readonly host?: string
  /** Absent: everyone may do everything. */
  readonly apiKey?: string
  /** Accepted as `Authorization: Bearer`. */
  readonly bearer?: string
  readonly faults?: readonly Fault[]
  /** A JSON file that keeps the resources over a restart. */
  readonly persistPath?: string
  /** B where nothing is said. */
  readonly generation?: Letter
  readonly now?: () => Date
}

/** One request as it came in. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Status of the answer; 0 when the connection was cut instead. */
  status: number
}

/** All that one request needs. */
export interface Exchange {
  readonly options: HonuaServerOptions
  /** It may have been upgraded since it was started. */
  readonly generation: Letter
  readonly state: HonuaState
  readonly a: StateOfA
  readonly c: StateOfC
  readonly faults: Faults
  readonly approvals: Approvals
  readonly ogc: Ogc
  readonly now: () => Date
  readonly seen: SeenRequest
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Thrown inside an apply to break off between two resources. */
export class Cut extends Error {}

/** An answer before it is wrapped. */
export interface Reply {
  readonly status: number
  readonly message: string | null
  readonly data?: Raw
  readonly headers?: Readonly<Record<string, string>>
  /** `bare`: the data alone. `problem`: RFC 9457, with `type` and `data` as its extension. Else it is wrapped. */
  readonly form?: 'bare' | 'problem'
  readonly type?: string
}

/** A request's body as an object; empty where it is none. */
export function objectOf({ seen }: Pick<Exchange, 'seen'>): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(seen.body)
    return isObject(value) ? value : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a write is only reported and not done, or not taken at all, as a test wants it. */
export function troubleFor(
  { faults }: Exchange,
  key: string,
): { readonly refusal: string | null; readonly lie: boolean } {
  const refusal = faults.all('refuse').find((fault) => fault.key === key)?.message ?? null
  return { refusal, lie: refusal === null && faults.take('lie', 'writes') !== undefined }
}
