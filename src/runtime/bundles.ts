import { canonicalJson } from '../core/canonical.ts'
import { runtimeErrors } from '../core/errors/runtime.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import { planText } from '../core/plan/index.ts'
import { parseReleaseGroup, parseReleaseRoot, type ResourcePair, releaseTexts } from '../core/release.ts'
import { parseResourceBody, resourceBody } from '../core/resource.ts'
import type { Digest, Drifted, LiveState, Plan, Resource, ResourceKey } from '../core/vocabulary.ts'
import type { NamedContent, Store } from '../ports/store.ts'
import { Recent } from './recent.ts'

/** What is ours on the targets: the only things a plan may delete. */
export interface OwnedKey {
  readonly target: string
  readonly key: ResourceKey
}

/** What a rollback restores: one release for all targets, or what each target held. */
export type StoredBundle =
  | { readonly kind: 'release'; readonly resources: readonly Resource[] }
  | { readonly kind: 'backup'; readonly targets: ReadonlyMap<string, readonly Resource[]> }

/** Plans and releases kept in memory: as many as environments usually deploy at the same moment. */
const RECENT_MAX = 64

/** Releases, backups, plans and inventories as content by digest: written once, the same everywhere, readable with Git down. */
export class Bundles {
  readonly #store: Store
  /** What was stored lately: a deployment asks for its plan and its release at every step. What a digest stands for never changes. */
  readonly #plans = new Recent<Plan>(RECENT_MAX)
  readonly #bundles = new Recent<StoredBundle>(RECENT_MAX)

  constructor(store: Store) {
    this.#store = store
  }

  /** Stores a release; the digest is `releaseDigest` of its resources. */
  async saveRelease(resources: readonly Resource[]): Promise<Digest> {
    return last(await this.#store.putContent(contentsOf(resources)))
  }

  async saveBackup(lives: readonly LiveState[]): Promise<Digest> {
    const bodies = lives.flatMap((live) => live.resources.map(bodyOf))
    const targets = lives.map((live) => ({
      target: live.target,
      resources: live.resources.map(({ key, digest }) => ({ key, digest })),
    }))
    return last(await this.#store.putContent([...bodies, canonicalJson({ backup: targets })]))
  }

  /**
   * Stores a plan, the release it leads to and `bodies`: what it writes as the targets represent it, and what it replaces. One write.
   * The digest is the plan's own. No release: the plan leaves what is deployed as it is.
   */
  async savePlan(plan: Plan, release: readonly Resource[] | null, bodies: readonly Resource[]): Promise<Digest> {
    const contents = [
      ...(release === null ? [] : contentsOf(release)),
      ...bodies.map(bodyOf),
      { digest: plan.digest, text: () => planText(plan) },
    ]
    const digest = last(await this.#store.putContent(contents))
    this.#plans.set(digest, plan)
    if (release !== null) this.#bundles.set(plan.release, { kind: 'release', resources: release })
    return digest
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

  /** What has drifted, as content: the same for as long as the same is adrift. */
  async saveDrift(drifted: readonly Drifted[]): Promise<Digest> {
    return last(await this.#store.putContent([canonicalJson({ drift: drifted.map((one) => ({ ...one })) })]))
  }

  async drift(digest: Digest | null | undefined): Promise<readonly Drifted[]> {
    if (digest == null) return []
    const content: { readonly drift: readonly Drifted[] } = JSON.parse(await this.#text(digest, 'the record of drift'))
    return content.drift
  }

  async plan(digest: Digest): Promise<Plan> {
    const known = this.#plans.get(digest)
    if (known !== undefined) return known
    const content: Omit<Plan, 'digest'> = JSON.parse(await this.#text(digest, 'the plan'))
    return { ...content, digest }
  }

  /** A release or a backup, whichever has this digest. */
  async bundle(digest: Digest): Promise<StoredBundle> {
    const known = this.#bundles.get(digest)
    if (known !== undefined) return known
    const text = await this.#text(digest, 'the bundle')
    if (!text.startsWith('{')) return { kind: 'release', resources: await this.resources(await this.#pairs(text)) }
    const targets = new Map<string, readonly Resource[]>()
    for (const one of backupTargets(JSON.parse(text))) targets.set(one.target, await this.resources(one.resources))
    return { kind: 'backup', targets }
  }

  /** Identity and content of each resource of a release; null where it is not kept, or is a backup. */
  async pairs(release: Digest): Promise<readonly ResourcePair[] | null> {
    const text = await this.#store.content(release)
    return text === undefined || text.startsWith('{') ? null : this.#pairs(text)
  }

  /** The resources of one kind in a release; a backup holds none that are declared. */
  async ofKind(release: Digest, kind: string): Promise<readonly Resource[]> {
    const known = this.#bundles.get(release)
    if (known?.kind === 'release') return known.resources.filter((resource) => resource.kind === kind)
    const text = await this.#text(release, 'the release')
    if (text.startsWith('{')) return []
    return this.resources((await this.#pairs(text)).filter(({ key }) => key.startsWith(`${kind}/`)))
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

  async #pairs(root: string): Promise<readonly ResourcePair[]> {
    const groups = parseReleaseRoot(root)
    const texts = await this.#store.contents(groups)
    return groups.flatMap((digest, at) => {
      const text = texts[at]
      if (text === undefined) throw runtimeErrors.contentMissing({ what: 'a part of the release', digest })
      return parseReleaseGroup(text)
    })
  }

  async #text(digest: Digest, what: string): Promise<string> {
    const text = await this.#store.content(digest)
    if (text === undefined) throw runtimeErrors.contentMissing({ what, digest })
    return text
  }
}

/** A release as it is kept, its root last. */
function contentsOf(release: readonly Resource[]): readonly NamedContent[] {
  return [...release.map(bodyOf), ...releaseTexts(release)]
}

function bodyOf(resource: Resource): NamedContent {
  return { digest: resource.digest, text: () => resourceBody(resource) }
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
