import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChartGraph } from '../../../machines/chart-graph.ts'
import { scaleIn } from '../../../src/web/chart/layout/best.ts'
import { draw } from '../../../src/web/chart/layout/draw.ts'
import { TEXT } from '../../../src/web/chart/layout/drawing.ts'
import { drawnOf, FRAMES } from '../../../src/web/chart/layout/index.ts'
import { sizer } from '../../../src/web/chart/layout/size.ts'
import { treeOf } from '../../../src/web/chart/layout/tree.ts'
import { charts } from '../../support/charts.ts'
import { flawsOf } from './geometry.ts'

describe.each(charts)('the drawing of $machine.id', ({ machine }) => {
  const { graph, drawings, mermaid } = drawnOf(machine)

  it('tells every transition, and nothing of it overlaps anything, in each frame', () => {
    expect(graph.transitions.length).toBeGreaterThan(10)
    expect(drawings).toHaveLength(FRAMES.length)
    for (const drawing of drawings) expect(flawsOf(graph, drawing)).toEqual([])
  })

  it('has text of at least 10 px when all of it is shown in a window of 1280×800', () => {
    const [frame, drawing] = [FRAMES[0], drawings[0]]
    expect(frame !== undefined && drawing !== undefined && scaleIn(frame, drawing) * TEXT.label).toBeGreaterThan(10)
  })

  it('has text of at least 11 px when it is as wide as a phone', () => {
    const [frame, drawing] = [FRAMES.at(-1), drawings.at(-1)]
    expect(frame !== undefined && drawing !== undefined && (frame.width / drawing.width) * TEXT.label).toBeGreaterThan(
      11,
    )
  })

  it('comes with the same chart as Mermaid text', () => {
    expect(mermaid.startsWith('stateDiagram-v2\n')).toBe(true)
    for (const { path } of graph.states) expect(mermaid).toContain(` as ${path.replaceAll('.', '_')}`)
  })
})

const word = fc.stringMatching(/^[a-z]{1,12}$/)
/** Charts of up to 12 states, up to three deep, with whatever leads from any of them to any other. */
const someChart: fc.Arbitrary<ChartGraph> = fc
  .array(fc.nat(), { minLength: 1, maxLength: 12 })
  .chain((seeds) => {
    const paths: string[] = []
    for (const [place, seed] of seeds.entries()) {
      const shallow = paths.filter((path) => path.split('.').length < 3)
      const parent = shallow[seed % (shallow.length + 1)]
      paths.push(`${parent === undefined ? '' : `${parent}.`}s${place}`)
    }
    const transition = fc.record({
      source: fc.constantFrom('', ...paths),
      target: fc.option(fc.constantFrom(...paths)),
      event: word,
      guard: fc.oneof(
        fc.constant(''),
        fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' ')),
      ),
    })
    return fc.array(transition, { maxLength: 30 }).map((transitions) => ({ paths, transitions }))
  })
  .map(({ paths, transitions }) => {
    const initialOf = (parent: string) =>
      paths.find(
        (path) =>
          path.startsWith(parent === '' ? '' : `${parent}.`) &&
          path.split('.').length === (parent === '' ? 1 : parent.split('.').length + 1),
      ) ?? null
    return {
      name: 'some',
      initial: initialOf('') ?? '',
      states: paths.map((path) => {
        const parts = path.split('.')
        return {
          path,
          name: parts.at(-1) ?? '',
          description: '',
          parent: parts.slice(0, -1).join('.'),
          initial: initialOf(path),
        }
      }),
      transitions: transitions.map((one, place) => ({
        ...one,
        id: `${one.source}/${one.event}/${place}`,
        isAnswer: false,
      })),
    }
  })

describe('the layout', () => {
  it('keeps everything apart, whatever the chart is and however its states are spread', () => {
    fc.assert(
      fc.property(
        someChart,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 60, max: 240 }),
        (graph, count, most) => {
          const states = treeOf(graph)
          const size = Math.ceil(states.length / count)
          const columns = Array.from({ length: Math.ceil(states.length / size) }, (_, place) => ({
            states: states.slice(place * size, (place + 1) * size),
            most,
          }))
          expect(flawsOf(graph, draw(sizer(graph)(columns)))).toEqual([])
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
