import { digestOf } from '../../../src/core/canonical.ts'
import { targetErrors } from '../../../src/core/errors/target.ts'
import type { DatabaseBackup, Instant, Resource, ResourceKey } from '../../../src/core/vocabulary.ts'

/** What a database held once, kept to be put back. */
export interface KeptBackup extends DatabaseBackup {
  readonly contents: ReadonlyMap<ResourceKey, Resource>
}

const KEPT_MAX = 6
/** What putting it back loses is the same for each: what it holds tells them apart. */
const LOSES = ['everything written to it since then is lost'] as const

/** The backups of one database, oldest first. */
export class SimBackups {
  readonly #target: string
  #kept: readonly KeptBackup[] = []
  #made = 0

  constructor(target: string) {
    this.#target = target
  }

  get all(): readonly KeptBackup[] {
    return this.#kept
  }

  make(madeAt: Instant, contents: ReadonlyMap<ResourceKey, Resource>): void {
    this.#made += 1
    this.#kept = [...this.#kept, this.#backup(`backup-${this.#made}`, madeAt, contents)].slice(-KEPT_MAX)
  }

  /** Somebody deletes one. */
  lose(pick: number): void {
    this.#kept = this.#kept.filter((_, at) => at !== pick % this.#kept.length)
  }

  /** Somebody puts something else where one was, under the same id. */
  alter(pick: number, contents: ReadonlyMap<ResourceKey, Resource>): void {
    this.#made += 1
    this.#kept = this.#kept.map((one, at) =>
      at === pick % this.#kept.length ? this.#backup(one.id, one.madeAt, contents) : one,
    )
  }

  /** Throws what a database says of a backup that it has not. */
  named(id: unknown): KeptBackup {
    const found = this.#kept.find((one) => one.id === id)
    if (found !== undefined) return found
    throw targetErrors.refused({ target: this.#target, reason: `it has no backup ${String(id)}` })
  }

  /** Two that hold the same are told apart. */
  #backup(id: string, madeAt: Instant, contents: ReadonlyMap<ResourceKey, Resource>): KeptBackup {
    const held = [...contents].map(([key, { digest }]) => `${key} ${digest}`)
    return { id, madeAt, digest: digestOf([this.#made, ...held]), loses: LOSES, contents: new Map(contents) }
  }
}
