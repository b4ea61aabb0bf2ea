import { sha256 } from '../../core/canonical.ts'
import { storeErrors } from '../../core/errors/store.ts'
import type { Digest } from '../../core/vocabulary.ts'
import type { Engine, Operation } from './engine.ts'
import { keys } from './keys.ts'
import type { GroupWriter } from './writer.ts'

/** Digests known to be stored, about 6 MB of them; forgetting some costs a look-up, never a mistake. */
const KNOWN_MAX = 50_000
/** Texts are hashed and written in portions of this many characters, so that others get their turn. */
const PORTION_CHARACTERS = 2 * 1024 * 1024

/** Texts by their SHA-256. */
export class Contents {
  readonly #engine: Engine
  readonly #writer: GroupWriter
  readonly #known = new Set<Digest>()
  /** Found changed on disk; written again when somebody brings the text. */
  readonly #damaged = new Set<Digest>()
  readonly #pending = new Set<Promise<unknown>>()

  constructor(engine: Engine, writer: GroupWriter) {
    this.#engine = engine
    this.#writer = writer
  }

  /** Resolves when all texts are on disk; those already there cost no write. */
  async put(texts: readonly string[]): Promise<readonly Digest[]> {
    const putting = this.#put(texts)
    this.#pending.add(putting)
    try {
      return await putting
    } finally {
      this.#pending.delete(putting)
    }
  }

  /** Resolves when all that was handed in is on disk or refused. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending)
  }

  /** In the order asked for. Throws HONUA_STORE_CORRUPT when a text is not what its digest says. */
  async get(digests: readonly Digest[]): Promise<readonly (string | undefined)[]> {
    const texts = await this.#engine.getMany(digests.map(keys.content))
    for (const [at, text] of texts.entries()) {
      const digest = digests[at] ?? ''
      if (text === undefined || sha256(text) === digest) continue
      this.#known.delete(digest)
      this.#damaged.add(digest)
      throw storeErrors.corrupt({ place: { in: 'content', digest }, problem: 'it was changed after it was written' })
    }
    return texts
  }

  async #put(texts: readonly string[]): Promise<readonly Digest[]> {
    const digests: Digest[] = []
    for (const portion of portionsOf(texts)) {
      const named = portion.map((text) => [sha256(text), text] as const)
      for (const [digest] of named) digests.push(digest)
      const operations = await this.#missing(new Map(named))
      if (operations.length > 0) await this.#writer.write(operations)
    }
    for (const digest of digests) this.#remember(digest)
    return digests
  }

  async #missing(texts: ReadonlyMap<Digest, string>): Promise<readonly Operation[]> {
    const unknown = [...texts].filter(([digest]) => !this.#known.has(digest))
    const stored = await this.#engine.hasMany(unknown.map(([digest]) => keys.content(digest)))
    return unknown
      .filter(([digest], at) => stored[at] !== true || this.#damaged.has(digest))
      .map(([digest, value]) => ({ type: 'put', key: keys.content(digest), value }))
  }

  #remember(digest: Digest): void {
    this.#damaged.delete(digest)
    this.#known.add(digest)
    if (this.#known.size <= KNOWN_MAX) return
    // A set keeps the order of insertion: the oldest is forgotten.
    for (const oldest of this.#known) {
      this.#known.delete(oldest)
      return
    }
  }
}

/** The texts in order, cut into runs of bounded length; a longer text stands alone. */
function* portionsOf(texts: readonly string[]): Iterable<readonly string[]> {
  let portion: string[] = []
  let characters = 0
  for (const text of texts) {
    if (portion.length > 0 && characters + text.length > PORTION_CHARACTERS) {
      yield portion
      portion = []
      characters = 0
    }
    portion.push(text)
    characters += text.length
  }
  if (portion.length > 0) yield portion
}
