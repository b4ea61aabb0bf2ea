import { assign, setup } from 'xstate'
import { it, known } from '../common.ts'
import type { SourceContext, SourceEvent, SourceWork } from './types.ts'

/** Raised whenever an older version's snapshots or journals could fold differently. */
export const sourceVersion = 1

type EventOf<Type extends SourceEvent['type']> = Extract<SourceEvent, { type: Type }>
type Failing = Extract<SourceEvent, { readonly code: string }>

const words = setup({
  types: { context: {} as SourceContext, events: {} as SourceEvent },
  guards: {
    'answers the effect owed': ({ context }, answer: { readonly effect: string }) =>
      context.owed.some((effect) => effect.id === answer.effect),
    'answers nothing owed': ({ context }, answer: { readonly effect: string }) =>
      context.owed.every((effect) => effect.id !== answer.effect),
    'history was rewritten and must wait': ({ context }, done: EventOf<'fetch.done'>) =>
      done.rewritten &&
      context.settings?.historyRewrite !== 'accept' &&
      context.acceptedRewrite?.commit !== done.commit,
    'is the one that waits': ({ context }, accepted: EventOf<'rewrite.accepted'>) =>
      context.pending === accepted.commit,
    'something is served already': ({ context }) => context.head !== null,
    'it is another commit': ({ context }, moved: EventOf<'remote.moved'>) => moved.commit !== context.pending,
    'the failure is another one': ({ context }, failed: Failing) => context.failure?.code !== failed.code,
  },
  actions: {
    'owe a fetch': assign(({ context, event }) => {
      const work: SourceWork = { kind: 'fetch', commit: known(context.pending), head: context.head?.commit ?? null }
      return { owed: [{ ...work, id: `source/${event.sequence}/1` }] }
    }),
    'owe nothing': assign({ owed: [] }),
    // Another branch or repository starts afresh: its commits need not follow the old head.
    'take settings': assign(({ context }, event: EventOf<'source.configured'>) => ({
      settings: event.settings,
      failure: null,
      pending: null,
      head:
        event.settings.url === context.settings?.url && event.settings.branch === context.settings.branch
          ? context.head
          : null,
    })),
    'note pending': assign((_, event: EventOf<'remote.moved'>) => ({ pending: event.commit })),
    'forget pending': assign({ pending: null }),
    // What a person accepted counts once: going back to that commit later is another decision.
    'serve it': assign(({ event }, done: EventOf<'fetch.done'>) => ({
      head: { commit: done.commit, at: event.at },
      pending: null,
      acceptedRewrite: null,
    })),
    'note failure': assign(({ event }, failed: Failing) => ({
      failure: { code: failed.code, message: failed.message, since: event.at },
    })),
    'note rewrite': assign(({ context, event }, done: EventOf<'fetch.done'>) => ({
      failure: {
        code: 'HONUA_GIT_HISTORY_REWRITTEN',
        message: `history was rewritten: ${done.commit.slice(0, 12)} does not follow ${context.head?.commit.slice(0, 12) ?? 'nothing'}`,
        since: event.at,
      },
    })),
    'clear failure': assign({ failure: null }),
    'note who accepted': assign(({ event }, accepted: EventOf<'rewrite.accepted'>) => ({
      acceptedRewrite: { commit: accepted.commit, by: accepted.by, at: event.at },
    })),
  },
})

const isAnswer = { type: 'answers the effect owed', params: it } as const
const fetchIt = { target: '#source.Fetching', actions: { type: 'note pending', params: it } } as const

export const sourceMachine = words.createMachine({
  id: 'source',
  description: 'One repository and branch. Polls that find nothing new leave no trace here; what changes does.',
  context: { settings: null, head: null, pending: null, failure: null, acceptedRewrite: null, owed: [] },
  initial: 'Connecting',
  on: {
    'source.configured': { target: '.Connecting', actions: { type: 'take settings', params: it } },
  },
  states: {
    Connecting: {
      description: 'The remote has not answered yet; a head from the cache is served.',
      entry: 'owe nothing',
      on: {
        'remote.reached': { guard: 'something is served already', target: 'Watching' },
        'remote.moved': fetchIt,
        'remote.failed': { target: 'Unreachable', actions: { type: 'note failure', params: it } },
        'remote.invalid': { target: 'Invalid', actions: { type: 'note failure', params: it } },
      },
    },
    Watching: {
      description: 'The cache holds what the remote last showed.',
      entry: ['owe nothing', 'clear failure'],
      on: {
        'remote.moved': fetchIt,
        'remote.failed': { target: 'Unreachable', actions: { type: 'note failure', params: it } },
        'remote.invalid': { target: 'Invalid', actions: { type: 'note failure', params: it } },
      },
    },
    Fetching: {
      description: 'A new commit is brought into the cache.',
      entry: 'owe a fetch',
      on: {
        'remote.moved': { guard: { type: 'it is another commit', params: it }, ...fetchIt, reenter: true },
        'fetch.done': [
          { guard: { type: 'answers nothing owed', params: it } },
          {
            guard: { type: 'history was rewritten and must wait', params: it },
            target: 'Invalid',
            actions: { type: 'note rewrite', params: it },
          },
          { target: 'Watching', actions: { type: 'serve it', params: it } },
        ],
        'fetch.failed': {
          guard: isAnswer,
          target: 'Unreachable',
          actions: ['forget pending', { type: 'note failure', params: it }],
        },
      },
    },
    Unreachable: {
      description:
        'The remote does not answer, refuses us, or sent what cannot be taken. Everything is served from the cache.',
      entry: 'owe nothing',
      on: {
        'remote.reached': [
          { guard: 'something is served already', target: 'Watching' },
          { target: 'Connecting', actions: 'clear failure' },
        ],
        'remote.moved': fetchIt,
        'remote.failed': {
          guard: { type: 'the failure is another one', params: it },
          actions: { type: 'note failure', params: it },
        },
        'remote.invalid': { target: 'Invalid', actions: { type: 'note failure', params: it } },
      },
    },
    Invalid: {
      description:
        'The branch is gone, or its history was rewritten and policy forbids it. The last accepted commit is served.',
      entry: 'owe nothing',
      on: {
        'remote.reached': [
          { guard: 'something is served already', target: 'Watching', actions: 'forget pending' },
          { target: 'Connecting', actions: ['forget pending', 'clear failure'] },
        ],
        'remote.moved': { guard: { type: 'it is another commit', params: it }, ...fetchIt },
        'remote.invalid': {
          guard: { type: 'the failure is another one', params: it },
          actions: ['forget pending', { type: 'note failure', params: it }],
        },
        'rewrite.accepted': {
          guard: { type: 'is the one that waits', params: it },
          target: 'Fetching',
          actions: { type: 'note who accepted', params: it },
        },
      },
    },
  },
})
