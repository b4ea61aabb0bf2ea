/** What stands where below a directory target's path, and which of it may be trusted to be what it seems. */
import { lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Json } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'
import type { Digest, Instant, ResourceKey } from '../../../core/vocabulary.ts'
import { parseTemplates, type Templates } from '../conceal.ts'
import { errorCode, replaceFile, syncFolder } from './files.ts'

const FOLDER_MODE = 0o750
const RELEASE_NAME = /^[0-9a-f]{64}$/
const CURRENT_LINK = /^releases\/([0-9a-f]{64})$/

/** Templates of a release's resources, by key. */
export type ReleaseTemplates = ReadonlyMap<ResourceKey, Templates>

export class Layout {
  readonly target: string
  readonly root: string

  constructor(target: string, root: string) {
    this.target = target
    this.root = root
  }

  get releases(): string {
    return `${this.root}/releases`
  }
  release(digest: Digest): string {
    return `${this.releases}/${digest}`
  }
  /** Where a release is built; the name says whose it is, so that a second attempt finds and replaces the first. */
  unfinished(digest: Digest): string {
    return `${this.releases}/.new-${digest}`
  }
  #templatesFile(digest: Digest): string {
    return `${this.releases}/.${digest}.templates.json`
  }

  /** The release that `current` names; null where there is none yet. Throws HONUA_TARGET_REFUSED for anything but our own link. */
  async current(): Promise<Digest | null> {
    const path = `${this.root}/current`
    const link = await readlink(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null
      if (errorCode(error) === 'EINVAL') return ''
      throw error
    })
    if (link === null) return null
    const digest = CURRENT_LINK.exec(link)?.[1]
    if (digest === undefined)
      throw this.#refuse(`${path} is not the link releases/<digest> that this controller makes`, path)
    return digest
  }

  /** False when absent. Throws HONUA_TARGET_REFUSED for a link or a file: writing there could end anywhere. */
  async isFolder(path: string): Promise<boolean> {
    const stats = await lstat(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null
      throw error
    })
    if (stats === null) return false
    if (!stats.isDirectory()) throw this.#refuse(`${path} is not a folder`, path)
    return true
  }

  #refuse(reason: string, path: string) {
    return targetErrors.refused({
      target: this.target,
      reason,
      remedy: `see who put it there, then remove ${path}: the next deployment makes it again`,
    })
  }

  /** Makes the root and its `releases`, durable. */
  async prepare(): Promise<void> {
    if (await this.isFolder(this.releases)) return
    const first = await mkdir(this.releases, { recursive: true, mode: FOLDER_MODE })
    if (first === undefined) return
    for (let path = this.releases; path.length >= first.length; path = dirname(path)) await syncFolder(path)
    await syncFolder(dirname(first))
  }

  /** Makes `current` name the release, in one step for every reader, durable when this resolves. */
  async switchTo(digest: Digest): Promise<void> {
    const link = `${this.root}/.current.new`
    await rm(link, { recursive: true, force: true })
    await symlink(`releases/${digest}`, link)
    await rename(link, `${this.root}/current`)
    await syncFolder(this.root)
  }

  /** Reads the templates left beside a release; none when the file is absent or spoilt. */
  async readTemplates(digest: Digest): Promise<ReleaseTemplates> {
    const text = await readFile(this.#templatesFile(digest), 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '{}'
      throw error
    })
    const value = parseJson(text)
    if (!isJsonObject(value)) return new Map()
    return new Map(Object.entries(value).map(([key, templates]) => [key, parseTemplates(templates)]))
  }

  /** Leaves the templates beside a release; the folder is synced by the caller. */
  async writeTemplates(digest: Digest, templates: ReleaseTemplates): Promise<void> {
    const path = this.#templatesFile(digest)
    if (templates.size === 0) await rm(path, { force: true })
    else await replaceFile(path, `${path}.new`, JSON.stringify(Object.fromEntries(templates)))
  }

  /** Removes all but the `keep` releases switched to most lately, never the current one, and whatever was left half built. */
  async prune(current: Digest, keep: number, now: Instant): Promise<void> {
    const names = await readdir(this.releases)
    const kept: { readonly name: string; readonly at: number }[] = []
    for (const name of names) {
      if (!RELEASE_NAME.test(name) || name === current) continue
      kept.push({ name, at: (await lstat(this.release(name))).mtimeMs })
    }
    kept.sort((a, b) => b.at - a.at)
    // A release's own time says when it was last switched to. Never equal: a slow clock must not confuse the order.
    const at = Math.max(now, ...kept.map((release) => release.at + 1)) / 1000
    await utimes(this.release(current), at, at)
    const stay = new Set([current, ...kept.slice(0, keep - 1).map((release) => release.name)])
    for (const name of names) {
      const digest = /^\.?(?:new-)?([0-9a-f]{64})(?:\.templates\.json)?(?:\.new)?$/.exec(name)?.[1]
      if (digest === undefined) continue
      const leftover = name.startsWith('.new-') || name.endsWith('.new')
      if (leftover || !stay.has(digest)) await rm(`${this.releases}/${name}`, { recursive: true, force: true })
    }
  }
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
