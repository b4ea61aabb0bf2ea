import { canonicalJson } from '../core/canonical.ts'
import { runtimeErrors } from '../core/errors/runtime.ts'
import { asJson, isJsonObject, type Json } from '../core/json.ts'
import { parseReleaseText, parseResourceBody, type ResourcePair, releaseText, resourceBody } from '../core/resource.ts'
import type { Digest, LiveState, Plan, Resource, ResourceKey } from '../core/vocabulary.ts'
import type { Store } from '../ports/store.ts'

/** What is ours on the targets: the only things a plan may delete. */
export interface OwnedKey {
  readonly target: string
  readonly key: ResourceKey
}

/** What a rollback restores: one release for all targets, or what each target held. */
export type StoredBundle =
  | { readonly kind: 'release'; readonly resources: readonly Resource[] }
  | { readonly kind: 'backup'; readonly targets: ReadonlyMap<string, readonly Resource[]> }

/** Releases, backups, plans and inventories as content by digest: written once, the same everywhere, readable with Git down. */
export class Bundles {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Stores a release; the digest is `releaseDigest` of its resources. */
  async saveRelease(resources: readonly Resource[]): Promise<Digest> {
    const digests = await this.#store.putContent([...resources.map(resourceBody), releaseText(resources)])
    return last(digests)
  }

  async saveBackup(lives: readonly LiveState[]): Promise<Digest> {
    const bodies = lives.flatMap((live) => live.resources.map(resourceBody))
    const targets = lives.map((live) => ({
      target: live.target,
      resources: live.resources.map(({ key, digest }) => ({ key, digest })),
    }))
    return last(await this.#store.putContent([...bodies, canonicalJson({ backup: targets })]))
  }

  /** Stores a plan, and the bodies of what it writes and what it replaces; the digest is the plan's own. */
  async savePlan(plan: Plan, bodies: readonly Resource[]): Promise<Digest> {
    const { digest: _, ...content } = plan
    return last(await this.#store.putContent([...bodies.map(resourceBody), canonicalJson(asJson(content))]))
  }

  async saveInventory(owned: readonly OwnedKey[]): Promise<Digest> {
    const lines = [...new Set(owned.map((one) => `${one.target}\t${one.key}\n`))].sort()
    return last(await this.#store.putContent([lines.join('')]))
  }

  async inventory(digest: Digest | null): Promise<readonly OwnedKey[]> {
    if (digest === null) return []
    const text = await this.#text(digest, 'the inventory')
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [target = '', key = ''] = line.split('\t')
        return { target, key }
      })
  }

  async plan(digest: Digest): Promise<Plan> {
    const content: Omit<Plan, 'digest'> = JSON.parse(await this.#text(digest, 'the plan'))
    return { ...content, digest }
  }

  /** A release or a backup, whichever has this digest. */
  async bundle(digest: Digest): Promise<StoredBundle> {
    const text = await this.#text(digest, 'the bundle')
    if (!text.startsWith('{')) return { kind: 'release', resources: await this.resources(parseReleaseText(text)) }
    const targets = new Map<string, readonly Resource[]>()
    for (const one of backupTargets(JSON.parse(text))) targets.set(one.target, await this.resources(one.resources))
    return { kind: 'backup', targets }
  }

  /** Bodies by digest; those not stored are left out of the map. */
  async bodies(digests: readonly Digest[]): Promise<ReadonlyMap<Digest, Resource>> {
    const texts = await this.#store.contents(digests)
    const found = new Map<Digest, Resource>()
    for (const [at, digest] of digests.entries()) {
      const text = texts[at]
      if (text !== undefined) found.set(digest, parseResourceBody(text))
    }
    return found
  }

  async resources(pairs: readonly ResourcePair[]): Promise<readonly Resource[]> {
    const found = await this.bodies(pairs.map((pair) => pair.digest))
    return pairs.map((pair) => {
      const resource = found.get(pair.digest)
      if (resource === undefined)
        throw runtimeErrors.contentMissing({ what: `the content of ${pair.key}`, digest: pair.digest })
      return resource
    })
  }

  async #text(digest: Digest, what: string): Promise<string> {
    const text = await this.#store.content(digest)
    if (text === undefined) throw runtimeErrors.contentMissing({ what, digest })
    return text
  }
}

function last(digests: readonly Digest[]): Digest {
  const digest = digests.at(-1)
  if (digest === undefined) throw new RangeError('nothing was stored')
  return digest
}

function backupTargets(
  value: Json,
): readonly { readonly target: string; readonly resources: readonly ResourcePair[] }[] {
  const list = isJsonObject(value) ? value['backup'] : undefined
  if (!Array.isArray(list)) throw new TypeError('not a backup')
  return list
}
