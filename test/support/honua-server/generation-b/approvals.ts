/** Requests that wait for an approval on the server itself (enterprise edition). */
import type { ApplyBody, ApplyResult } from './manifest-apply.ts'

export interface PendingRequest {
  readonly id: string
  readonly status: 'pending' | 'approved' | 'rejected'
  readonly requestedBy: string
  readonly requestedReason: string
  readonly requestedAt: string
  readonly decidedBy: string | null
  readonly reason: string | null
}

export class Approvals {
  readonly #requests = new Map<string, { readonly shown: PendingRequest; readonly body: ApplyBody }>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  add(body: ApplyBody): PendingRequest {
    const shown: PendingRequest = {
      id: `pending-${this.#requests.size + 1}`,
      status: 'pending',
      requestedBy: body.requestedBy,
      requestedReason: body.requestedReason,
      requestedAt: this.#now().toISOString(),
      decidedBy: null,
      reason: null,
    }
    this.#requests.set(shown.id, { shown, body })
    return shown
  }

  list(status: string | null): readonly PendingRequest[] {
    return [...this.#requests.values()]
      .map(({ shown }) => shown)
      .filter((shown) => status === null || shown.status === status)
  }

  get(id: string): PendingRequest | undefined {
    return this.#requests.get(id)?.shown
  }

  /** Decides a pending request; `apply` carries an approved one out. Undefined when it is unknown or decided already. */
  decide(
    id: string,
    decision: 'approved' | 'rejected',
    by: string,
    reason: string,
    apply: (body: ApplyBody) => ApplyResult,
  ): { readonly shown: PendingRequest; readonly result: ApplyResult | null } | undefined {
    const request = this.#requests.get(id)
    if (request === undefined || request.shown.status !== 'pending') return undefined
    const shown = { ...request.shown, status: decision, decidedBy: by, reason }
    this.#requests.set(id, { ...request, shown })
    return { shown, result: decision === 'approved' ? apply(request.body) : null }
  }
}
