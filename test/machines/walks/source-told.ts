/** The source told a second time, flat: where each event leads, and what each field of its memory holds then. */
import type { SourceContext, SourceEvent } from '../../../machines/source/types.ts'
import type { Configuration } from './explore.ts'

type Here = Configuration<SourceContext>
type Memory = SourceContext
interface Telling {
  readonly was: Memory
  readonly event: SourceEvent
  /** Where the event leads; `same` where only memory changes. */
  readonly road: string
}
type Fields = { readonly [Field in keyof Memory]: (one: Telling) => Memory[Field] }

/** Where an event leads and what is remembered then; null where it is refused. */
export function told(before: Here, event: SourceEvent): { readonly path: string; readonly context: Memory } | null {
  const was = before.state.context
  const road = roadOf(before, event)
  if (road === null) return null
  const one = { was, event, road }
  const context = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field(one)]))
  return { path: road === 'same' ? before.path : road, context: { ...was, ...context } }
}

function roadOf({ path, state: { context } }: Here, event: SourceEvent): string | null {
  const isTrouble = path === 'Unreachable' || path === 'Invalid'
  switch (event.type) {
    case 'source.configured':
      return 'Connecting'
    case 'remote.reached':
      if (path === 'Watching' || path === 'Fetching') return null
      if (context.head !== null) return 'Watching'
      return isTrouble ? 'Connecting' : null
    case 'remote.moved':
      return /^(Fetching|Invalid)$/.test(path) && event.commit === context.pending ? null : 'Fetching'
    case 'remote.failed':
      if (path === 'Unreachable') return context.failure?.code === event.code ? null : 'same'
      return path === 'Fetching' || path === 'Invalid' ? null : 'Unreachable'
    case 'remote.invalid':
      if (path === 'Invalid') return context.failure?.code === event.code ? null : 'same'
      return path === 'Fetching' ? null : 'Invalid'
    case 'fetch.done':
      if (context.owed[0]?.id !== event.effect) return null
      return isFollowed(context, event) ? 'Watching' : 'Invalid'
    case 'fetch.failed':
      return context.owed[0]?.id === event.effect ? 'Unreachable' : null
    case 'rewrite.accepted':
      return path === 'Invalid' && context.pending === event.commit ? 'Fetching' : null
  }
}

function isFollowed(
  { settings, acceptedRewrite }: Memory,
  { rewritten, commit }: { readonly rewritten: boolean; readonly commit: string },
): boolean {
  return !rewritten || settings?.historyRewrite === 'accept' || acceptedRewrite?.commit === commit
}

const fields: Fields = {
  settings: ({ was, event }) => (event.type === 'source.configured' ? event.settings : was.settings),
  head({ was, event, road }) {
    if (event.type === 'source.configured') {
      const isSame = was.settings?.url === event.settings.url && was.settings.branch === event.settings.branch
      return isSame ? was.head : null
    }
    return event.type === 'fetch.done' && road === 'Watching' ? { commit: event.commit, at: event.at } : was.head
  },
  pending({ was, event, road }) {
    switch (event.type) {
      case 'remote.moved':
        return event.commit
      case 'fetch.done':
        return road === 'Watching' ? null : event.commit
      case 'source.configured':
      case 'fetch.failed':
      case 'remote.reached':
      case 'remote.invalid':
        return null
      default:
        return was.pending
    }
  },
  failure({ was, event, road }) {
    const since = event.at
    if ('code' in event) return { code: event.code, message: event.message, since }
    if (event.type === 'fetch.done' && road === 'Invalid') {
      const message = `history was rewritten: ${event.commit.slice(0, 12)} does not follow ${was.head?.commit.slice(0, 12) ?? 'nothing'}`
      return { code: 'HONUA_GIT_HISTORY_REWRITTEN', message, since }
    }
    return /^(Watching|Connecting)$/.test(road) ? null : was.failure
  },
  acceptedRewrite({ was, event, road }) {
    if (event.type === 'rewrite.accepted') return { commit: event.commit, by: event.by, at: event.at }
    return event.type === 'fetch.done' && road === 'Watching' ? null : was.acceptedRewrite
  },
  owed(one) {
    const { was, event, road } = one
    if (road === 'same') return was.owed
    if (road !== 'Fetching') return []
    const commit = fields.pending(one) ?? ''
    return [{ kind: 'fetch', commit, head: was.head?.commit ?? null, id: `source/${event.sequence}/1` }]
  },
}
