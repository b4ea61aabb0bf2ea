import { targetErrors } from '../../src/core/errors/target.ts'
import { makeResource } from '../../src/core/resource.ts'
import type { LiveState, Resource, ResourceKey } from '../../src/core/vocabulary.ts'
import type { ActRequest, ApplyRequest, Driver, Health, Probe, Refusal } from '../../src/ports/driver.ts'

/** A target that holds what is written to it, and does what a test tells it: refuse, fall ill, be changed by hand. */
export class MemoryTarget implements Driver {
  readonly name: string
  readonly resources = new Map<ResourceKey, Resource>()
  /** Writes that landed. */
  writes = 0
  /** What it says to every write while it is set. */
  refusal: string | null = null
  isWell = true
  /** Whether it does not answer at all. */
  isAway = false
  /** A test may let it be slow. */
  beforeWrite: () => Promise<void> = async () => undefined
  /** Steps of a topology that it can do; each done is written down here with what it was given. */
  actions: readonly string[] = []
  readonly acts: ActRequest[] = []
  /** Steps that it refuses, with its words. */
  readonly cannot = new Map<string, string>()

  constructor(name = 'memory') {
    this.name = name
  }

  /** Changes one resource as somebody else would. */
  drift(key: ResourceKey, title: string): void {
    const found = this.resources.get(key)
    if (found !== undefined) this.resources.set(key, makeResource({ ...found, spec: { ...found.spec, title } }))
  }

  represent(resource: Resource): Resource {
    const { apiVersion, kind, namespace, name, metadata, spec } = resource
    return makeResource({ apiVersion, kind, namespace, name, metadata, spec })
  }

  async probe(): Promise<Probe> {
    if (this.isAway) throw targetErrors.unreachable({ target: this.name, host: 'memory', reason: 'no answer' })
    const abilities = {
      delete: 'delete' as const,
      fixed: [],
      conditionalWrite: false,
      transactional: false,
      dryRun: false,
      exclusive: false,
      actions: this.actions,
    }
    return { description: 'a target in memory', abilities }
  }

  async observe(): Promise<LiveState> {
    const sorted = [...this.resources.values()].sort((one, other) => (one.key < other.key ? -1 : 1))
    return { target: this.name, resources: sorted.map((resource) => ({ ...resource, version: null })) }
  }

  async dryRun(): Promise<readonly Refusal[]> {
    return []
  }

  async apply({ changes, progress }: ApplyRequest): Promise<void> {
    if (this.refusal !== null) throw targetErrors.refused({ target: this.name, reason: this.refusal })
    for (const [at, { change, desired }] of changes.entries()) {
      if (this.resources.get(change.key)?.digest === desired?.digest) continue
      await this.beforeWrite()
      this.writes += 1
      if (desired === null) this.resources.delete(change.key)
      else this.resources.set(change.key, this.represent(desired))
      progress?.(at + 1, changes.length)
    }
  }

  actFault: (request: ActRequest) => string | null = () => null

  async act(request: ActRequest): Promise<{ readonly message: string }> {
    this.acts.push(request)
    const reason = this.cannot.get(request.action)
    if (reason !== undefined) throw targetErrors.refused({ target: this.name, reason })
    return { message: `${request.action} done` }
  }

  async health(): Promise<Health> {
    return this.isWell ? { healthy: true } : { healthy: false, message: 'it was told to be ill' }
  }

  async close(): Promise<void> {
    // It holds nothing but memory.
  }
}
