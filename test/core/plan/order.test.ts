import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { summarizePlan } from '../../../src/core/plan/index.ts'
import { aSeedLayer as aLayer, planned } from '../../support/builders/plans.ts'

describe('what a plan may do', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e']
  const some = fc.subarray(NAMES)
  const waves = fc.dictionary(fc.constantFrom(...NAMES), fc.integer({ min: -2, max: 2 }))
  const situation = fc.record({
    live: some,
    desired: some,
    ours: some,
    guarded: some,
    prune: fc.boolean(),
    canDelete: fc.boolean(),
    transactional: fc.boolean(),
    waves,
  })
  type Situation = typeof situation extends fc.Arbitrary<infer One> ? One : never
  const planOf = ({ live, desired, ours, guarded, prune, canDelete, transactional, waves: waveOf }: Situation) => {
    const one = (name: string, title: string) =>
      aLayer(name, {
        spec: { title },
        annotations: {
          'gitops.honua.io/wave': String(waveOf[name] ?? 0),
          ...(guarded.includes(name) ? { 'gitops.honua.io/prune': 'false' } : {}),
        },
      })
    return planned(
      live.map((name) => one(name, 'live')),
      desired.map((name) => one(name, 'desired')),
      {
        settings: { prune },
        ours: ours.map((name) => aLayer(name)),
        abilities: { delete: canDelete ? 'delete' : 'none', transactional },
      },
    )
  }
  const named = (key: string) => key.slice('Layer/default/'.length)

  it('only deletes what is ours, unprotected and no longer declared, with prune on, where the target can (I11)', () => {
    fc.assert(
      fc.property(situation, (now) => {
        const gone = planOf(now)
          .changes.filter((change) => change.action === 'delete')
          .map((change) => named(change.key))
        const allowed = now.live.filter(
          (name) =>
            now.prune &&
            now.canDelete &&
            now.ours.includes(name) &&
            !now.desired.includes(name) &&
            !now.guarded.includes(name),
        )
        expect(gone.sort()).toEqual(allowed.sort())
      }),
    )
  })

  it('says of everything that is live and not declared whether it goes or stays', () => {
    fc.assert(
      fc.property(situation, (now) => {
        const plan = planOf(now)
        const told = [...plan.retained, ...plan.changes.filter((change) => change.action === 'delete')].map((one) =>
          named(one.key),
        )
        expect(told.sort()).toEqual(now.live.filter((name) => !now.desired.includes(name)).sort())
      }),
    )
  })

  it('puts every change into one step, by wave, deletions last and mirrored; waves are numbered without a gap', () => {
    fc.assert(
      fc.property(situation, (now) => {
        const plan = planOf(now)
        const order = plan.steps.flatMap((step) => step.changes)
        expect([...order].sort()).toEqual(plan.changes.map((change) => `files/${change.key}`).sort())
        expect([...new Set(plan.steps.map((step) => step.wave))]).toEqual(
          Array.from({ length: summarizePlan(plan).waves }, (_, at) => at),
        )
        if (now.transactional) expect(plan.steps.length).toBe(plan.changes.length === 0 ? 0 : 1)
        const ranks = order.map((id) => {
          const change = plan.changes.find((one) => `files/${one.key}` === id)
          return change?.action === 'delete' ? 1_000 - change.wave : (change?.wave ?? 0)
        })
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
      }),
    )
  })
})
