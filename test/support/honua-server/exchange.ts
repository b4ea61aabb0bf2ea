/** What passes between the parts of the stand-in while one request is answered. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Approvals } from './approvals.ts'
import type { Fault, Faults } from './faults.ts'
import type { Ogc } from './ogc.ts'
import type { Raw } from './raw-json.ts'
import type { HonuaState } from './state.ts'

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
  /** C has no manifests any more and still claims to. */
  readonly generation?: 'B' | 'C'
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
  readonly state: HonuaState
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
}
