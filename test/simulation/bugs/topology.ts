import type { Bug } from './list.ts'

const COORDINATE = 'src/core/topology/coordinate.ts'
const ACTIONS = 'src/runtime/environment/actions.ts'
const DEPLOY = 'src/runtime/environment/deploy.ts'

/** Mistakes about environments of several targets. */
export const topologyBugs: readonly Bug[] = [
  {
    name: 'phases come in another order',
    file: COORDINATE,
    find: 'for (const phase of writingPhases) {',
    replace: 'for (const phase of [...writingPhases].reverse()) {',
  },
  {
    name: 'all servers are changed at once',
    file: COORDINATE,
    find: 'due.slice(at, at + topology.maxUnavailable)',
    replace: 'due.slice(at)',
  },
  {
    name: 'a server is not asked for its health before the next is changed',
    file: COORDINATE,
    find: 'if (due.length > 1 || topology.drain)',
    replace: 'if (false)',
  },
  {
    name: 'a server stays drained after a rollback',
    file: COORDINATE,
    find: "undo: step === 'undrain' ? 'again' : 'nothing'",
    replace: "undo: 'nothing'",
  },
  {
    name: 'each try of a step has a key of its own',
    file: ACTIONS,
    find: 'done(acting, action, limited)',
    replace: 'done({ ...acting, idempotencyKey: `${acting.idempotencyKey}/${world.clock.id()}` }, action, limited)',
  },
  {
    name: 'a step is tried more often than it may be',
    file: ACTIONS,
    find: '{ tries: action.tries, signal }',
    replace: '{ tries: action.tries + 5, signal }',
  },
  {
    name: 'two steps of one name have one key',
    file: ACTIONS,
    find: 'Object.keys(inputs).length === 0 ? instance',
    replace: 'Object.keys(inputs).length >= 0 ? instance',
  },
  {
    name: 'a failed pre-flight stops nothing',
    file: DEPLOY,
    find: 'await actInOrder(acting, plan.coordination?.preFlight ?? [])',
    replace: 'await actAnyway(acting, plan.coordination?.preFlight ?? [])',
  },
  {
    name: 'a failed validation rolls nothing back',
    file: DEPLOY,
    find: 'await actInOrder(acting, plan.coordination?.validation ?? [])',
    replace: 'await actAnyway(acting, plan.coordination?.validation ?? [])',
  },
  {
    name: 'what fails at the very end rolls everything back',
    file: DEPLOY,
    find: 'await actAnyway(acting, plan.coordination?.postDeployment ?? [])',
    replace: 'await actInOrder(acting, plan.coordination?.postDeployment ?? [])',
  },
  {
    name: 'a rollback goes the way of the deployment, not back',
    file: 'src/core/topology/back.ts',
    find: 'targets: targets.toReversed()',
    replace: 'targets',
  },
  {
    name: 'a person’s rollback follows no order',
    file: 'src/runtime/environment/restore.ts',
    find: "if (kind === 'rollback') return { plan, retreat: retreatAlong(plan.steps) }",
    replace: "if (kind === 'rollback') return { plan, retreat: null }",
  },
  {
    name: 'what a failed step did is not told',
    file: 'src/runtime/environment/carry.ts',
    find: 'error instanceof FailedStep ? { did: error.did }',
    replace: 'error instanceof FailedStep ? {}',
  },
  {
    name: 'a target that cannot delete is told to',
    file: 'src/core/plan/changes.ts',
    find: "return removalOf(target, live.kind) === 'none' ? 'cannot-delete' : null",
    replace: 'return null',
  },
  {
    name: 'what a target cannot change is deployed all the same',
    file: 'src/core/plan/index.ts',
    find: "...(refused.length === 0 || reason === 'rollback' ? {} : { refused })",
    replace: "...(refused.length >= 0 || reason === 'rollback' ? {} : { refused })",
  },
].map((bug) => ({ ...bug, profile: 'topology' }))
