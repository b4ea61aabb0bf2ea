import type { EnvironmentView } from '../../../src/api/contract.ts'

/** An environment as pages get it: Synced, and nothing the matter. */
export function aView(name: string, over: Partial<EnvironmentView> = {}): EnvironmentView {
  return {
    name,
    state: 'Synced',
    path: 'Synced.quiet',
    waiting: null,
    hold: null,
    quarantine: [],
    latestCommit: 'a'.repeat(40),
    deployedCommit: 'a'.repeat(40),
    deployedRelease: 'release-a',
    deployedAt: 1,
    observedAt: 1,
    nextLookAt: null,
    plan: null,
    decision: null,
    deployment: null,
    problems: [],
    drift: null,
    driftMode: 'heal',
    progress: [],
    autoSync: true,
    prune: true,
    targets: ['files'],
    ...over,
  }
}
