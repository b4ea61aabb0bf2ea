import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { diagramPage } from '../../machines/diagram.ts'
import { charts } from '../support/charts.ts'

describe.each(charts)('the diagram of $machine.id', ({ machine, file }) => {
  it('is what the machine draws; if not, run: npm run diagrams', () => {
    expect(readFileSync(file, 'utf8')).toBe(diagramPage(machine))
  })

  it('every state says what it means', () => {
    const untold = Object.values(machine.root.states)
      .flatMap((node) => [node, ...Object.values(node.states)])
      .filter((node) => node.description === undefined)
    expect(untold.map((node) => node.key)).toEqual([])
  })
})

describe('a diagram', () => {
  const page = diagramPage(
    createMachine({
      id: 'door',
      initial: 'shut',
      states: {
        shut: {
          on: {
            push: [
              { guard: 'strong', target: 'open' },
              { guard: () => false, target: 'open' },
            ],
          },
        },
        open: {
          description: 'Anybody may enter.',
          initial: 'ajar',
          on: { kick: { target: 'shut', guard: { type: 'answers the effect owed' } }, knock: {} },
          states: { ajar: { always: { guard: { type: 'windy' }, target: 'wide' } }, wide: {} },
        },
      },
    }),
  )

  it('shows states within states, where each begins, and every arrow with its event and the name of its guard', () => {
    expect(/```mermaid\n([^`]*)```/.exec(page)?.[1]?.split('\n')).toEqual([
      'stateDiagram-v2',
      '  direction TB',
      '  [*] --> shut',
      '  state "shut" as shut',
      '  state "open" as open {',
      '    [*] --> open_ajar',
      '    state "ajar" as open_ajar',
      '    state "wide" as open_wide',
      '  }',
      '  shut --> open : push [strong]',
      '  shut --> open : push',
      '  open --> shut : kick',
      '  open_ajar --> open_wide : at once [windy]',
      '',
    ])
  })

  it('says nothing where a chart or a state says nothing of itself', () => {
    expect(page.split('\n').slice(0, 5)).toEqual(['# door', '', '', '', expect.stringContaining('npm run diagrams')])
    expect(page.split('\n').slice(-5)).toEqual([
      '| `shut` |  |',
      '| `open` | Anybody may enter. |',
      '| `open.ajar` |  |',
      '| `open.wide` |  |',
      '',
    ])
  })
})
