import { describe, expect, it } from 'vitest'
import { objectionTo } from '../../../src/core/migrations/index.ts'
import { makePlan } from '../../../src/core/plan/index.ts'
import type { Resource } from '../../../src/core/vocabulary.ts'
import { someSettings } from '../../support/builders/environment.ts'
import { aTarget, declared } from '../../support/builders/plans.ts'
import { aMigration } from '../../support/postgres/migrations.ts'

function planned(live: readonly Resource[], desired: readonly Resource[], reason: 'commit' | 'rollback' = 'commit') {
  return makePlan({
    desired: declared(desired),
    reason,
    targets: [{ ...aTarget(live, { delete: 'none' }, 'db'), objection: objectionTo }],
    inventory: live.map(({ key }) => ({ target: 'db', key })),
    settings: someSettings({ prune: true }),
  })
}

const applied = aMigration('999_last', 'select 1;')

describe('a plan with migrations', () => {
  it('has them in the order of their numbers, however many digits they have', () => {
    const plan = planned([], [aMigration('1000_next', 'select 2;'), applied, aMigration('20260101_later', 'select 3;')])
    expect(plan.changes.map(({ key }) => key)).toEqual([
      'Migration/default/999_last',
      'Migration/default/1000_next',
      'Migration/default/20260101_later',
    ])
    expect(plan.steps.map(({ changes }) => changes.length)).toEqual([3])
    expect(plan.rollback).toBe('manual')
  })

  it('is deployed by nobody while a target objects to one of them', () => {
    const plan = planned([applied], [aMigration('999_last', 'select 2;'), aMigration('998_late', 'select 3;')])
    expect(plan.refused?.map(({ key }) => key)).toEqual(['Migration/default/998_late', 'Migration/default/999_last'])
  })

  it('that goes back takes nothing away, and changes nothing that it would be refused', () => {
    const plan = planned([applied], [aMigration('999_last', 'select 2;')], 'rollback')
    expect([plan.changes, plan.refused]).toEqual([[], undefined])
    expect(plan.notes).toEqual([expect.stringContaining('Migration/default/999_last stays as it is: db has applied')])
  })
})
