import { type ResourceFile, readMigration, refusedResourceFile } from '../../core/desired.ts'
import { limitsFor, type ParseLimits } from '../../core/documents/index.ts'
import { HonuaError } from '../../core/errors/index.ts'
import { Lru } from '../../core/lru.ts'
import type { GitSource } from '../../ports/git.ts'
import type { Parser } from '../../ports/parser.ts'
import { createLimiter, type Limiter } from '../limiter.ts'
import type { LoadLimits } from './limits.ts'

/** What a file costs to keep beside its text: small files are mostly objects. */
const FILE_OVERHEAD_BYTES = 256
/** Files that are read and parsed together: enough that handing them to another thread costs little. */
export const FILES_TOGETHER = 32
/** Such groups on their way at the same time: some being read while others are parsed. */
const GROUPS_AT_ONCE = 8

/** Blobs as resources, by object id: equal contents are read and parsed once, wherever they lie and whoever asks. */
export class Blobs {
  readonly #git: GitSource
  readonly #parser: Parser
  readonly #limits: LoadLimits
  readonly #parse: ParseLimits
  readonly #reads: Limiter
  readonly #groups = createLimiter(GROUPS_AT_ONCE)
  readonly #known: Lru<ResourceFile>
  readonly #inFlight = new Map<string, Promise<ReadonlyMap<string, ResourceFile>>>()

  constructor(git: GitSource, parser: Parser, limits: LoadLimits) {
    this.#git = git
    this.#parser = parser
    this.#limits = limits
    this.#parse = limitsFor(limits.fileBytesMax)
    this.#reads = createLimiter(limits.readsInFlight)
    this.#known = new Lru(limits.cacheBytesMax)
  }

  /** Throws what Git throws when an object cannot be read; a file that is too large is a file with a problem. At most FILES_TOGETHER. */
  async read(oids: readonly string[]): Promise<readonly ResourceFile[]> {
    const found = new Map<string, ResourceFile>()
    const others = new Set<Promise<ReadonlyMap<string, ResourceFile>>>()
    const fresh = new Set<string>()
    for (const oid of oids) {
      const known = this.#known.get(oid)
      const started = this.#inFlight.get(oid)
      if (known !== undefined) found.set(oid, known)
      else if (started !== undefined) others.add(started)
      else fresh.add(oid)
    }
    if (fresh.size > 0) others.add(this.#start([...fresh]))
    for (const group of await Promise.all(others)) for (const [oid, file] of group) found.set(oid, file)
    return oids.map((oid) => {
      const file = found.get(oid)
      if (file === undefined) throw new RangeError(`the blob ${oid} was not read`)
      return file
    })
  }

  /** A migration, whose name is that of its file. */
  async migration(oid: string, name: string): Promise<ResourceFile> {
    const key = `${oid}/${name}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const content = await this.#reads.run(() => this.#content(oid))
    const file =
      content === null ? refusedResourceFile(this.#limits.fileBytesMax) : readMigration(name, content, this.#parse)
    this.#known.set(key, file, file.bytes + FILE_OVERHEAD_BYTES)
    return file
  }

  #start(oids: readonly string[]): Promise<ReadonlyMap<string, ResourceFile>> {
    const reading = this.#groups
      .run(() => this.#readNew(oids))
      .finally(() => {
        for (const oid of oids) this.#inFlight.delete(oid)
      })
    for (const oid of oids) this.#inFlight.set(oid, reading)
    return reading
  }

  async #readNew(oids: readonly string[]): Promise<ReadonlyMap<string, ResourceFile>> {
    const contents = await Promise.all(oids.map((oid) => this.#reads.run(() => this.#content(oid))))
    const parsed = await this.#parser.parse(
      contents.filter((content) => content !== null),
      this.#parse,
    )
    const files = new Map<string, ResourceFile>()
    let next = 0
    for (const [at, oid] of oids.entries()) {
      const file = contents[at] === null ? refusedResourceFile(this.#limits.fileBytesMax) : parsed[next++]
      if (file === undefined) throw new RangeError(`the blob ${oid} was not parsed`)
      files.set(oid, file)
      this.#known.set(oid, file, file.bytes + FILE_OVERHEAD_BYTES)
    }
    return files
  }

  /** Null when it is too large. */
  async #content(oid: string): Promise<Uint8Array | null> {
    try {
      return await this.#git.blob(oid, this.#limits.fileBytesMax)
    } catch (error) {
      if (error instanceof HonuaError && error.code === 'HONUA_GIT_BLOB_TOO_LARGE') return null
      throw error
    }
  }
}
