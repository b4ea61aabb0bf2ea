import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wakeAt } from '../../machines/environment/memory.ts'
import type { EnvironmentContext, EnvironmentFact } from '../../machines/environment/types.ts'
import { type State, stateDigest } from '../../src/runtime/fold.ts'
import { EnvironmentRecords } from '../../src/runtime/records.ts'
import { told } from './walks/environment-fields.ts'
import { environmentMoves } from './walks/environment-moves.ts'
import { environmentPromises } from './walks/environment-promises.ts'
import { environmentFold, follow, type Here } from './walks/environment-ways.ts'
import { differenceTo } from './walks/exhaust.ts'
import { type Edge, type Step, taken } from './walks/explore.ts'

type Tried = Omit<Edge<EnvironmentContext, EnvironmentFact>, 'isNew'>
type Taken = Step<EnvironmentContext, EnvironmentFact>

/** Which of the possible moves, how eager the world is to answer, and how long it takes. */
const walk = fc.array(fc.tuple(fc.nat(999), fc.nat(5), fc.integer({ min: 0, max: 400_000 })), {
  minLength: 10,
  maxLength: 100,
  size: 'max',
})

type Picks = readonly (readonly [which: number, eager: number, ms: number])[]

/** Every event that a walk tries. Answers to what is owed come most often, so that walks lead deep. */
function tried(picks: Picks): readonly Tried[] {
  const steps: Tried[] = []
  let here = follow(['settings', 'head a'])
  for (const [which, eager, ms] of picks) {
    const before: Here = { ...here, at: here.at + ms }
    const moves = environmentMoves(before)
    const [owed] = before.state.context.owed
    const answers = moves.filter(({ fact }) => 'effect' in fact && fact.effect === owed?.id)
    const pool = eager > 0 && answers.length > 0 ? answers : moves
    const move = pool[which % pool.length]
    if (move === undefined) throw new RangeError('no move is possible')
    const step = taken(environmentFold, before, move)
    steps.push(step)
    here = step.after ?? here
  }
  return steps
}

/** The steps of a walk: events that the chart refuses are left out. */
function walked(picks: Picks): readonly Taken[] {
  return tried(picks).flatMap((step) => (step.after === null ? [] : [{ ...step, after: step.after }]))
}

function everyStep(check: (step: Taken) => void): void {
  fc.assert(
    fc.property(walk, (picks) => {
      for (const step of walked(picks)) check(step)
    }),
    { numRuns: 200 },
  )
}

describe('whatever happens to an environment, a hundred events deep', () => {
  it('every event is taken or refused, leads to and leaves in memory just what the flat telling of the chart says', () => {
    fc.assert(
      fc.property(walk, (picks) => {
        for (const step of tried(picks)) expect(differenceTo(told, step)).toBeNull()
      }),
      { numRuns: 200 },
    )
  })

  it('every promise about a step holds', () => {
    everyStep((step) => {
      const broken = environmentPromises
        .map(({ title, broken: how }) => ({ title, how: how(step) }))
        .filter(({ how }) => how !== null)
      expect({ broken, trail: step.after.trail.slice(-12) }).toMatchObject({ broken: [] })
    })
  })

  it('what is due is dealt with by a few timer events, and then nothing is due any more', () => {
    everyStep(({ after }) => {
      const at = (wakeAt(after.state.context) ?? 0) + 1
      let state: State<EnvironmentContext> | null = after.state
      for (let sequence = 1_000; state !== null; sequence += 1) {
        expect(sequence).toBeLessThan(1_005)
        if ((wakeAt(state.context) ?? Number.POSITIVE_INFINITY) > at) return
        state = environmentFold.next(state, { type: 'timer.fired', at, sequence })
      }
      expect([after.path, after.trail.slice(-12)]).toBe('something that a timer event deals with')
    })
  })

  it('a restored state goes on exactly as the one in memory', () => {
    everyStep(({ before, event, after }) => {
      const restored = environmentFold.restore(JSON.parse(JSON.stringify(before.state)))
      const next = environmentFold.next(restored, JSON.parse(JSON.stringify(event)))
      expect(next === null ? null : stateDigest(next)).toBe(stateDigest(after.state))
    })
  })

  it('deployment records move only as the table allows, and end when the attempt does', () => {
    fc.assert(
      fc.property(walk, (picks) => {
        const records = new EnvironmentRecords(null)
        const open = new Set<string>()
        for (const { before, event, after } of walked(picks)) {
          const step = { before: before.state, event, after: after.state }
          for (const { id, value } of records.project(step).documents)
            if (isEnded(value)) open.delete(id)
            else open.add(id)
          records.settle(step)
          const attempt = after.state.context.attempt?.id
          expect([...open]).toEqual(attempt === undefined ? [] : [attempt])
        }
      }),
      { numRuns: 200 },
    )
  })

  it('no two attempts have the same id', () => {
    fc.assert(
      fc.property(walk, (picks) => {
        const ids = walked(picks).flatMap(({ before, after }) => {
          const { attempt } = after.state.context
          return attempt === null || attempt.id === before.state.context.attempt?.id ? [] : [attempt.id]
        })
        expect(new Set(ids).size).toBe(ids.length)
      }),
      { numRuns: 200 },
    )
  })
})

function isEnded(record: unknown): boolean {
  return typeof record === 'object' && record !== null && 'completedAt' in record && record.completedAt !== null
}
