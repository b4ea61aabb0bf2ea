import type { Deployment, Plan, ResourceChange } from '../../../src/core/vocabulary.ts'
import type { PlanWithBodies } from '../../../src/runtime/facade.ts'
import { ANNA, aPlan } from './environment.ts'

/** The digest that `aDeployment` and `aPlanView` share. */
export const PLAN_DIGEST = '3f9ac2d1'.padEnd(64, '0')
const START = Date.UTC(2026, 0, 5, 8)

/** A deployment that waits for approval. */
export function aDeployment(over: Partial<Deployment> = {}): Deployment {
  return {
    id: 'production-20260105-080000',
    environment: 'production',
    state: 'AwaitingApproval',
    outcome: null,
    commit: 'b'.repeat(40),
    release: 'release-b',
    plan: aPlan('b', { digest: PLAN_DIGEST, deletes: 1, breaking: true, risk: 'High' }),
    initiatedBy: ANNA,
    approvedBy: null,
    startedAt: START,
    updatedAt: START,
    completedAt: null,
    expiresAt: START + 86_400_000,
    backup: null,
    error: null,
    history: [{ from: 'Pending', to: 'AwaitingApproval', at: START, message: 'decision.made' }],
    ...over,
  }
}

/** A plan that removes the layer parcels, with the text of both sides. */
export function aFullPlan(over: Partial<ResourceChange> = {}): PlanWithBodies {
  const change: ResourceChange = {
    target: 'files',
    action: 'delete',
    key: 'Layer/default/parcels',
    fields: [],
    breaking: ['the layer is removed'],
    wave: 0,
    before: 'before',
    after: null,
    version: null,
    location: null,
    ...over,
  }
  const plan: Plan = {
    environment: 'production',
    reason: 'commit',
    commit: 'b'.repeat(40),
    trees: { environment: 'tree-b', common: null, gitops: null },
    release: 'release-b',
    live: 'live',
    policy: 'policy',
    changes: [change],
    steps: [{ wave: 0, target: 'files', changes: [`files/${change.key}`] }],
    retained: [],
    unchanged: 3,
    breaking: true,
    risk: 'High',
    rollback: 'reapply',
    deletePercent: 25,
    notes: [],
    digest: PLAN_DIGEST,
  }
  const { target, key, action } = change
  return { plan, bodies: [{ target, key, action, before: { kind: 'Layer', spec: { title: 'Parcels' } }, after: null }] }
}
