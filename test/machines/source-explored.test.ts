import { describe, expect, it } from 'vitest'
import { sourceMachine, sourceVersion } from '../../machines/source/machine.ts'
import type { SourceContext, SourceEvent } from '../../machines/source/types.ts'
import { foldOf, pathOf } from '../../src/runtime/fold.ts'
import { type Judged, judged } from './walks/exhaust.ts'
import { type Configuration, taken } from './walks/explore.ts'
import { sourceLikeness, sourceMoves } from './walks/source-moves.ts'
import { sourcePromises } from './walks/source-promises.ts'
import { told } from './walks/source-told.ts'

const fold = foldOf<SourceContext, SourceEvent, Record<string, never>>(sourceMachine, sourceVersion, {})
const initial = fold.initial({})

let known: Judged<SourceContext> | null = null

/** Explored once for all tests of this file. */
function explored(): Judged<SourceContext> {
  known ??= judged({
    machine: sourceMachine,
    fold,
    input: {},
    from: [{ state: initial, path: pathOf(initial.value), at: Date.UTC(2026, 0, 5), sequence: 0, trail: [] }],
    moves: sourceMoves,
    likeness: sourceLikeness,
    depth: 100,
    configurationsMax: 10_000,
    promises: sourcePromises,
    told,
    kindOf: ({ before, move, after }) => [before.path, move.name, after?.path].join(),
  })
  return known
}

/** Whether one of the named moves in turn leads to something served. */
function leadsOn(here: Configuration<SourceContext>, names: readonly string[]): boolean {
  const last = names.reduce<Configuration<SourceContext> | null>((from, name) => {
    const move = from === null ? undefined : sourceMoves(from).find((one) => one.name === name)
    return from === null || move === undefined ? null : taken(fold, from, move).after
  }, here)
  return last?.path === 'Watching'
}

describe('the source, explored to its end', () => {
  it('nothing lies deeper', () => {
    expect(explored().complete).toBe(true)
  })

  it.each(sourcePromises.map(({ title }) => title))('%s', (title) => {
    expect(explored().broken.get(title)).toBeUndefined()
  })

  it('every event is taken or refused, leads to and leaves in memory just what the flat telling of the chart says', () => {
    expect(explored().untold.slice(0, 3)).toEqual([])
  })

  it('every transition of the chart is taken, every state is rested in', () => {
    expect(explored().coverage.untaken).toEqual([])
    expect(explored().coverage.unreached).toEqual([])
  })

  it('every guard says yes to some event and no to another', () => {
    expect(explored().coverage.unrefused).toEqual([])
  })

  it('a transition gives the same result again, leaves its input as it was, and survives being stored', () => {
    expect(explored().impure.slice(0, 3)).toEqual([])
  })

  it('no configuration is a dead end: the next commit is fetched and served, or a person accepts what waits', () => {
    const stuck = explored().configurations.filter(
      (here) =>
        !['a', 'b'].some(
          (letter) =>
            leadsOn(here, [`moved to ${letter}`, 'fetched']) ||
            leadsOn(here, [`accept ${letter}`, 'fetched, rewritten']),
        ) && !leadsOn(here, ['fetched']),
    )
    expect(stuck.map(({ trail }) => trail)).toEqual([])
  })
})
