import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attemptId, nothingKnown, pauseAfter } from '../../machines/environment/memory.ts'
import { allowedMoves, moveDeployment } from '../../src/core/deployment.ts'
import type { Deployment, DeploymentState } from '../../src/core/vocabulary.ts'
import { aDeployment } from '../support/builders/deployments.ts'
import { ChartRun, someSettings } from '../support/builders/environment.ts'

const STATES: readonly DeploymentState[] = [
  'Pending',
  'Validating',
  'Planning',
  'AwaitingApproval',
  'BackingUp',
  'Applying',
  'PostValidating',
  'Completed',
  'Failed',
  'RollingBack',
  'RolledBack',
]
const NOON = Date.UTC(2026, 9, 4, 15, 33, 44)
const pending = (over: Partial<Deployment> = {}) => aDeployment({ state: 'Pending', history: [], ...over })
const walk = (...path: readonly DeploymentState[]) =>
  path.reduce((one, to, step) => moveDeployment(one, to, NOON + step, `to ${to}`), pending())

describe('a deployment', () => {
  it('knows exactly the eleven states of Honua', () => {
    expect(Object.keys(allowedMoves).sort()).toEqual([...STATES].sort())
  })

  it.each<[string, readonly DeploymentState[]]>([
    [
      'with approval',
      ['Validating', 'Planning', 'AwaitingApproval', 'BackingUp', 'Applying', 'PostValidating', 'Completed'],
    ],
    ['without', ['Validating', 'Planning', 'BackingUp', 'Applying', 'PostValidating', 'Completed']],
    ['rolled back', ['Validating', 'Planning', 'BackingUp', 'Applying', 'Failed', 'RollingBack', 'RolledBack']],
    ['whose rollback fails', ['RollingBack', 'Failed']],
  ])('goes the usual way %s, and its history says so, without a gap', (_, path) => {
    const { history, state, completedAt } = walk(...path)
    expect(history.map(({ from, to }) => [from, to])).toEqual(path.map((to, at) => [path[at - 1] ?? 'Pending', to]))
    expect([state, completedAt]).toEqual([path.at(-1), NOON + path.length - 1])
  })

  it('refuses every other move and stays as it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STATES), fc.constantFrom(...STATES), (state, to) => {
        const one = pending({ state })
        if (allowedMoves[state].includes(to)) expect(moveDeployment(one, to, NOON, '').state).toBe(to)
        else expect(() => moveDeployment(one, to, NOON, '')).toThrow(/cannot go from/)
        expect(one).toEqual(pending({ state }))
      }),
    )
  })

  it('names the deployment, both states and its code when a move is refused', () => {
    expect(() => moveDeployment(pending({ state: 'Completed' }), 'Applying', NOON, '')).toThrow(
      expect.objectContaining({
        code: 'HONUA_DEPLOYMENT_MOVE_ILLEGAL',
        message: 'deployment production-20260105-080000 cannot go from Completed to Applying',
      }),
    )
  })

  it('that is completed or rolled back is over; from anywhere else it can still fail', () => {
    for (const state of STATES) {
      const isOver = state === 'Completed' || state === 'RolledBack'
      expect([state, allowedMoves[state].length === 0, allowedMoves[state].includes('Failed')]).toEqual([
        state,
        isOver,
        !isOver && state !== 'Failed',
      ])
    }
  })

  it('that is rolled back after it failed is open again until the rollback ends', () => {
    const failed = walk('Validating', 'Failed')
    const rolling = moveDeployment(failed, 'RollingBack', NOON + 5, '')
    expect([
      failed.completedAt,
      rolling.completedAt,
      moveDeployment(rolling, 'RolledBack', NOON + 9, '').completedAt,
    ]).toEqual([NOON + 1, null, NOON + 9])
  })

  it('that fails while it is written says that it was being written (HONUA-API, bug 7)', () => {
    expect(walk('Validating', 'Planning', 'BackingUp', 'Applying', 'Failed').history.at(-1)).toMatchObject({
      from: 'Applying',
      to: 'Failed',
    })
  })
})

describe('the id of a deployment', () => {
  it('is the environment and the second in UTC, for names with dashes too', () => {
    expect(attemptId(nothingKnown('us-west'), NOON + 999)).toBe('us-west-20261004-153344')
  })

  it('counts on when several begin in the same second (HONUA-API, bug 7)', () => {
    const run = new ChartRun()
    const ids: string[] = []
    for (const letter of ['a', 'b', 'c']) {
      run.planned(letter).decided('ask')
      ids.push(run.context.attempt?.id ?? '')
    }
    expect(ids).toEqual(['production-20260105-080000', 'production-20260105-080000-2', 'production-20260105-080000-3'])
  })
})

describe('the pause before a retry', () => {
  const paused = (over: Partial<ReturnType<typeof someSettings>['retry']> = {}) => {
    const settings = someSettings()
    const context = { ...nothingKnown('dev'), settings: { ...settings, retry: { ...settings.retry, ...over } } }
    return [1, 2, 3, 4, 5, 60].map((attempt) => pauseAfter(context, attempt) / 1_000)
  }

  it('doubles up to its limit, however many attempts', () => {
    expect(paused()).toEqual([60, 120, 240, 480, 600, 600])
  })

  it('stays the same when it is constant', () => {
    expect(paused({ backoff: 'constant' })).toEqual([60, 60, 60, 60, 60, 60])
  })

  it('is the reconcile interval where there is no retry', () => {
    expect(paused({ enabled: false })).toEqual([300, 300, 300, 300, 300, 300])
  })
})
