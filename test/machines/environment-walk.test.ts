import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { environmentMachine, environmentVersion } from '../../machines/environment/machine.ts'
import { wakeAt } from '../../machines/environment/memory.ts'
import type {
  EnvironmentContext,
  EnvironmentEvent,
  EnvironmentFact,
  EnvironmentInput,
} from '../../machines/environment/types.ts'
import { foldOf, pathOf, type State, stateDigest } from '../../src/runtime/fold.ts'
import { EnvironmentRecords } from '../../src/runtime/records.ts'
import { ANNA, aDecision, aHead, aPlan, someSettings } from '../support/builders/environment.ts'

const fold = foldOf<EnvironmentContext, EnvironmentEvent, EnvironmentInput>(environmentMachine, environmentVersion, {
  name: '',
})
const letter = fc.constantFrom('a', 'b', 'c')
const by = { by: ANNA, reason: 'walk' }

/** An event as a function of the state it meets: answers name the effect owed (or, now and then, another one). */
type Move = (context: EnvironmentContext, at: number) => EnvironmentFact

const failing = fc.record({ code: fc.constant('HONUA_X'), message: fc.constant('x'), transient: fc.boolean() })
const owed = (context: EnvironmentContext) => context.owed[0]?.id ?? 'none'
const open = (context: EnvironmentContext) => context.attempt?.id ?? 'none'

/** Whatever could answer the effect that is owed: moves that lead on are drawn most often. */
const answer: fc.Arbitrary<Move> = fc
  .tuple(fc.constantFrom(true, true, true, true, false), fc.nat(5), letter, failing)
  .map(
    ([good, variant, name, failure]): Move =>
      (context, at) => {
        const effect = owed(context)
        const failed = { effect, ...failure }
        switch (context.owed[0]?.kind) {
          case undefined:
            return { type: 'timer.fired' }
          case 'look':
            if (!good) return { type: 'look.failed', ...failed }
            if (variant === 0)
              return { type: 'look.invalid', effect, problems: [{ code: 'X', message: 'bad', location: null }] }
            if (variant === 1)
              return { type: 'look.clean', effect, commit: name.repeat(40), release: `release-${name}`, inventory: 'i' }
            return { type: 'look.planned', effect, plan: aPlan(name, { waves: 1 + (variant % 2) }) }
          case 'decide': {
            const outcome = (['deploy', 'ask', 'wait', 'block', 'deploy', 'ask'] as const)[variant] ?? 'deploy'
            return {
              type: 'decision.made',
              effect,
              decision: aDecision(outcome, { until: outcome === 'wait' ? at + 60_000 : null }),
            }
          }
          case 'validate':
            if (good)
              return variant === 0
                ? { type: 'plan.stale', effect, message: 'moved' }
                : { type: 'validation.passed', effect }
            return { type: 'validation.failed', ...failed }
          case 'backUp':
            return good ? { type: 'backup.done', effect, bundle: 'backup' } : { type: 'backup.failed', ...failed }
          case 'applyWave':
            if (good)
              return variant === 0 ? { type: 'plan.stale', effect, message: 'moved' } : { type: 'wave.applied', effect }
            return { type: 'wave.failed', ...failed }
          case 'verify':
            return good
              ? { type: 'verification.passed', effect, inventory: 'i' }
              : { type: 'verification.failed', ...failed }
          case 'restore':
            return good ? { type: 'restore.done', effect } : { type: 'restore.failed', ...failed }
          case 'verifyRestore':
            return good
              ? { type: 'restore.verified', effect, inventory: 'i' }
              : { type: 'restore.unverified', ...failed }
        }
      },
  )

const outside: fc.Arbitrary<Move> = fc.oneof(
  letter.map(
    (name): Move =>
      () => ({ type: 'head.moved', head: aHead(name) }),
  ),
  fc.boolean().map(
    (autoSync): Move =>
      () => ({ type: 'settings.changed', settings: someSettings({ autoSync }) }),
  ),
  fc.constant<Move>(() => ({ type: 'timer.fired' })),
  fc.constant<Move>(() => ({ type: 'look.requested', by: ANNA })),
  fc.constant<Move>((context) => ({ type: 'approval.granted', deployment: open(context), ...by })),
  fc.constant<Move>((context) => ({ type: 'approval.rejected', deployment: open(context), ...by })),
  fc.constant<Move>((context) => ({ type: 'deployment.cancelled', deployment: open(context), ...by })),
  fc.option(fc.nat(600_000)).map(
    (ms): Move =>
      (_, at) => ({ type: 'hold.placed', until: ms === null ? null : at + ms, ...by }),
  ),
  fc.constant<Move>(() => ({ type: 'hold.lifted', ...by })),
  letter.map(
    (name): Move =>
      () => ({ type: 'rollback.requested', plan: aPlan(name, { reason: 'rollback' }), ...by }),
  ),
  fc.constant<Move>(() => ({ type: 'look.planned', effect: 'production/1/9', plan: aPlan('z') })),
)

const walk = fc.array(
  fc.tuple(
    fc.oneof({ weight: 5, arbitrary: answer }, { weight: 1, arbitrary: outside }),
    fc.integer({ min: 0, max: 400_000 }),
  ),
  { minLength: 10, maxLength: 100, size: 'max' },
)

