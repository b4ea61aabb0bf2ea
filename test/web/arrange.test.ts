import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countsOf, fits, ORDERS, ordered, SHOWS } from '../../src/web/overview/arrange.ts'
import { behindWords, bytes } from '../../src/web/parts/words.ts'
import { ANNA } from '../support/builders/environment.ts'
import { aView } from '../support/builders/views.ts'

const hold = (kind: 'person' | 'intervention') => ({ kind, by: ANNA, reason: 'elections', since: 1, until: null })
const TROUBLES = [
  aView('intervention', { hold: hold('intervention') }),
  aView('broken', { state: 'OutOfSync', problems: [{ code: 'X', message: 'a bad file', location: null }] }),
  aView('asking', { state: 'AwaitingApproval' }),
  aView('waiting', { state: 'OutOfSync' }),
  aView('held', { hold: hold('person') }),
  aView('drifted', { drift: { since: 1, total: 1, resources: [] } }),
  aView('moving', { state: 'Deploying' }),
  aView('unknown', { state: 'Unknown', deployedCommit: null }),
  aView('calm'),
]

describe('the order of environments', () => {
  it('has the one that somebody must look at soonest first, whatever the order in which they came', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(TROUBLES, { minLength: TROUBLES.length }), (views) => {
        expect(ordered(views, 'trouble')).toEqual(TROUBLES.map(({ name }) => name))
      }),
    )
  })

  it('is by name where all else is equal, and by the newest deployment where that is asked for', () => {
    const views = ['c', 'a', 'b'].map((name, at) => aView(name, { deployedAt: at }))
    expect([ordered(views, 'trouble'), ordered(views, 'name'), ordered(views, 'deployed')]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['b', 'a', 'c'],
    ])
  })

  it('never loses or doubles one', () => {
    const some = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 30 })
    fc.assert(
      fc.property(some, fc.constantFrom(...ORDERS), (names, { order }) => {
        const views = names.map((name) => aView(name))
        expect([...ordered(views, order)].sort()).toEqual([...names].sort())
      }),
    )
  })
})

describe('what is looked for', () => {
  const found = (text: string) => TROUBLES.filter((view) => fits(view, { show: 'all', text })).map(({ name }) => name)

  it('is found by all of its words, in any part of what is shown, whatever their case', () => {
    expect(found('ELECTIONS')).toEqual(['intervention', 'held'])
    expect(found('elections anna')).toEqual(['held'])
    expect(found('awaits')).toEqual(['asking'])
    expect(found('  ')).toHaveLength(TROUBLES.length)
    expect(found('aaaaaaa files')).toHaveLength(TROUBLES.length)
    expect(found('nowhere')).toEqual([])
  })

  it('is counted as it is shown', () => {
    const counts = countsOf(TROUBLES)
    for (const { show } of SHOWS)
      expect(
        TROUBLES.filter((view) => fits(view, { show, text: '' })),
        show,
      ).toHaveLength(counts[show])
    expect(counts).toEqual({ all: 9, person: 3, waiting: 2, held: 2, drifted: 1, moving: 1, synced: 4 })
  })
})

describe('in words', () => {
  it('it is told how far what is deployed is behind', () => {
    const moved = { deployedCommit: 'a', latestCommit: 'b' }
    expect([
      behindWords({ deployedCommit: 'a', latestCommit: 'a' }, null),
      behindWords({ deployedCommit: null, latestCommit: 'a' }, null),
      ...[null, 0, 1, 12, 1_000].map((count) => behindWords(moved, count)),
    ]).toEqual([
      'the same',
      '',
      '',
      'declares the same',
      '1 commit not deployed',
      '12 commits not deployed',
      '1000 commits or more not deployed',
    ])
  })

  it('bytes have the unit that is short to read', () => {
    expect([0, 999, 1_000, 16_777_216, 2_500_000_000_000_000].map(bytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.0 kB',
      '16.8 MB',
      '2500 TB',
    ])
  })
})
