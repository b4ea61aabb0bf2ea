import { targetErrors } from '../../../core/errors/target.ts'
import { resolveSecrets } from '../../../core/placeholders.ts'
import type { Digest, LiveResource, Resource, ResourceKey } from '../../../core/vocabulary.ts'
import type { ApplyRequest } from '../../../ports/driver.ts'
import { type Templates, templatesOf } from '../conceal.ts'
import { filePathOf } from './paths.ts'
import type { SeenFile } from './reader.ts'
import type { Content } from './release.ts'
import { yamlOfResource } from './yaml-text.ts'

/** A file of the current release, and the resource in it without secrets. */
export interface LookEntry {
  readonly seen: SeenFile
  readonly live: LiveResource
}

/** One look at what is current. */
export interface Look {
  readonly current: Digest | null
  readonly entries: ReadonlyMap<ResourceKey, LookEntry>
}

/** What one apply has to do. */
export interface Work {
  /** What is live already equals the whole result. */
  readonly done: boolean
  readonly contents: readonly Content[]
  readonly templates: ReadonlyMap<ResourceKey, Templates>
}

/**
 * Every file of the new release: changed resources as text, the others copied. `told` is what the plan was made from.
 * Throws HONUA_TARGET_STALE when a changed resource is neither as planned from nor as desired, or another one moved.
 */
export function decide(
  target: string,
  request: ApplyRequest,
  look: Look,
  told: ReadonlyMap<ResourceKey, Digest>,
  hints: readonly Resource[],
  secrets: ReadonlyMap<string, string>,
): Work {
  const changes = new Map(request.changes.map((item) => [item.change.key, item]))
  const stale: ResourceKey[] = []
  let pending = 0
  for (const { change, desired } of request.changes) {
    const live = look.entries.get(change.key)?.live.digest ?? null
    if (live === (desired?.digest ?? null)) continue
    pending += 1
    if (live !== change.before) stale.push(change.key)
  }
  const contents = new Map<string, Content>()
  const templates = new Map(hints.map((hint) => [hint.key, templatesOf(hint)]))
  for (const { key, digest } of request.result) {
    const desired = changes.get(key)?.desired ?? null
    if (desired !== null) {
      const place = filePathOf(desired)
      // Names were checked before; a refused one has no file and is reported there.
      if ('refused' in place) continue
      const isPlain = Object.keys(templates.get(key) ?? {}).length === 0
      const written = isPlain ? desired : resolveSecrets(desired, (name) => secretOf(secrets, name))
      contents.set(place.path, { path: place.path, text: yamlOfResource(written), holdsSecrets: !isPlain })
      continue
    }
    const live = look.entries.get(key)
    // A resource that nobody changes may differ from the result where a rule says to ignore the difference;
    // then it must be what the plan saw.
    if (live === undefined || (live.live.digest !== digest && live.live.digest !== told.get(key))) stale.push(key)
    else if (!contents.has(live.seen.path)) contents.set(live.seen.path, { path: live.seen.path, copyOf: live.seen })
  }
  if (stale.length > 0) throw targetErrors.stale({ target, keys: stale })
  return {
    done: pending === 0 && look.entries.size === contents.size,
    contents: [...contents.values()],
    templates: new Map([...templates].filter(([, places]) => Object.keys(places).length > 0)),
  }
}

function secretOf(secrets: ReadonlyMap<string, string>, name: string): string {
  const value = secrets.get(name)
  if (value === undefined) throw new Error(`the secret ${name} was not gathered`)
  return value
}
