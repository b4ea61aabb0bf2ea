import { describe, expect, it } from 'vitest'
import { sourceMachine, sourceVersion } from '../../machines/source/machine.ts'
import type { SourceContext, SourceEvent, SourceFact, SourceSettings } from '../../machines/source/types.ts'
import { foldOf, pathOf, type State } from '../../src/runtime/fold.ts'
import { ANNA } from '../support/builders/environment.ts'

const fold = foldOf<SourceContext, SourceEvent, Record<string, never>>(sourceMachine, sourceVersion, {})
const settings: SourceSettings = { url: 'git.example.org/config', branch: 'main', historyRewrite: 'hold' }
const failure = { code: 'HONUA_GIT_UNREACHABLE', message: 'no answer' }
const [A, B, C] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)]

class Run {
  state: State<SourceContext> = fold.initial({})
  sequence = 0

  constructor(over: Partial<SourceSettings> = {}) {
    this.send({ type: 'source.configured', settings: { ...settings, ...over } })
  }

  get path(): string {
    return pathOf(this.state.value)
  }

  get head(): string | undefined {
    return this.state.context.head?.commit
  }

  send(fact: SourceFact): boolean {
    const next = fold.next(this.state, { ...fact, at: 1_000 + this.sequence, sequence: this.sequence + 1 })
    if (next === null) return false
    this.sequence += 1
    this.state = next
    return true
  }

  fetched(commit: string, rewritten = false): this {
    this.send({ type: 'remote.moved', commit })
    this.send({ type: 'fetch.done', effect: this.state.context.owed[0]?.id ?? '', commit, rewritten })
    return this
  }
}

describe('the source', () => {
  it('begins by connecting: it knows, serves and owes nothing', () => {
    const nothing = { settings: null, head: null, pending: null, failure: null, acceptedRewrite: null, owed: [] }
    expect(fold.initial({})).toEqual({ value: 'Connecting', context: nothing })
  })

  it('fetches what the remote shows and serves it', () => {
    const run = new Run().fetched(A)
    expect([run.path, run.head]).toEqual(['Watching', A])
  })

  it('serves the last commit while the remote does not answer, says since when, and recovers alone', () => {
    const run = new Run().fetched(A)
    run.send({ type: 'remote.failed', ...failure })
    const { since } = run.state.context.failure ?? {}
    expect(run.send({ type: 'remote.failed', ...failure })).toBe(false)
    expect([run.path, run.head, run.state.context.failure?.since]).toEqual(['Unreachable', A, since])
    run.send({ type: 'remote.reached' })
    expect([run.path, run.state.context.failure]).toEqual(['Watching', null])
  })

  it('a rewritten history waits, and the commit before is served', () => {
    const run = new Run().fetched(A).fetched(B, true)
    expect([run.path, run.head, run.state.context.pending]).toEqual(['Invalid', A, B])
  })

  it('a person takes a rewritten history, by its commit only', () => {
    const run = new Run().fetched(A).fetched(B, true)
    expect(run.send({ type: 'rewrite.accepted', commit: A, by: ANNA, reason: 'x' })).toBe(false)
    run.send({ type: 'rewrite.accepted', commit: B, by: ANNA, reason: 'x' })
    run.send({ type: 'fetch.done', effect: run.state.context.owed[0]?.id ?? '', commit: B, rewritten: true })
    expect([run.path, run.head]).toEqual(['Watching', B])
  })

  it('an acceptance counts once: going back to the accepted commit later waits for a person again', () => {
    const run = new Run().fetched(A).fetched(B, true)
    run.send({ type: 'rewrite.accepted', commit: B, by: ANNA, reason: 'x' })
    run.send({ type: 'fetch.done', effect: run.state.context.owed[0]?.id ?? '', commit: B, rewritten: true })
    run.fetched(C).fetched(B, true)
    expect([run.path, run.head, run.state.context.pending]).toEqual(['Invalid', C, B])
  })

  it('a branch that comes back before anything was served is connected to, not watched', () => {
    const run = new Run()
    run.send({ type: 'remote.invalid', code: 'HONUA_GIT_BRANCH_MISSING', message: 'gone' })
    run.send({ type: 'remote.reached' })
    expect([run.path, run.state.context.failure]).toEqual(['Connecting', null])
  })

  it('a rewritten history is followed where the configuration accepts it', () => {
    const run = new Run({ historyRewrite: 'accept' }).fetched(A).fetched(B, true)
    expect([run.path, run.head]).toEqual(['Watching', B])
  })

  it('a history that is put right again is watched on', () => {
    const run = new Run().fetched(A).fetched(B, true)
    run.send({ type: 'remote.reached' })
    expect([run.path, run.state.context.pending, run.state.context.failure]).toEqual(['Watching', null, null])
  })

  it('a rewritten history that was gone for a while waits again, under its own reason', () => {
    const run = new Run().fetched(A).fetched(B, true)
    run.send({ type: 'remote.invalid', code: 'HONUA_GIT_BRANCH_MISSING', message: 'gone' })
    run.fetched(B, true)
    expect([run.path, run.head, run.state.context.failure?.code]).toEqual(['Invalid', A, 'HONUA_GIT_HISTORY_REWRITTEN'])
  })

  it('a branch that is gone is invalid, and nothing that was served is lost', () => {
    const run = new Run().fetched(A)
    run.send({ type: 'remote.invalid', code: 'HONUA_GIT_BRANCH_MISSING', message: 'gone' })
    expect([run.path, run.head]).toEqual(['Invalid', A])
  })

  it('a commit that arrives during a fetch replaces what is fetched', () => {
    const run = new Run()
    run.send({ type: 'remote.moved', commit: A })
    const old = run.state.context.owed[0]?.id ?? ''
    run.send({ type: 'remote.moved', commit: B })
    expect(run.send({ type: 'fetch.done', effect: old, commit: A, rewritten: false })).toBe(false)
    expect(run.state.context.owed).toMatchObject([{ commit: B }])
  })

  it('another repository starts afresh: its first commit need not follow the old head', () => {
    const run = new Run().fetched(A)
    run.send({ type: 'source.configured', settings: { ...settings, url: 'git.example.org/other' } })
    expect(run.head).toBeUndefined()
  })
})
