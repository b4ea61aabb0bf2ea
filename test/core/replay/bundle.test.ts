import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HonuaError } from '../../../src/core/errors/index.ts'
import { parseBundle } from '../../../src/core/replay/bundle.ts'
import { foldNamed, replay } from '../../../src/runtime/replay.ts'
import { recorded, recordedText } from '../../support/builders/journals.ts'

const bundle = recorded('approval')
const refusal = (text: string) => {
  try {
    parseBundle(text, 'b.json')
    return 'taken'
  } catch (error) {
    return error instanceof HonuaError ? error.message.replace('b.json is no replay bundle: ', '') : String(error)
  }
}
const changed = (over: object) => refusal(JSON.stringify({ ...bundle, ...over }))

describe('the text of a bundle', () => {
  it('is read as what was written', () => {
    expect(parseBundle(JSON.stringify(bundle), 'b.json')).toEqual(bundle)
    expect(parseBundle(recordedText('shortened'), 'b.json').base).toBeDefined()
  })

  it.each([
    ['no JSON', '{', 'it is not in the format honua-replay'],
    ['another format', '{"format":"zip"}', 'it is not in the format honua-replay'],
    [
      'a later version',
      '{"format":"honua-replay","version":2}',
      'it has version 2 of the format; this program reads version 1',
    ],
    ['nothing more', '{"format":"honua-replay","version":1}', 'parts of it are missing'],
  ])('with %s is refused', (_, text, reason) => {
    expect(refusal(text)).toBe(reason)
  })

  it('with a damaged part is refused, and the part is named', () => {
    expect(changed({ machine: { name: 'environment' } })).toBe('it does not name its statechart')
    expect(changed({ entries: 'none' })).toBe('it holds no entries')
    expect(changed({ entries: [bundle.entries[0], 7] })).toBe('entry 2 is damaged')
    expect(changed({ base: { sequence: 'x' } })).toBe('the state that it begins with is damaged')
    const [entry] = bundle.entries
    const far = JSON.stringify({ ...bundle, entries: [{ ...entry, at: 0 }] }).replace('"at":0', '"at":1e999')
    expect(refusal(far)).toBe('entry 1 is of no moment that a calendar knows')
  })

  it('nested without end is refused before anything walks through it', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(refusal(JSON.stringify(bundle).replace('"entries"', `"more":${deep},"entries"`))).toBe(
      'it is nested more than 100 deep',
    )
  })

  it('of any kind is read or refused, nothing else', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('input', 'entries', 'base', 'snapshot', 'machine'), (value, part) => {
        expect(changed({ [part]: JSON.parse(value) })).not.toMatch(/Error/)
      }),
    )
  })
})

describe('a bundle that begins with no state of its chart', () => {
  it.each([{ value: 'Nowhere', context: {} }, { value: {}, context: {} }, { value: 'Synced' }])(
    'is refused: %j',
    (snapshot) => {
      const base = { sequence: 0, state: 'x', snapshot }
      expect(() => replay({ ...bundle, base }, foldNamed('environment', bundle.input))).toThrow(
        /is no replay bundle: it does not begin with a state of its statechart/,
      )
    },
  )
})
