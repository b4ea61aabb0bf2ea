/** What an event of each type looks like at a moment, to begin with when nothing like it is in the journal. */
import type { EnvironmentFact } from '../../../machines/environment/types.ts'
import type { SourceFact } from '../../../machines/source/types.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { fieldOf, listOf, planOf } from './values.ts'

/** What of a context events are about. */
interface Known {
  readonly effect: string
  readonly deployment: string
  readonly commit: string
  readonly release: string
  readonly inventory: string
  readonly plan: Json
  readonly context: JsonObject
}

type Template = (known: Known) => JsonObject

const BY = { name: 'somebody', how: 'token' }
const REASON = { by: BY, reason: 'what if' }
const failed = ({ effect }: Known, transient: boolean) => ({
  effect,
  code: 'WHAT_IF',
  message: 'what if',
  transient,
})

const PLAN = {
  digest: 'what-if',
  reason: 'commit',
  commit: '',
  release: 'what-if',
  live: 'what-if',
  creates: 1,
  updates: 0,
  deletes: 0,
  breaking: false,
  risk: 'Low',
  rollback: 'reapply',
  deletePercent: 0,
  waves: 1,
}

const ENVIRONMENT: { readonly [type in EnvironmentFact['type']]: Template } = {
  'settings.changed': ({ context }) => ({ settings: context['settings'] ?? null }),
  'head.moved': ({ context }) => ({
    head: { commit: 'f'.repeat(40), trees: fieldOf(context['head'], 'trees') ?? {} },
  }),
  'look.requested': () => ({ by: BY }),
  'timer.fired': () => ({}),
  'look.planned': ({ effect, plan }) => ({ effect, plan }),
  'look.clean': ({ effect, commit, release, inventory }) => ({ effect, commit, release, inventory }),
  'look.invalid': ({ effect }) => ({ effect, problems: [] }),
  'look.failed': (known) => failed(known, true),
  'decision.made': ({ effect }) => ({
    effect,
    decision: { outcome: 'deploy', reason: 'what if', until: null, verdicts: [] },
  }),
  'approval.granted': ({ deployment }) => ({ deployment, ...REASON }),
  'approval.rejected': ({ deployment }) => ({ deployment, ...REASON }),
  'deployment.cancelled': ({ deployment }) => ({ deployment, ...REASON }),
  'hold.placed': () => ({ ...REASON, until: null }),
  'hold.lifted': () => REASON,
  'rollback.requested': ({ plan }) => ({ ...REASON, plan }),
  'recovery.requested': ({ plan }) => ({ ...REASON, plan, target: '', backup: '' }),
  'validation.passed': ({ effect }) => ({ effect }),
  'validation.failed': (known) => failed(known, false),
  'plan.stale': ({ effect }) => ({ effect, message: 'what if' }),
  'backup.done': ({ effect }) => ({ effect, bundle: 'what-if' }),
  'backup.failed': (known) => failed(known, true),
  'wave.applied': ({ effect }) => ({ effect }),
  'wave.failed': (known) => failed(known, false),
  'verification.passed': ({ effect, inventory }) => ({ effect, inventory }),
  'verification.failed': (known) => failed(known, false),
  'restore.done': ({ effect }) => ({ effect }),
  'restore.failed': (known) => failed(known, false),
  'restore.verified': ({ effect, inventory }) => ({ effect, inventory }),
  'restore.unverified': (known) => failed(known, false),
  'recovery.checked': ({ effect }) => ({ effect }),
  'recovery.done': ({ effect }) => ({ effect, message: 'what if' }),
  'recovery.failed': (known) => failed(known, false),
}

const SOURCE: { readonly [type in SourceFact['type']]: Template } = {
  'source.configured': ({ context }) => ({ settings: context['settings'] ?? null }),
  'remote.reached': () => ({}),
  'remote.failed': () => ({ code: 'WHAT_IF', message: 'what if' }),
  'remote.invalid': () => ({ code: 'WHAT_IF', message: 'what if' }),
  'remote.moved': () => ({ commit: 'f'.repeat(40) }),
  'fetch.done': ({ effect, context }) => ({ effect, commit: context['pending'] ?? 'f'.repeat(40), rewritten: false }),
  'fetch.failed': ({ effect }) => ({ effect, code: 'WHAT_IF', message: 'what if' }),
  'rewrite.accepted': ({ context }) => ({ commit: context['pending'] ?? 'f'.repeat(40), ...REASON }),
}

const TEMPLATES = new Map<string, Template>([...Object.entries(ENVIRONMENT), ...Object.entries(SOURCE)])

/** An event of a type that fits a context as far as that can be told. */
export function templateOf(type: string, context: JsonObject): JsonObject {
  return { type, ...TEMPLATES.get(type)?.(knownOf(context)) }
}

/** The event, about what is owed and open in a context. */
export function broughtTo(event: JsonObject, context: JsonObject): JsonObject {
  const { effect, deployment } = knownOf(context)
  return {
    ...event,
    ...(event['effect'] === undefined ? {} : { effect }),
    ...(event['deployment'] === undefined ? {} : { deployment }),
  }
}

function knownOf(context: JsonObject): Known {
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '')
  const attempt = context['attempt'] ?? fieldOf(context['ended'], 'attempt')
  const commit = text(fieldOf(context['head'], 'commit'))
  return {
    effect: text(fieldOf(listOf(context['owed'])[0], 'id')),
    deployment: text(fieldOf(attempt, 'id')),
    commit,
    release: text(fieldOf(context['seen'], 'release')) || text(fieldOf(context['applied'], 'release')) || 'what-if',
    inventory: text(context['inventory']) || 'what-if',
    plan: planOf(context) ?? { ...PLAN, commit },
    context,
  }
}
