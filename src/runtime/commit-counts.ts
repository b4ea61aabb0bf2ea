import { HonuaError } from '../core/errors/index.ts'
import { Lru } from '../core/lru.ts'
import { COMMON } from '../core/names.ts'
import type { CommitId } from '../core/vocabulary.ts'
import type { GitSource } from '../ports/git.ts'
import { createLimiter } from './limiter.ts'

/** Nobody reads the difference between a thousand commits and more. */
export const COMMITS_MAX = 1_000
/** Counts that are kept: a few for each of a thousand environments. What lies between two commits never changes. */
const KEPT_MAX = 5_000
/** Git processes at one time: pages wait, deployments do not. */
const AT_ONCE = 2

/**
 * How many commits after one and up to another touch an environment: its folder, `environments/common` or `.gitops`. Asked of the cache of
 * the Git source, for people who look, and never decided by.
 */
export class CommitCounts {
  readonly #git: Pick<GitSource, 'commitsBetween'>
  readonly #known = new Lru<Promise<number | null>>(KEPT_MAX)
  readonly #limiter = createLimiter(AT_ONCE)

  constructor(git: Pick<GitSource, 'commitsBetween'>) {
    this.#git = git
  }

  /** At most COMMITS_MAX; null where the cache does not hold both commits, or fails: those who decide by it meet that failure and tell it. */
  between(environment: string, from: CommitId, to: CommitId): Promise<number | null> {
    if (from === to) return Promise.resolve(0)
    const key = `${environment} ${from} ${to}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const count = this.#limiter
      .run(() => this.#count(environment, from, to))
      .then((value) => {
        // What could not be counted now may be counted later.
        if (value === null) this.#known.delete(key)
        return value
      })
    this.#known.set(key, count, 1)
    return count
  }

  async #count(environment: string, from: CommitId, to: CommitId): Promise<number | null> {
    const paths = [`environments/${environment}`, `environments/${COMMON}`, '.gitops']
    try {
      return await this.#git.commitsBetween(from, to, { paths, most: COMMITS_MAX })
    } catch (error) {
      if (error instanceof HonuaError) return null
      throw error
    }
  }
}
