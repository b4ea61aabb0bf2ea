/** Troubles that a test can put on the server. */
export type Fault = { readonly times?: number; readonly on?: 'reads' | 'writes' } & (
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly echo?: boolean }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection is cut: before anything is done, after all of it, amid the answer, or after that many resources of a manifest. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' | 'midway' | number }
  /** Says that it did everything, and does nothing. */
  | { readonly kind: 'lie' }
  /** This one resource is not taken; a dry run tells it only with `dryRun`. */
  | {
      readonly kind: 'refuse'
      readonly key: string
      readonly message: string
      readonly echo?: boolean
      readonly dryRun?: boolean
    }
  | { readonly kind: 'garbage'; readonly body?: string }
  /** An answer that never ends. */
  | { readonly kind: 'endless' }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'unhealthy' }
  /** The server is started with approvals for every apply: 202 with its enterprise edition, 403 without. */
  | { readonly kind: 'approval'; readonly edition: 'enterprise' | 'community' }
  /** A foreign write slips in between the look and the write: done once, just before the next write is served. */
  | { readonly kind: 'meanwhile'; readonly act: () => void }
)

export type FaultKind = Fault['kind']

/** The faults in force. Each is used `times` times (default: until cleared), on reads, writes or both. */
export class Faults {
  #active: { readonly fault: Fault; left: number }[] = []

  /** Puts a fault in force; the returned function lifts it. */
  set(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY }
    this.#active.push(entry)
    return () => {
      this.#active = this.#active.filter((other) => other !== entry)
    }
  }

  clear(): void {
    this.#active = []
  }

  /** The first fault of the kind that concerns such a request, one use of it spent. */
  take<K extends FaultKind>(kind: K, side: 'reads' | 'writes'): Extract<Fault, { readonly kind: K }> | undefined {
    const entry = this.#active.find(({ fault }) => isKind(fault, kind) && (fault.on ?? side) === side)
    if (entry === undefined || !isKind(entry.fault, kind)) return undefined
    entry.left -= 1
    if (entry.left <= 0) this.#active = this.#active.filter((other) => other !== entry)
    return entry.fault
  }

  /** Every fault of the kind, nothing spent. */
  all<K extends FaultKind>(kind: K): readonly Extract<Fault, { readonly kind: K }>[] {
    return this.#active.flatMap(({ fault }) => (isKind(fault, kind) ? [fault] : []))
  }
}

function isKind<K extends FaultKind>(fault: Fault, kind: K): fault is Extract<Fault, { readonly kind: K }> {
  return fault.kind === kind
}
