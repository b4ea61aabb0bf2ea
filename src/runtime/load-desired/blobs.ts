import { type ResourceFile, readFile, readMigration, refusedResourceFile } from '../../core/desired.ts'
import { limitsFor, type ParseLimits } from '../../core/documents/index.ts'
import { HonuaError } from '../../core/errors/index.ts'
import { Lru } from '../../core/lru.ts'
import type { GitSource } from '../../ports/git.ts'
import { createLimiter, type Limiter } from '../limiter.ts'
import type { LoadLimits } from './limits.ts'

/** What a file costs to keep beside its text: small files are mostly objects. */
const FILE_OVERHEAD_BYTES = 256

/** Blobs as resources, by object id: equal contents are read and parsed once, wherever they lie and whoever asks. */
export class Blobs {
  readonly #git: GitSource
  readonly #limits: LoadLimits
  readonly #parse: ParseLimits
  readonly #reads: Limiter
  readonly #known: Lru<ResourceFile>
  readonly #inFlight = new Map<string, Promise<ResourceFile>>()

  constructor(git: GitSource, limits: LoadLimits) {
    this.#git = git
    this.#limits = limits
    this.#parse = limitsFor(limits.fileBytesMax)
    this.#reads = createLimiter(limits.readsInFlight)
    this.#known = new Lru(limits.cacheBytesMax)
  }

  /** Throws what Git throws when the object cannot be read; a file that is too large is a file with a problem. */
  async read(oid: string): Promise<ResourceFile> {
    return this.#once(oid, oid, (content) => readFile(content, this.#parse))
  }

  /** A migration, whose name is that of its file. */
  async migration(oid: string, name: string): Promise<ResourceFile> {
    return this.#once(`${oid}/${name}`, oid, (content) => readMigration(name, content, this.#parse))
  }

  async #once(key: string, oid: string, parse: (content: Uint8Array) => ResourceFile): Promise<ResourceFile> {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const started = this.#inFlight.get(key)
    if (started !== undefined) return started
    const reading = this.#readNew(key, oid, parse).finally(() => this.#inFlight.delete(key))
    this.#inFlight.set(key, reading)
    return reading
  }

  async #readNew(key: string, oid: string, parse: (content: Uint8Array) => ResourceFile): Promise<ResourceFile> {
    const file = await this.#reads.run(() => this.#fetch(oid, parse))
    this.#known.set(key, file, file.bytes + FILE_OVERHEAD_BYTES)
    return file
  }

  async #fetch(oid: string, parse: (content: Uint8Array) => ResourceFile): Promise<ResourceFile> {
    const { fileBytesMax } = this.#limits
    try {
      return parse(await this.#git.blob(oid, fileBytesMax))
    } catch (error) {
      if (error instanceof HonuaError && error.code === 'HONUA_GIT_BLOB_TOO_LARGE')
        return refusedResourceFile(fileBytesMax)
      throw error
    }
  }
}
