/** What generations A and C share: no manifests, one call a resource, nothing conditional, nothing that can be rehearsed at the server. */
import { targetErrors } from '../../../core/errors/target.ts'
import { declaredSecrets } from '../../../core/placeholders.ts'
import { kindOf } from '../../../core/resource.ts'
import type { LiveResource, Resource } from '../../../core/vocabulary.ts'
import type { ApplyRequest, Refusal } from '../../../ports/driver.ts'
import { carryOut, type Outcome, type Pending } from '../carry-out.ts'
import { gatherSecrets, templatesOf } from '../conceal.ts'
import { sendBySort } from '../in-order.ts'
import type { Site } from './generation.ts'

/** How servers of a generation without manifests are looked at and written to. */
export interface ByCalls {
  readonly site: Site
  readonly represent: (resource: Resource) => Resource
  /** Why the server could not hold a represented resource so that it reads back as it is; empty when it can. */
  readonly faultsOf: (resource: Resource) => readonly string[]
  /** Everything live, secrets concealed. */
  readonly look: (hints: readonly Resource[], signal: AbortSignal) => Promise<readonly LiveResource[]>
  /** Kinds in the order in which they are written; taken away in the opposite one. */
  readonly order: readonly string[]
  /** What a write makes on the way that others of its kind find there then, each by a name: the first for each goes ahead of them, alone. */
  readonly opens: (item: Pending) => readonly string[]
  readonly send: (item: Pending, how: Sending) => Promise<Outcome | null>
}

export interface Sending {
  /** Values of the `${NAME}` of all that is written. */
  readonly secrets: ReadonlyMap<string, string>
  readonly signal: AbortSignal
}

export async function applyByCalls(how: ByCalls, request: ApplyRequest, signal: AbortSignal): Promise<void> {
  const { settings, deps } = how.site
  const refusals = refusalsOf(how, request)
  if (refusals.length > 0) {
    const reason = refusals.map(({ key, message }) => `${key}: ${message}`).join('; ')
    throw targetErrors.refused({ target: settings.name, reason })
  }
  const desired = desiredOf(how, request)
  const secrets = await gatherSecrets(desired.flatMap(declaredSecrets), deps.resolveSecret)
  await carryOut({
    target: settings.name,
    request,
    represent: how.represent,
    look: async () => new Map((await how.look(desired, signal)).map((live) => [live.key, live])),
    write: (pending, landed) =>
      sendBySort({
        items: inOrder(how, pending),
        sortOf: ({ alone, item: { change, desired } }) =>
          alone ? null : `${desired === null ? 'delete' : 'write'} ${kindOf(change.key)}`,
        keysOf: ({ item: { change } }) => [change.key],
        limit: settings.maxInFlight,
        send: async ({ item }) => {
          const outcome = await how.send(item, { secrets, signal })
          if (outcome === null) landed(1)
          return outcome
        },
        signal,
      }),
    signal,
  })
}

/** Nothing can be asked without being done: what the server would not hold is told, and what does not answer. */
export async function rehearseByCalls(
  how: ByCalls,
  request: ApplyRequest,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  signal.throwIfAborted()
  const desired = desiredOf(how, request)
  await gatherSecrets(desired.flatMap(declaredSecrets), how.site.deps.resolveSecret)
  await how.look(desired, signal)
  return refusalsOf(how, request)
}

interface Turn {
  readonly item: Pending
  readonly alone: boolean
}

/** Writes before deletions, each kind after those it needs, and of each kind first what opens the way for the others. */
function inOrder({ order, opens }: ByCalls, pending: readonly Pending[]): readonly Turn[] {
  const rank = ({ change, desired }: Pending) => {
    const at = order.indexOf(kindOf(change.key))
    return desired === null ? 2 * order.length - at : at
  }
  const opened = new Set<string>()
  const turns = pending.map((item) => {
    const news = opens(item).filter((name) => !opened.has(name))
    for (const name of news) opened.add(name)
    return { item, alone: news.length > 0 }
  })
  return turns.sort((a, b) => rank(a.item) - rank(b.item) || Number(b.alone) - Number(a.alone))
}

function desiredOf(how: ByCalls, request: ApplyRequest): readonly Resource[] {
  return request.changes.flatMap(({ desired }) => (desired === null ? [] : [how.represent(desired)]))
}

function refusalsOf(how: ByCalls, request: ApplyRequest): readonly Refusal[] {
  return request.changes.flatMap(({ change: { key }, desired }) => {
    if (desired === null) return []
    const faults = how.faultsOf(how.represent(desired))
    return faults.length === 0 ? [] : [{ key, message: faults.join('; ') }]
  })
}

/** Faults of identity and secrets. `secretAt` is the only pointer where a `${NAME}` can be hidden again when it is read back. */
export function commonFaults(site: Site, resource: Resource, secretAt: string | null): readonly string[] {
  const { namespaces } = site.settings
  const { name, namespace } = resource
  const faults: string[] = []
  if (namespace !== 'default') faults.push('servers of this generation know no namespaces: only "default" can be held')
  if (namespaces !== undefined && !namespaces.includes(namespace))
    faults.push(`this target is for the namespaces ${namespaces.join(', ')} only`)
  if (name === '' || name === '.' || name === '..') faults.push('such a name cannot stand in a path')
  const bare = Object.keys(templatesOf(resource)).filter((pointer) => pointer !== secretAt)
  if (bare.length > 0) faults.push(`\${NAME} at ${bare.join(', ')} could not be hidden when it is read back`)
  return faults
}
