import { describe, expect, it } from 'vitest'
import { makePlan } from '../../../src/core/plan/index.ts'
import { type Course, courseOf, resourceStanding, targetStanding } from '../../../src/core/standing/index.ts'
import type { Deed, DeploymentState, LeftOver, PlannedAction, SomeKeys } from '../../../src/core/vocabulary.ts'
import { aDeployment } from '../../support/builders/deployments.ts'
import { someSettings } from '../../support/builders/environment.ts'
import { aSeedLayer, aTarget, declared } from '../../support/builders/plans.ts'

const WAVE = 'gitops.honua.io/wave'
const roads = aSeedLayer('roads')
const parcels = aSeedLayer('parcels', { annotations: { [WAVE]: '1' } })

/** Roads are written in the first wave, to both targets; parcels in the second, to `late` alone, for `early` holds them already. */
const plan = makePlan({
  desired: declared([roads, parcels]),
  reason: 'commit',
  targets: [aTarget([parcels], {}, 'early'), aTarget([], {}, 'late'), aTarget([roads, parcels], {}, 'same')],
  inventory: [],
  settings: someSettings(),
})
const back = { ...plan, reason: 'rollback' as const }

const WAY: readonly DeploymentState[] = ['Validating', 'BackingUp', 'Applying', 'PostValidating', 'Completed']

function course(
  state: DeploymentState,
  waves = 0,
  over: {
    readonly passed?: readonly DeploymentState[]
    readonly deeds?: readonly Deed[]
    readonly left?: LeftOver
  } = {},
): Course {
  const { passed = WAY.slice(0, Math.max(0, WAY.indexOf(state))), ...more } = over
  const history = [...passed, state].map((to, at) => ({ from: 'Pending' as const, to, at, message: '' }))
  const events = Array.from({ length: waves }, () => ({ type: 'wave.applied' }))
  return courseOf(aDeployment({ state, history, ...more }), [{ type: 'backup.done' }, ...events])
}

const all = (one: Course, of = plan) => ['early', 'late', 'same'].map((target) => targetStanding(target, of, one))
const deed = (target: string, ok: boolean): Deed => ({
  ...{ step: 'health-check', component: 'files', instance: target, target },
  ...{ ok, message: '', ms: 1 },
})
const none: SomeKeys = { total: 0, keys: [] }
const some = (...keys: readonly string[]): SomeKeys => ({ total: keys.length, keys })
const FAILED = { passed: ['Applying', 'RollingBack'] as const }

