import { describe, expect, it } from 'vitest'
import { mutantsOf } from './mutants.ts'
import { parsed } from './syntax.ts'

const chart = `
import { createMachine } from 'xstate'
const toShut = { guard: 'alone', target: 'shut' } as const
export const door = createMachine({
  id: 'door',
  initial: 'shut',
  states: {
    shut: { entry: ['lock', 'rest'], on: { push: [{ guard: 'strong', target: 'open', actions: 'creak' }, { actions: 'knock' }] } },
    open: { always: toShut },
  },
})
`
const code = `
const ROOM_MAX = 5
/** Not a figure. */
const title = 'a room'
export function fits(n: number, list: readonly { at: number }[]): boolean {
  if (n <= 0 || !list.some((one) => one.at === n)) return false
  return n < ROOM_MAX
}
`

/** What is changed, by its id without the file in front. */
function changes(source: string): ReadonlyMap<string, string> {
  return new Map(mutantsOf('a.ts', source).map((mutant) => [mutant.id.replace('a.ts · ', ''), mutant.source]))
}

describe('the changes to a chart', () => {
  const found = changes(chart)

  it('are: first states, guards, targets, actions and the order of branches', () => {
    expect([...found.keys()]).toEqual([
      'machine · initial: open',
      "shut · entry · 'lock': dropped",
      "shut · entry · 'rest': dropped",
      'shut · push · 1 · never taken',
      "shut · push · 1 · guard 'strong': dropped",
      "shut · push · 1 · guard 'strong': negated",
      'shut · push · 1 · stays',
      'shut · push · 1 · goes to shut',
      "shut · push · 1 · action 'creak': dropped",
      'shut · push · branches 1 and 2: swapped',
      'shut · push · 2 · never taken',
      "shut · push · 2 · action 'knock': dropped",
      'open · at once · 1 · never taken',
      "open · at once · 1 · guard 'alone': dropped",
      "open · at once · 1 · guard 'alone': negated",
      'open · at once · 1 · stays',
      'open · at once · 1 · goes to open',
    ])
  })

  it.each([
    [
      'shut · push · branches 1 and 2: swapped',
      "push: [{ actions: 'knock' }, { guard: 'strong', target: 'open', actions: 'creak' }]",
    ],
    ["shut · entry · 'lock': dropped", "entry: ['rest']"],
    ['open · at once · 1 · goes to open', "always: { ...(toShut), target: '#door.open' }"],
    ["open · at once · 1 · guard 'alone': negated", 'always: { ...(toShut), guard: negation((toShut).guard) }'],
  ])('%s', (id, text) => {
    expect(found.get(id)).toContain(text)
  })
})

describe('the changes to ordinary code', () => {
  const found = changes(code)

  it('are: figures, comparisons, conditions and their sides, and calls; no names, no types', () => {
    expect([...found.keys()]).toEqual([
      'ROOM_MAX · 5: 6',
      'fits · n <= 0 || !list.some((one) => one.at === n): always',
      'fits · n <= 0 || !list.some((one) => one.at === n): never',
      'fits · n <= 0: left out',
      'fits · !list.some((one) => one.at === n): left out',
      'fits · n <= 0: <',
      'fits · n <= 0: >',
      'fits · 0: 1',
      'fits · !list.some((one) => one.at === n): without !',
      'fits · list.some((one) => one.at === n): every',
      'fits · one.at === n: !==',
      'fits · false: true',
      'fits · n < ROOM_MAX: <=',
      'fits · n < ROOM_MAX: >=',
    ])
  })

  it('are each one change, and TypeScript still', () => {
    for (const source of found.values()) {
      expect(source).not.toBe(code)
      expect(() => parsed(source)).not.toThrow()
    }
    expect(found.get('fits · n <= 0: left out')).toContain('if ((!list.some((one) => one.at === n))) return false')
  })

  it('have numbers where two are called the same', () => {
    expect([...changes('function twice() { return f(1) + g(1) }').keys()]).toContain('twice · 1: 2 · 2')
  })
})
