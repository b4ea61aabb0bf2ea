import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import { declaredSecrets } from '../../../core/placeholders.ts'
import { releaseDigest } from '../../../core/release.ts'
import type { Digest, LiveState, Resource, ResourceKey } from '../../../core/vocabulary.ts'
import type { ApplyRequest, Driver, Health, Probe, Refusal } from '../../../ports/driver.ts'
import { concealAll, gatherSecrets } from '../conceal.ts'
import type { DirectoryTarget, DriverDeps } from '../settings.ts'
import { decide, type Look, type LookEntry } from './decide.ts'
import { errorCode } from './files.ts'
import { checkUrl } from './health.ts'
import { Layout } from './layout.ts'
import { here, type Looker } from './looking/index.ts'
import { filePathOf } from './paths.ts'
import { ReleaseReader } from './reader.ts'
import { buildRelease, repairRelease } from './release.ts'
import { Tidying } from './tidying.ts'

const DESCRIPTION = 'a folder of releases'

/**
 * Serves an environment's resources as files: `<path>/current` is a link to `releases/<digest>`, switched in one step, so a reader
 * sees one release or the other and never a mixture. `root` is absolute, with the environment's name filled in.
 */
export class DirectoryDriver implements Driver {
  readonly name: string
  readonly #settings: DirectoryTarget
  readonly #deps: DriverDeps
  readonly #layout: Layout
  readonly #looker: Looker
  readonly #reader: ReleaseReader
  /** What the last `observe` was asked with and what it told: a plan rests on exactly that. */
  #hints: readonly Resource[] = []
  #told: ReadonlyMap<ResourceKey, Digest> = new Map()
  readonly #tidying: Tidying

  constructor(settings: DirectoryTarget, root: string, deps: DriverDeps) {
    this.name = settings.name
    this.#settings = settings
    this.#deps = deps
    this.#layout = new Layout(settings.name, root)
    this.#looker = deps.looker ?? here
    this.#reader = new ReleaseReader(deps.clock, this.#looker)
    this.#tidying = new Tidying(deps.clock)
  }

