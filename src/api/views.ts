/** What the controller knows, as the contract shows it. Pure. */
import { stringify } from 'yaml'
import type { SourceContext } from '../../machines/source/types.ts'
import { concealedSides } from '../core/diff/index.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { Drifted, Instant, TargetProgress } from '../core/vocabulary.ts'
import type { Committed, EnvironmentStatus, Facade, PlanWithBodies, SourceStatus } from '../runtime/facade.ts'
import type { DriftView, EnvironmentView, EventView, PlanView, SourceView, StatusView, TopState } from './contract.ts'

const TOP_STATES: readonly TopState[] = [
  'Unknown',
  'Synced',
  'OutOfSync',
  'AwaitingApproval',
  'Deploying',
  'RollingBack',
]
const SOURCE_STATES: readonly SourceView['state'][] = ['Connecting', 'Watching', 'Fetching', 'Unreachable', 'Invalid']

/** Drifted resources that are told one by one. */
const DRIFTED_MAX = 100

/** An environment with what has drifted there. */
export async function environmentViewOf(facade: Facade, status: EnvironmentStatus): Promise<EnvironmentView> {
  const drifted = status.context.drift == null ? [] : await facade.drift(status.name)
  return environmentView(status, drifted, facade.progress(status.name))
}

function driftView(drifted: readonly Drifted[]): DriftView | null {
  if (drifted.length === 0) return null
  return {
    since: Math.min(...drifted.map(({ since }) => since)),
    total: drifted.length,
    resources: drifted.slice(0, DRIFTED_MAX),
  }
}

function environmentView(
  { name, path, context }: EnvironmentStatus,
  drifted: readonly Drifted[],
  progress: readonly TargetProgress[],
): EnvironmentView {
  const { waiting, hold, settings, applied } = context
  return {
    name,
    state: topState(path),
    path,
    waiting,
    hold,
    quarantine: context.quarantine,
    latestCommit: context.head?.commit ?? null,
    deployedCommit: applied?.commit ?? null,
    deployedRelease: applied?.release ?? null,
    deployedAt: applied?.at ?? null,
    observedAt: observedAt(context),
    nextLookAt: context.nextLookAt,
    plan: context.attempt?.plan ?? context.plan,
    decision: context.decision,
    deployment: context.attempt?.id ?? null,
    problems: context.problems,
    drift: driftView(drifted),
    driftMode: settings?.drift?.mode ?? 'heal',
    progress,
    autoSync: settings?.autoSync ?? false,
    prune: settings?.prune ?? false,
    targets: settings?.targets ?? [],
  }
}

export function sourceView(source: SourceStatus): SourceView {
  const { settings, head, pending, failure }: SourceContext = source.context
  return {
    state: SOURCE_STATES.find((state) => source.path === state || source.path.startsWith(`${state}.`)) ?? 'Connecting',
    url: settings?.url ?? '',
    branch: settings?.branch ?? '',
    historyRewrite: settings?.historyRewrite ?? 'hold',
    head: head?.commit ?? null,
    pending,
    failure,
    lastCheckAt: source.lastCheckAt,
    lastSuccessAt: source.lastSuccessAt,
    nextPollAt: source.nextPollAt,
  }
}

export function statusView(facade: Facade): StatusView {
  const environments = facade.environments()
  const counts: Record<TopState, number> = {
    Unknown: 0,
    Synced: 0,
    OutOfSync: 0,
    AwaitingApproval: 0,
    Deploying: 0,
    RollingBack: 0,
  }
  let lastSyncAt: Instant | null = null
  for (const { path, context } of environments) {
    counts[topState(path)] += 1
    lastSyncAt = newest(lastSyncAt, observedAt(context))
  }
  const health = facade.storeHealth()
  return {
    version: facade.version,
    state: facade.state(),
    startedAt: facade.startedAt,
    now: facade.now(),
    source: sourceView(facade.source()),
    lastSyncAt,
    environments: counts,
    notices: health.state === 'ok' ? facade.notices() : [health.message, ...facade.notices()],
  }
}

export function planView({ plan, bodies }: PlanWithBodies): PlanView {
  return {
    plan,
    documents: bodies.map(({ target, key, action, ...sides }) => {
      const { before, after } = concealedSides(sides.before, sides.after)
      return { target, key, action, before: yamlText(before), after: yamlText(after) }
    }),
  }
}

export function eventView({ entry, from, to, owed }: Committed): EventView {
  const { stream, sequence, at, event } = entry
  const type = event['type']
  return { stream, sequence, at, type: typeof type === 'string' ? type : '', from, to, event, owed }
}

/** When live was last known to be as said: a look that worked, or a deployment that was read back. */
function observedAt({ seen, applied }: EnvironmentStatus['context']): Instant | null {
  return newest(seen?.at ?? null, applied?.at ?? null)
}

function newest(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other
  return Math.max(one, other)
}

function topState(path: string): TopState {
  const [top] = path.split('.')
  return TOP_STATES.find((state) => state === top) ?? 'Unknown'
}

/** A stored body in the form that people write it in: name and namespace stand in its metadata. */
function yamlText(body: JsonObject | null): string | null {
  if (body === null) return null
  const { apiVersion, kind, name, namespace, metadata, spec, ...rest } = body
  if (typeof name !== 'string' || !isJsonObject(metadata)) return stringify(body, { lineWidth: 0 })
  const declared = { apiVersion, kind, metadata: { name, namespace, ...metadata }, spec, ...rest }
  return stringify(declared, { sortMapEntries: false, lineWidth: 0 })
}
