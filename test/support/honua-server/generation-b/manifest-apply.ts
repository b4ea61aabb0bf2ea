/** POST /manifest/apply: one resource after the other, no transaction, and a failure is a skip with a message. */
import { isRawObject, type Raw, textField } from '../raw-json.ts'
import { type Identifier, keyOf, LAST_APPLIED, specHash, type Wanted, wantedOf } from './resources.ts'
import type { HonuaState } from './state.ts'

export interface ApplyBody {
  readonly resources: readonly Raw[]
  readonly dryRun: boolean
  readonly prune: boolean
  readonly approvalRequired: boolean
  readonly requestedBy: string
  readonly requestedReason: string
}

export interface Entry {
  readonly action: 'create' | 'update' | 'delete' | 'skip'
  readonly resource: Identifier
  readonly message: string | null
}

export interface ApplyResult {
  readonly dryRun: boolean
  readonly summary: {
    readonly created: number
    readonly updated: number
    readonly deleted: number
    readonly skipped: number
  }
  readonly entries: readonly Entry[]
}

/** What a test may have put in the way. */
export interface ApplyTrouble {
  /** A message makes this resource fail. */
  readonly refuse: (key: string) => string | null
  /** Called before each resource with its index; may throw to break off in the middle. */
  readonly before: (index: number) => void
  /** Report everything, do nothing. */
  readonly lie: boolean
}

/** Reads the body; absent fields are as the server's defaults. */
export function applyBodyOf(body: Raw): ApplyBody {
  const field = (name: string): Raw | undefined => (isRawObject(body) ? body.get(name) : undefined)
  const resources = field('resources')
  return {
    resources: Array.isArray(resources) ? resources : [],
    dryRun: field('dryRun') === true,
    prune: field('prune') === true,
    approvalRequired: field('approvalRequired') === true,
    requestedBy: textField(body, 'requestedBy') ?? '',
    requestedReason: textField(body, 'requestedReason') ?? '',
  }
}

export function applyManifest(state: HonuaState, body: ApplyBody, trouble: ApplyTrouble): ApplyResult {
  const quiet = body.dryRun || trouble.lie
  const entries: Entry[] = []
  const requested: Wanted[] = []
  for (const [index, value] of body.resources.entries()) {
    trouble.before(index)
    const { wanted, problem } = wantedOf(value)
    requested.push(wanted)
    const resource = { kind: wanted.kind, namespace: wanted.namespace, name: wanted.name }
    const failure = problem ?? trouble.refuse(keyOf(wanted))
    entries.push(failure === null ? applyOne(state, wanted, quiet) : { action: 'skip', resource, message: failure })
  }
  if (body.prune) entries.push(...prune(state, requested, quiet))
  if (!quiet) state.rememberApplied(requested)
  const count = (action: Entry['action']): number => entries.filter((entry) => entry.action === action).length
  const summary = {
    created: count('create'),
    updated: count('update'),
    deleted: count('delete'),
    skipped: count('skip'),
  }
  return { dryRun: body.dryRun, summary, entries }
}

/** Specs are compared with the live one *and* with the hash of the last manifest; labels and annotations are not. */
function applyOne(state: HonuaState, wanted: Wanted, quiet: boolean): Entry {
  const resource = { kind: wanted.kind, namespace: wanted.namespace, name: wanted.name }
  const hash = specHash(wanted.spec)
  const annotations = new Map(wanted.annotations).set(LAST_APPLIED, hash)
  const live = state.get(keyOf(wanted))
  if (live !== undefined && specHash(live.spec) === hash && live.annotations.get(LAST_APPLIED) === hash)
    return { action: 'skip', resource, message: 'No changes.' }
  if (!quiet) state.put({ ...wanted, annotations })
  return { action: live === undefined ? 'create' : 'update', resource, message: null }
}

/** Deletes what the request does not name, within the (kind, namespace) pairs that it does name. */
function prune(state: HonuaState, requested: readonly Wanted[], quiet: boolean): readonly Entry[] {
  const named = new Set(requested.map(keyOf))
  const pairs = new Set(requested.map(({ kind, namespace }) => `${kind}/${namespace}`))
  const entries: Entry[] = []
  for (const live of state.all()) {
    if (!pairs.has(`${live.kind}/${live.namespace}`) || named.has(keyOf(live))) continue
    if (!quiet) state.remove(keyOf(live))
    entries.push({
      action: 'delete',
      resource: { kind: live.kind, namespace: live.namespace, name: live.name },
      message: null,
    })
  }
  return entries
}
