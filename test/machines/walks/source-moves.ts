/** A finite alphabet of what may happen to the source, and what of a configuration can make a difference later. */
import type { SourceContext, SourceFact, SourceSettings } from '../../../machines/source/types.ts'
import { ANNA } from '../../support/builders/environment.ts'
import type { Configuration, Move } from './explore.ts'

type Here = Configuration<SourceContext>

export const careful: SourceSettings = { url: 'git.example.org/config', branch: 'main', historyRewrite: 'hold' }
const [A, B] = ['a'.repeat(40), 'b'.repeat(40)]
const silent = { code: 'HONUA_GIT_UNREACHABLE', message: 'no answer' }
const denied = { code: 'HONUA_GIT_DENIED', message: 'go away' }
const gone = { code: 'HONUA_GIT_BRANCH_MISSING', message: 'gone' }

/** Everything that may happen now. */
export function sourceMoves({ state: { context }, at }: Here): readonly Move<SourceFact>[] {
  const [fetch] = context.owed
  const effects = [
    ['', fetch?.id ?? 'source/0/1'],
    [' by a stranger', 'source/0/2'],
  ] as const
  const moves: readonly (readonly [string, SourceFact])[] = [
    ['configured', { type: 'source.configured', settings: careful }],
    ['configured to accept', { type: 'source.configured', settings: { ...careful, historyRewrite: 'accept' } }],
    ['another branch', { type: 'source.configured', settings: { ...careful, branch: 'next' } }],
    ['another repository', { type: 'source.configured', settings: { ...careful, url: 'git.example.org/next' } }],
    ['reached', { type: 'remote.reached' }],
    ['no answer', { type: 'remote.failed', ...silent }],
    ['denied', { type: 'remote.failed', ...denied }],
    ['gone', { type: 'remote.invalid', ...gone }],
    ['moved to a', { type: 'remote.moved', commit: A }],
    ['moved to b', { type: 'remote.moved', commit: B }],
    ['accept a', { type: 'rewrite.accepted', commit: A, by: ANNA, reason: 'walk' }],
    ['accept b', { type: 'rewrite.accepted', commit: B, by: ANNA, reason: 'walk' }],
    ...effects.flatMap(([who, effect]): readonly (readonly [string, SourceFact])[] => [
      [`fetched${who}`, { type: 'fetch.done', effect, commit: fetch?.commit ?? A, rewritten: false }],
      [`fetched, rewritten${who}`, { type: 'fetch.done', effect, commit: fetch?.commit ?? A, rewritten: true }],
      [`fetch failed${who}`, { type: 'fetch.failed', effect, ...silent }],
    ]),
  ]
  return moves.map(([name, fact]) => ({ name, fact, at }))
}

export function sourceLikeness({ path, state: { context } }: Here): string {
  const { settings, head, pending, failure, acceptedRewrite, owed } = context
  return JSON.stringify([
    path,
    settings,
    head?.commit,
    pending,
    failure?.code,
    acceptedRewrite?.commit,
    owed.map(({ commit, head: from }) => [commit, from]),
  ])
}
