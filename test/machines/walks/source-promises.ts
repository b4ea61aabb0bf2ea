/** What holds for every event at every configuration of the source, however it was reached. */
import { isDeepStrictEqual } from 'node:util'
import type { SourceContext, SourceFact } from '../../../machines/source/types.ts'
import type { Promised } from './explore.ts'

export const sourcePromises: readonly Promised<SourceContext, SourceFact>[] = [
  {
    title: 'a fetch is owed exactly while fetching, of the commit that is pending, from the head that is served',
    broken: ({ after }) => {
      const { owed, pending, head } = after.state.context
      const expected = [{ kind: 'fetch', commit: pending, head: head?.commit ?? null }]
      const work = owed.map(({ id: _, ...rest }) => rest)
      return isDeepStrictEqual(work, after.path === 'Fetching' ? expected : []) ? null : JSON.stringify(work)
    },
  },
  {
    title: 'new work gets an id of its own: the sequence of its event',
    broken: ({ before, event, after }) => {
      const [work] = after.state.context.owed
      const isOld = work === undefined || before.state.context.owed.includes(work)
      return isOld || work.id === `source/${event.sequence}/1` ? null : `the id is ${work.id}`
    },
  },
  {
    title: 'the head changes only by a fetch that was asked for; another branch or repository starts without one',
    broken: ({ before, event, after }) => {
      const { head, owed, settings } = before.state.context
      const later = after.state.context
      if (later.head?.commit === head?.commit) return null
      if (event.type === 'source.configured')
        return later.head === null &&
          (event.settings.url !== settings?.url || event.settings.branch !== settings.branch)
          ? null
          : 'reconfigured in place'
      const isAnswer = event.type === 'fetch.done' && owed[0]?.id === event.effect
      return isAnswer && later.head?.commit === event.commit && later.head.at === event.at ? null : `by ${event.type}`
    },
  },
  {
    title: 'another branch or repository is never served with the head of the one before',
    broken: ({ before, event, after }) => {
      if (event.type !== 'source.configured') return null
      const { settings, head } = before.state.context
      const isSame = event.settings.url === settings?.url && event.settings.branch === settings.branch
      return after.state.context.head === (isSame ? head : null) ? null : 'the old head is served'
    },
  },
  {
    title:
      'a rewritten history is followed only where the configuration says so, or once where a person accepted that commit',
    broken: ({ before, event, after }) => {
      if (event.type !== 'fetch.done' || !event.rewritten || after.path !== 'Watching') return null
      const { settings, acceptedRewrite } = before.state.context
      const isAccepted = acceptedRewrite?.commit === event.commit
      if (settings?.historyRewrite !== 'accept' && !isAccepted) return 'followed without a person'
      return after.state.context.acceptedRewrite === null ? null : 'the acceptance could be used again'
    },
  },
  {
    title: 'an acceptance is of the commit that waits, and in the name of who gave it',
    broken: ({ before, event, after }) => {
      const { acceptedRewrite } = after.state.context
      if (acceptedRewrite === null || acceptedRewrite === before.state.context.acceptedRewrite) return null
      const isHis = event.type === 'rewrite.accepted' && acceptedRewrite.by === event.by
      return isHis && event.commit === before.state.context.pending ? null : `by ${event.type}`
    },
  },
  {
    title: 'watching means that something is served and nothing is wrong or pending',
    broken: ({ after }) => {
      const { head, failure, pending } = after.state.context
      if (after.path !== 'Watching') return null
      return head !== null && failure === null && pending === null ? null : JSON.stringify({ head, failure, pending })
    },
  },
  {
    title: 'a source that is unreachable or invalid says why and since when',
    broken: ({ before, event, after }) => {
      if (!/^(Unreachable|Invalid)$/.test(after.path)) return null
      const { failure } = after.state.context
      if (failure === null) return 'no reason'
      return failure === before.state.context.failure || failure.since === event.at ? null : `since ${failure.since}`
    },
  },
  {
    title: 'a commit is pending only while it is fetched or waits for a person',
    broken: ({ after }) =>
      after.state.context.pending === null || /^(Fetching|Invalid)$/.test(after.path) ? null : 'still pending',
  },
  {
    title: 'a commit waits for a person exactly where the reason given is a rewritten history',
    broken: ({ after }) => {
      const { pending, failure } = after.state.context
      if (after.path !== 'Invalid') return null
      const isRewritten = failure?.code === 'HONUA_GIT_HISTORY_REWRITTEN'
      return isRewritten === (pending !== null) ? null : `${failure?.code}, pending ${pending}`
    },
  },
]