  async probe(signal: AbortSignal): Promise<Probe> {
    return this.#guarded(signal, async () => {
      await this.#layout.current()
      return {
        description: DESCRIPTION,
        abilities: {
          delete: 'delete',
          fixed: [],
          conditionalWrite: true,
          transactional: true,
          dryRun: true,
          exclusive: true,
        },
      }
    })
  }

  async observe(hints: readonly Resource[], signal: AbortSignal): Promise<LiveState> {
    return this.#guarded(signal, async () => {
      const look = await this.#look(hints, signal)
      const resources = [...look.entries.values()].map(({ live }) => live)
      resources.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      this.#hints = hints
      this.#told = new Map(resources.map((live) => [live.key, live.digest]))
      return { target: this.name, resources }
    })
  }

  async dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    return this.#guarded(signal, async () => {
      await this.#layout.current()
      await this.#layout.isFolder(this.#layout.releases)
      await access(await nearestExisting(this.#layout.releases), constants.W_OK | constants.X_OK)
      await this.#secretsOf(request)
      return refusalsOf(request)
    })
  }

  async apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    await this.#guarded(signal, async () => {
      await this.#tidying.now()
      const refused = refusalsOf(request)
      if (refused.length > 0)
        throw targetErrors.refused({
          target: this.name,
          reason: refused.map(({ key, message }) => `${key}: ${message}`).join('; '),
        })
      const secrets = await this.#secretsOf(request)
      const desired = request.changes.flatMap((change) => change.desired ?? [])
      const keys = new Set(desired.map(({ key }) => key))
      const hints = [...this.#hints.filter(({ key }) => !keys.has(key)), ...desired]
      const look = await this.#look(hints, signal)
      const digest = releaseDigest(request.result)
      const work = decide(this.name, request, look, this.#told, hints, secrets)
      if (work.done && look.current === digest) return
      await this.#make(digest, work.contents, look, signal)
      const templates = new Map([...(await this.#templates(look.current)), ...work.templates])
      const result = new Set(request.result.map(({ key }) => key))
      await this.#layout.writeTemplates(digest, new Map([...templates].filter(([key]) => result.has(key))))
      await this.#stillAsSeen(request, look, digest, signal)
      signal.throwIfAborted()
      await this.#layout.switchTo(digest)
      request.progress?.(request.changes.length, request.changes.length)
      this.#tidying.later(() => this.#prune(digest))
    })
  }

  async health(signal: AbortSignal): Promise<Health> {
    const { health } = this.#settings
    if (health !== undefined) return checkUrl(this.name, health, this.#deps.clock, signal)
    return this.#guarded(signal, async () => {
      const current = await this.#layout.current()
      if (current === null || (await this.#layout.isFolder(this.#layout.release(current)))) return { healthy: true }
      return { healthy: false, message: `${this.#layout.root}/current points to a release that is gone` }
    })
  }

  async close(): Promise<void> {
    await this.#tidying.now()
    this.#hints = []
    this.#told = new Map()
  }

  async #look(hints: readonly Resource[], signal: AbortSignal): Promise<Look> {
    await this.#layout.isFolder(this.#layout.releases)
    const current = await this.#layout.current()
    if (current === null) return { current, entries: new Map() }
    const folder = this.#layout.release(current)
    await this.#layout.isFolder(folder)
    const files = [...(await this.#reader.read(folder, signal)).values()]
    const remembered = await this.#layout.readTemplates(current)
    const observed = files.map(({ resource }) => ({
      live: resource,
      templates: remembered.get(resource.key) ?? {},
    }))
    const entries = new Map<ResourceKey, LookEntry>()
    const secretive: string[] = []
    for (const [index, live] of (await concealAll(observed, hints, this.#deps.resolveSecret)).entries()) {
      const seen = files[index]
      if (seen === undefined) continue
      const isConcealed = live.digest !== seen.resource.digest
      entries.set(live.key, { seen, live: isConcealed ? { ...live, version: live.digest } : seen.resource })
      if (isConcealed) secretive.push(seen.path)
    }
    this.#reader.forget(folder, secretive)
    return { current, entries }
  }

  async #make(digest: Digest, contents: ReturnType<typeof decide>['contents'], look: Look, signal: AbortSignal) {
    const layout = this.#layout
    await layout.prepare()
    const current = look.current === null ? '' : layout.release(look.current)
    if (await layout.isFolder(layout.release(digest))) {
      const present = await new ReleaseReader(this.#deps.clock, this.#looker).read(layout.release(digest), signal)
      await repairRelease(layout, digest, contents, current, present, signal)
    } else {
      const note = (path: string, text: string) => this.#reader.note(path, text)
      await buildRelease(layout, digest, contents, current, note, signal)
    }
  }

  /** The last look before the switch: files that the request changes must be the very ones the plan rests on. */
  async #stillAsSeen(request: ApplyRequest, look: Look, digest: Digest, signal: AbortSignal): Promise<void> {
    const current = await this.#layout.current()
    if (current !== look.current) throw targetErrors.stale({ target: this.name, keys: ['current'] })
    if (current === null || current === digest) return
    const paths = request.changes.flatMap(({ change: { key } }) => look.entries.get(key)?.seen.path ?? [])
    const now = await this.#reader.readSome(this.#layout.release(current), paths, signal)
    const moved = request.changes.flatMap(({ change: { key } }) => {
      const before = look.entries.get(key)?.seen
      return before === undefined || now.get(before.path)?.bytes === before.bytes ? [] : [key]
    })
    if (moved.length > 0) throw targetErrors.stale({ target: this.name, keys: moved })
  }

  #templates(current: Digest | null) {
    return current === null ? new Map() : this.#layout.readTemplates(current)
  }

  /** The release is served already; old folders that cannot be removed now are tried again by the next deployment. */
  async #prune(digest: Digest): Promise<void> {
    try {
      await this.#layout.prune(digest, this.#settings.keep, this.#deps.clock.now())
    } catch (error) {
      // Nobody waits for this one: whatever goes wrong is told here.
      const reason = errorCode(error) ?? (error instanceof Error ? error.message : String(error))
      this.#deps.log.warn({ target: this.name, reason }, 'old releases could not be removed')
    }
  }

  #secretsOf(request: ApplyRequest): Promise<ReadonlyMap<string, string>> {
    const names = request.changes.flatMap(({ desired }) => (desired === null ? [] : declaredSecrets(desired)))
    return gatherSecrets(names, this.#deps.resolveSecret)
  }

  /** Turns failures of the file system into errors that name path and reason. */
  async #guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      const code = errorCode(error)
      if (error instanceof HonuaError || code === undefined) throw error
      const path = error instanceof Error && 'path' in error ? String(error.path) : this.#layout.root
      if (FINAL.has(code))
        throw targetErrors.refused({
          target: this.name,
          reason: `${path}: ${code}`,
          remedy: 'give the controller’s user the right to write there, or correct the target’s path',
        })
      throw targetErrors.io({ target: this.name, path, reason: code })
    }
  }
}

/** Failures that stay until a person changes rights, mounts or names. */
const FINAL = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'])

function refusalsOf(request: ApplyRequest): readonly Refusal[] {
  return request.changes.flatMap(({ desired }) => {
    if (desired === null) return []
    const place = filePathOf(desired)
    return 'refused' in place ? [{ key: desired.key, message: place.refused }] : []
  })
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await access(path, constants.F_OK)
    return path
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error
    return nearestExisting(dirname(path))
  }
}
