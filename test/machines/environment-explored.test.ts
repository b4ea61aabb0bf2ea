import { describe, expect, it } from 'vitest'
import { environmentMachine } from '../../machines/environment/machine.ts'
import type { EnvironmentContext } from '../../machines/environment/types.ts'
import { told } from './walks/environment-fields.ts'
import { environmentLikeness, environmentMoves } from './walks/environment-moves.ts'
import { environmentPromises, orderThatLeadsOn } from './walks/environment-promises.ts'
import { environmentFold, follow, longestWork, starts, wayToSynced } from './walks/environment-ways.ts'
import { type Judged, judged } from './walks/exhaust.ts'

/** Events from each start. `DEPTH=7 npm test -- test/machines/environment-explored` goes deeper. */
const DEPTH = Number(process.env['DEPTH'] ?? '4')
/** Answers until an environment rests: the rest of one deployment, then all of the next one, and its rollback. */
const ANSWERS_MAX = 17
/** Events until Synced from anywhere, a person and the world helping. */
const EVENTS_MAX = 18

let known: Judged<EnvironmentContext> | null = null

/** Explored once for all tests of this file. */
function explored(): Judged<EnvironmentContext> {
  known ??= judged({
    machine: environmentMachine,
    fold: environmentFold,
    input: { name: 'production' },
    from: Object.values(starts).map((names) => follow(names)),
    moves: environmentMoves,
    likeness: environmentLikeness,
    depth: DEPTH,
    configurationsMax: 200_000,
    promises: environmentPromises,
    told,
    kindOf: ({ before, move, after }) =>
      [before.path, move.name, after?.path, after?.state.context.waiting?.reason].join(),
  })
  return known
}

describe(`an environment, ${DEPTH} events deep from ${Object.keys(starts).length} starts`, () => {
  it.each(environmentPromises.map(({ title }) => title))('%s', (title) => {
    expect(explored().broken.get(title)).toBeUndefined()
  })

  it('every event is taken or refused, leads to and leaves in memory just what the flat telling of the chart says', () => {
    expect(explored().untold.slice(0, 3)).toEqual([])
  })

  it('every transition of the chart is taken', () => {
    expect(explored().coverage.untaken).toEqual([])
  })

  it('every state is reached; only the one that is left at once is never rested in', () => {
    expect(explored().coverage.unreached).toEqual(['RollingBack.ended'])
  })

  it('every guard says yes to some event and no to another', () => {
    expect(explored().coverage.unrefused).toEqual([])
  })

  it('a transition gives the same result again, leaves its input as it was, and survives being stored', () => {
    expect(explored().impure.slice(0, 3)).toEqual([])
  })

  it('however the world answers, the work ends after a few answers in a state that rests', () => {
    const work = new Map<string, number>()
    const long = explored().configurations.find((here) => longestWork(here, environmentLikeness, work) > ANSWERS_MAX)
    expect(long?.trail).toBeUndefined()
  })

  it('no configuration is a dead end: with a person who helps and a world that works it becomes Synced', () => {
    const stuck = explored().configurations.find((here) => wayToSynced(here, EVENTS_MAX) === null)
    expect(stuck?.trail).toBeUndefined()
  })

  it('where only a person leads on, the order that the reason names is taken and starts a new look', () => {
    const stuck = explored().configurations.filter((here) => {
      const order = orderThatLeadsOn(here)
      const move = environmentMoves(here).find(({ fact }) => fact.type === order)
      if (order === null) return false
      if (move === undefined) return true
      const after = environmentFold.next(here.state, { ...move.fact, at: here.at, sequence: here.sequence + 1 })
      return after?.context.owed[0]?.kind !== 'look'
    })
    expect(stuck.map(({ trail }) => trail)).toEqual([])
  })
})
