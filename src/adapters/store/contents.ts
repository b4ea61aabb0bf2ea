import { sha256 } from '../../core/canonical.ts'
import { storeErrors } from '../../core/errors/store.ts'
import type { Digest } from '../../core/vocabulary.ts'
import type { Collected, NamedContent } from '../../ports/store.ts'
import type { Engine, Operation } from './engine.ts'
import { keys, parseContentKey } from './keys.ts'
import type { GroupWriter } from './writer.ts'

/** Digests known to be stored, about 6 MB of them; forgetting some costs a look-up, never a mistake. */
const KNOWN_MAX = 50_000
/** Texts are written in portions of this many characters, so that others get their turn. */
const PORTION_CHARACTERS = 2 * 1024 * 1024

/** Keys looked at, and removed in one batch at most, before others get their turn. */
const SWEPT_AT_ONCE = 500

/** Texts by their SHA-256. */
export class Contents {
  readonly #engine: Engine
  readonly #writer: GroupWriter
  readonly #known = new Set<Digest>()
  /** Found changed on disk; written again when somebody brings the text. */
  readonly #damaged = new Set<Digest>()
  readonly #pending = new Set<Promise<unknown>>()
  /** Handed in since the newest collection began, and between the two newest. */
  #fresh = new Set<Digest>()
  #ageing: ReadonlySet<Digest> = new Set()
  /** In a removal that is handed to the writer and may not be on disk yet. */
  #going: ReadonlySet<Digest> = new Set()
  #collecting = false

  constructor(engine: Engine, writer: GroupWriter) {
    this.#engine = engine
    this.#writer = writer
  }

  /** Resolves when all texts are on disk; those already there cost no write. */
  async put(contents: readonly (string | NamedContent)[]): Promise<readonly Digest[]> {
    const putting = this.#put(contents.map(named))
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

  /** Removes what `mark` does not vouch for and nobody handed in lately; see the port. Throws RangeError while another one runs. */
  async collect(mark: () => Promise<(digest: Digest) => boolean>): Promise<Collected> {
    if (this.#collecting) throw new RangeError('contents are being collected already')
    this.#collecting = true
    try {
      // A text that waits for room on the disk must not grow old meanwhile.
      await this.settled()
      this.#ageing = this.#fresh
      this.#fresh = new Set()
      return await this.#sweep(await mark())
    } finally {
      this.#collecting = false
    }
  }

  async #sweep(isMarked: (digest: Digest) => boolean): Promise<Collected> {
    let [kept, removed] = [0, 0]
    for (let range = keys.contents; ; ) {
      const page = await this.#engine.keys(range, SWEPT_AT_ONCE)
      const last = page.at(-1)
      if (last === undefined) return { kept, removed }
      const going = page
        .flatMap((key) => parseContentKey(key) ?? [])
        .filter((digest) => !isMarked(digest) && !this.#fresh.has(digest) && !this.#ageing.has(digest))
      await this.#remove(going)
      kept += page.length - going.length
      removed += going.length
      range = { ...range, gte: `${last}\u0000` }
    }
  }

  /** From the moment of the decision until it is done, whoever brings one of these texts writes it again, behind the removal. */
  async #remove(going: readonly Digest[]): Promise<void> {
    if (going.length === 0) return
    this.#going = new Set(going)
    for (const digest of going) this.#known.delete(digest)
    try {
      await this.#writer.write(going.map((digest) => ({ type: 'del', key: keys.content(digest) })))
    } finally {
      this.#going = new Set()
    }
  }

  async #put(contents: readonly NamedContent[]): Promise<readonly Digest[]> {
    const digests = contents.map(({ digest }) => digest)
    for (const digest of digests) this.#fresh.add(digest)
    for (const portion of portionsOf(await this.#missing(contents))) await this.#writer.write(portion)
    for (const digest of digests) this.#remember(digest)
    return digests
  }

  async #missing(contents: readonly NamedContent[]): Promise<readonly NamedContent[]> {
    const unknown = [...new Map(contents.map((content) => [content.digest, content])).values()].filter(
      ({ digest }) => !this.#known.has(digest),
    )
    // Noted before the look-up, which may still see what is being removed.
    const going = this.#going
    const stored = await this.#engine.hasMany(unknown.map(({ digest }) => keys.content(digest)))
    return unknown.filter(({ digest }, at) => stored[at] !== true || this.#damaged.has(digest) || going.has(digest))
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

function named(content: string | NamedContent): NamedContent {
  return typeof content === 'string' ? { digest: sha256(content), text: () => content } : content
}

/** Writes of the contents in order, cut into runs of bounded length; a longer text stands alone. */
function* portionsOf(contents: readonly NamedContent[]): Iterable<readonly Operation[]> {
  let portion: Operation[] = []
  let characters = 0
  for (const { digest, text } of contents) {
    const value = text()
    if (sha256(value) !== digest) throw new RangeError(`a text was handed in as ${digest}, which it is not`)
    if (portion.length > 0 && characters + value.length > PORTION_CHARACTERS) {
      yield portion
      portion = []
      characters = 0
    }
    portion.push({ type: 'put', key: keys.content(digest), value })
    characters += value.length
  }
  if (portion.length > 0) yield portion
}
