import { describe, expect, it } from 'vitest'
import { graphOf } from '../../../machines/chart-graph.ts'
import { environmentMachine } from '../../../machines/environment/machine.ts'
import { fitted } from '../../../src/web/chart/fitted.ts'
import { drawnOf } from '../../../src/web/chart/layout/index.ts'
import { activeStates, takenBy } from '../../../src/web/chart/taken.ts'

const graph = graphOf(environmentMachine)
const taken = (type: string, from: string, to: string) =>
  takenBy(graph, { sequence: 1, type, from, to }).map(({ id }) => id)

describe('the arrows of an event', () => {
  it.each([
    [
      'from state to state',
      'look.planned',
      'OutOfSync.planning',
      'OutOfSync.deciding',
      ['OutOfSync.planning/look.planned/0'],
    ],
    [
      'into a state with others inside',
      'look.clean',
      'Unknown.looking',
      'Synced.quiet',
      ['Unknown.looking/look.clean/0'],
    ],
    ['of the state around it', 'head.moved', 'Synced.quiet', 'OutOfSync.planning', ['Synced/head.moved/0']],
    [
      'and what follows at once',
      'head.moved',
      'Unknown.waiting',
      'Unknown.looking',
      ['Unknown/head.moved/0', 'Unknown.waiting//0'],
    ],
    [
      'by the branch that leads there',
      'wave.applied',
      'Deploying.applying',
      'Deploying.postValidating',
      ['Deploying.applying/wave.applied/2'],
    ],
    ['within one state', 'head.moved', 'Deploying.applying', 'Deploying.applying', ['/head.moved/0']],
    ['that the graph does not know', 'never.heard', 'Synced.quiet', 'Synced.quiet', []],
  ])('are found %s', (_, type, from, to, ids) => {
    expect(taken(type, from, to)).toEqual(ids)
  })

  it('are both named where guards alone tell them apart', () => {
    expect(taken('timer.fired', 'OutOfSync.waiting', 'OutOfSync.planning')).toEqual([
      'OutOfSync/timer.fired/0',
      'OutOfSync/timer.fired/1',
    ])
  })

  it('are those that the controller names, where it does', () => {
    const known = { sequence: 1, type: 'timer.fired', from: 'OutOfSync.waiting', to: 'OutOfSync.planning' }
    expect(takenBy(graph, { ...known, taken: ['OutOfSync/timer.fired/1'] }).map(({ id }) => id)).toEqual([
      'OutOfSync/timer.fired/1',
    ])
  })
})

it('a state is active with all that are around it', () => {
  expect(activeStates('OutOfSync.waiting')).toEqual(['OutOfSync.waiting', 'OutOfSync', ''])
  expect(activeStates('')).toEqual([''])
})

describe('the drawing for a frame', () => {
  const { drawings } = drawnOf(environmentMachine)

  it('is the wide one where all of it can be read at once', () => {
    const { drawing, scale } = fitted(drawings, { width: 934, height: 582 })
    expect([drawing.columns > 3, scale * drawing.height <= 582, scale * drawing.width <= 934]).toEqual([
      true,
      true,
      true,
    ])
  })

  it('fills the width of a phone, and can be read there', () => {
    const { drawing, scale } = fitted(drawings, { width: 330, height: 500 })
    expect(scale * drawing.width).toBeLessThanOrEqual(330)
    expect(scale * 11).toBeGreaterThanOrEqual(9)
  })
})
