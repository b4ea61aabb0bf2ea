import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { didYouMean, suggest } from '../../src/core/suggest.ts'

const KEYS = ['autoSync', 'prune', 'conditions', 'outsideWindow', 'approvalTtl', 'ignore']
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

describe('a suggestion', () => {
  it.each([
    ['autosync', KEYS, 'autoSync'],
    ['prunes', KEYS, 'prune'],
    ['condition', KEYS, 'conditions'],
    ['outsideWindows', KEYS, 'outsideWindow'],
    ['Wednesday', DAYS, 'Wed'],
    ['approval', KEYS, 'approvalTtl'],
  ])('for %s is the word that was meant', (word, known, meant) => {
    expect(suggest(word, known)).toBe(meant)
  })

  it.each(['xyzzy', '', 'x', 'window', 'x'.repeat(10_000)])('for %s there is none', (word) => {
    expect(suggest(word, KEYS)).toBeUndefined()
  })

  it('two letters are not taken for any other two', () => {
    expect(suggest('no', ['on', 'my'])).toBeUndefined()
  })

  it('is a known word or nothing, and for a known word the word itself', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1 }),
        (word, known) => {
          const found = suggest(word, known)
          if (found !== undefined) expect(known).toContain(found)
          const lower = [...new Set(known.map((one) => one.toLowerCase()))]
          for (const one of lower) expect(suggest(one, lower)).toBe(one)
        },
      ),
    )
  })

  it('does not hang on who is longer: one slip of four letters is found in both directions', () => {
    expect([suggest('kep', ['keep']), suggest('keeep', ['keep'])]).toEqual(['keep', 'keep'])
  })

  it('stands behind a sentence, or nothing does', () => {
    expect([didYouMean('prun', KEYS), didYouMean('xyzzy', KEYS)]).toEqual(['; did you mean "prune"?', ''])
  })
})