describe('a target', () => {
  it.each<[string, Course, readonly string[]]>([
    ['waits for approval', course('AwaitingApproval'), ['not-begun', 'not-begun', 'untouched']],
    ['is backed up', course('BackingUp'), ['not-begun', 'not-begun', 'untouched']],
    ['writes its first wave', course('Applying', 0), ['under-way', 'under-way', 'untouched']],
    ['writes its second wave', course('Applying', 1), ['done', 'under-way', 'untouched']],
    ['has written both', course('Applying', 2), ['done', 'done', 'untouched']],
    ['reads back', course('PostValidating', 2), ['done', 'done', 'untouched']],
    ['is at its end', course('Completed', 2), ['verified', 'verified', 'untouched']],
    [
      'goes back from its first wave',
      course('RollingBack', 0, { passed: ['Applying'] }),
      ['under-way', 'under-way', 'untouched'],
    ],
    ['went back', course('RolledBack', 1, FAILED), ['rolled-back', 'rolled-back', 'untouched']],
    [
      'failed before it wrote',
      course('Failed', 0, { passed: ['Validating'] }),
      ['not-begun', 'not-begun', 'untouched'],
    ],
    [
      'failed to go back, and nobody knows what is where',
      course('Failed', 1, FAILED),
      ['failed', 'failed', 'untouched'],
    ],
  ])('of a deployment that %s', (_, one, standings) => {
    expect(all(one)).toEqual(standings)
  })

  it('that only a later wave would have written was not begun when the first one failed', () => {
    const later = { ...plan, steps: plan.steps.map((step) => (step.target === 'late' ? { ...step, wave: 1 } : step)) }
    expect(all(course('RolledBack', 0, FAILED), later)).toEqual(['rolled-back', 'not-begun', 'untouched'])
  })

  it('of a rollback that a person asked for is written back without waves', () => {
    expect(all(course('RollingBack', 0, { passed: [] }), back)).toEqual(['under-way', 'under-way', 'untouched'])
    expect(all(course('RolledBack', 0, { passed: ['RollingBack'] }), back)).toEqual([
      'rolled-back',
      'rolled-back',
      'untouched',
    ])
  })

  it('that such a rollback does a step to again went back with the others; of other steps it does none', () => {
    const action: PlannedAction = {
      ...{ phase: 'edge', step: 'flush-cdn-cache', component: 'cdn', instance: 'cdn', target: 'same', inputs: {} },
      ...{ means: 'act', timeoutMs: 1, tries: 1, undo: 'again' },
    }
    const withStep = (one: PlannedAction) => ({
      ...back,
      steps: [...plan.steps, { wave: 2, target: 'same', changes: [], action: one }],
    })
    const gone = course('RolledBack', 0, { passed: ['RollingBack'] })
    const once = withStep({ ...action, undo: 'nothing' })
    expect(targetStanding('same', withStep(action), gone)).toBe('rolled-back')
    expect(targetStanding('same', once, gone)).toBe('untouched')
    expect(targetStanding('same', { ...once, reason: 'commit' }, course('Completed', 3))).toBe('verified')
  })

  it('has failed where a step failed on it, until it is rolled back', () => {
    const deeds = [deed('early', true), deed('late', false)]
    expect(all(course('Failed', 0, { passed: ['Validating'], deeds }))).toEqual(['not-begun', 'failed', 'untouched'])
    expect(all(course('RolledBack', 2, { ...FAILED, deeds }))).toEqual(['rolled-back', 'rolled-back', 'untouched'])
  })

  it('that is only asked how it is stays untouched; one that a step is done to is as far as that step', () => {
    const step = { inputs: {}, timeoutMs: 1, tries: 1, undo: 'nothing', component: 'cdn', instance: 'same' } as const
    const around = (means: 'health' | 'act', name: string) => ({
      ...step,
      phase: 'validation',
      step: name,
      means,
      target: 'same',
    })
    const [asked, tested] = [around('health', 'health-check'), around('act', 'smoke-tests')]
    const coordination = { topology: '', preFlight: [], validation: [asked], postDeployment: [], impact: [] }
    const at = (of: typeof plan, one: Course) => targetStanding('same', of, one)
    expect(at({ ...plan, coordination }, course('Completed', 2))).toBe('untouched')
    const both = { ...plan, coordination: { ...coordination, validation: [asked, tested] } }
    expect(at(both, course('PostValidating', 2))).toBe('not-begun')
    const deeds = [{ ...deed('same', true), step: 'smoke-tests' }]
    expect(at(both, course('PostValidating', 2, { deeds }))).toBe('done')
    expect(at(both, course('Completed', 2, { deeds }))).toBe('verified')
  })

  it('has something left where a failed rollback did not bring all of it back', () => {
    const remains = { unread: null, restored: none, asDeployed: none, neither: none, unknown: none }
    const left = (more: Partial<LeftOver>): LeftOver => ({ targets: [], drained: [], notDoneAgain: [], ...more })
    const at = (one: LeftOver) => all(course('Failed', 2, { ...FAILED, left: one }))
    expect(at(left({ targets: [{ ...remains, target: 'late', asDeployed: some(roads.key) }] }))[1]).toBe('left')
    expect(
      at(left({ targets: [{ ...remains, target: 'late', unread: 'HONUA_TARGET_IO', unknown: some(roads.key) }] }))[1],
    ).toBe('left')
    expect(at(left({ drained: [{ step: 'drain', target: 'late', instance: 'one' }] }))[1]).toBe('left')
  })
})

describe('a resource', () => {
  const standing = (key: string, one: Course) => resourceStanding({ target: 'late', key }, plan, one)

  it('is as far as its own wave', () => {
    expect([standing(roads.key, course('Applying', 1)), standing(parcels.key, course('Applying', 1))]).toEqual([
      'done',
      'under-way',
    ])
    expect([
      standing(roads.key, course('RolledBack', 0, FAILED)),
      standing(parcels.key, course('RolledBack', 0, FAILED)),
    ]).toEqual(['rolled-back', 'not-begun'])
  })

  it('is where a failed rollback told it is', () => {
    const remains = {
      target: 'late',
      unread: null,
      restored: some(roads.key),
      asDeployed: none,
      neither: some(parcels.key),
      unknown: none,
    }
    const one = course('Failed', 2, { ...FAILED, left: { targets: [remains], drained: [], notDoneAgain: [] } })
    expect([standing(roads.key, one), standing(parcels.key, one)]).toEqual(['rolled-back', 'left'])
  })
})