interface Step {
  readonly before: State<EnvironmentContext>
  readonly event: EnvironmentEvent
  readonly after: State<EnvironmentContext>
}

function walked(moves: readonly (readonly [Move, number])[]): readonly Step[] {
  const steps: Step[] = []
  let state = fold.initial({ name: 'production' })
  let at = Date.UTC(2026, 0, 5)
  const begin: readonly (readonly [Move, number])[] = [
    [() => ({ type: 'settings.changed', settings: someSettings() }), 0],
    [() => ({ type: 'head.moved', head: aHead() }), 0],
  ]
  for (const [move, ms] of [...begin, ...moves]) {
    at += ms
    const event = { ...move(state.context, at), at, sequence: steps.length + 1 }
    const after = fold.next(state, event)
    if (after === null) continue
    steps.push({ before: state, event, after })
    state = after
  }
  return steps
}

function everyStep(check: (step: Step, path: string) => void): void {
  fc.assert(
    fc.property(walk, (moves) => {
      for (const step of walked(moves)) check(step, pathOf(step.after.value))
    }),
    { numRuns: 400 },
  )
}

describe('whatever happens to an environment', () => {
  it('a state that waits says why', () => {
    everyStep(({ after, event }, path) => {
      if (/^OutOfSync\.(waiting|held|blocked)$|^Unknown\.unreachable$/.test(path))
        expect({ path, event: event.type, waiting: after.context.waiting }).not.toMatchObject({ waiting: null })
    })
  })

  it('a state that works owes exactly one effect, any other owes none', () => {
    everyStep(({ after }, path) => {
      const works = /looking|checking|planning|deciding|^Deploying|^RollingBack/.test(path)
      expect([path, after.context.owed.length]).toEqual([path, works ? 1 : 0])
    })
  })

  it('there is an open attempt exactly while it is asked for, deployed or rolled back', () => {
    everyStep(({ after }, path) => {
      expect([path, after.context.attempt !== null]).toEqual([
        path,
        /^(AwaitingApproval|Deploying|RollingBack)/.test(path),
      ])
    })
  })

  it('what is due is dealt with by a few timer events, and then nothing is due any more', () => {
    everyStep(({ after, event }) => {
      const at = (wakeAt(after.context) ?? 0) + 1
      let state: State<EnvironmentContext> | null = after
      for (let sequence = 1_000; state !== null; sequence += 1) {
        expect(sequence).toBeLessThan(1_005)
        if ((wakeAt(state.context) ?? Number.POSITIVE_INFINITY) > at) return
        state = fold.next(state, { type: 'timer.fired', at, sequence })
      }
      expect({
        path: pathOf(after.value),
        waiting: after.context.waiting,
        hold: after.context.hold,
        look: after.context.nextLookAt,
        attempt: after.context.attempt,
        wake: wakeAt(after.context),
        event: event.type,
      }).toBe('something that a timer event deals with')
    })
  })

  it('nothing is written without a decision to deploy or an approval of exactly that plan', () => {
    everyStep(({ before, event, after }) => {
      if (!pathOf(after.value).startsWith('Deploying') || pathOf(before.value).startsWith('Deploying')) return
      expect(['decision.made', 'approval.granted']).toContain(event.type)
      expect(after.context.attempt?.plan).toEqual(before.context.attempt?.plan ?? before.context.plan)
    })
  })

  it('approval is never taken while the environment is held', () => {
    everyStep(({ before, event }) => {
      if (event.type === 'approval.granted') expect(before.context.hold).toBeNull()
    })
  })

  it('a restored state goes on exactly as the one in memory', () => {
    everyStep(({ before, event, after }) => {
      const restored = fold.restore(JSON.parse(JSON.stringify(before)))
      const next = fold.next(restored, JSON.parse(JSON.stringify(event)))
      expect(next === null ? null : stateDigest(next)).toBe(stateDigest(after))
    })
  })

  it('deployment records move only as the table allows, and end when the attempt does', () => {
    fc.assert(
      fc.property(walk, (moves) => {
        const records = new EnvironmentRecords(null)
        const ends = new Map<string, string | null>()
        for (const step of walked(moves)) {
          for (const { id, value } of records.project(step).documents)
            ends.set(
              id,
              typeof value === 'object' && value !== null && 'completedAt' in value && value['completedAt'] !== null
                ? id
                : null,
            )
          records.settle(step)
          const open = step.after.context.attempt?.id
          expect([...ends].filter(([id, end]) => end === null && id !== open)).toEqual([])
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('the chart as a whole', () => {
  it('every state is reached by the walks', () => {
    const reached = new Set<string>(['Unknown.waiting'])
    fc.assert(
      fc.property(walk, (moves) => {
        for (const { after } of walked(moves)) reached.add(pathOf(after.value))
        return true
      }),
      { numRuns: 500, seed: 7 },
    )
    const transient = ['RollingBack.ended']
    const states = Object.entries(environmentMachine.root.states).flatMap(([top, node]) =>
      Object.keys(node.states).map((sub) => `${top}.${sub}`),
    )
    expect(states.filter((state) => !reached.has(state) && !transient.includes(state))).toEqual([])
  })
})
