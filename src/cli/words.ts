/** What is so, and what to do next, in words. Everything that may come from the repository is made visible here. */
import type { EnvironmentView } from '../api/contract.ts'
import { visible } from '../core/render/index.ts'
import type { Plan, PlanSummary, Problem, ResourceChange } from '../core/vocabulary.ts'

/** Changes named one by one before the rest is counted. */
const NAMED_MAX = 3

/** A commit or digest as people compare it. */
export function short(id: string | null): string {
  return id === null ? '–' : visible(id.slice(0, 12))
}

/** `1 to create, 2 to update, 1 to delete; breaking; risk High`; a recovery writes nothing of Git. */
export function summaryWords(plan: PlanSummary): string {
  const counts = [
    plan.creates > 0 ? `${plan.creates} to create` : '',
    plan.updates > 0 ? `${plan.updates} to update` : '',
    plan.deletes > 0 ? `${plan.deletes} to delete` : '',
  ].filter((one) => one !== '')
  return [
    plan.reason === 'recovery' ? 'puts a backup back' : counts.length === 0 ? 'no changes' : counts.join(', '),
    ...(plan.breaking ? ['breaking'] : []),
    `risk ${plan.risk}`,
  ].join('; ')
}

/** `removes layer "parcels" (breaking), updates layer "roads" and 3 more`. */
export function planWords(plan: Plan): string {
  if (plan.reason === 'recovery')
    return `puts a backup back on ${plan.steps.map(({ target }) => visible(target)).join(', ')}`
  const ranked = [...plan.changes].sort(
    (one, other) => Number(other.breaking.length > 0) - Number(one.breaking.length > 0),
  )
  const named = ranked.slice(0, NAMED_MAX).map(changeWords)
  const more = plan.changes.length - named.length
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** `1,250 of 5,000 on gis, 3 of 4 on files`; empty where nothing is being written. */
export function progressWords(progress: EnvironmentView['progress']): string {
  return progress
    .map(({ target, done, total }) => `${counted(done)} of ${counted(total)} on ${visible(target)}`)
    .join(', ')
}

function counted(count: number): string {
  return count.toLocaleString('en-US')
}

/** Why an environment is not simply Synced, in one line; empty when it is. */
export function waitWords(view: EnvironmentView): string {
  const { hold, waiting } = view
  const [problem] = view.problems
  const isAnswerDue = view.path === 'AwaitingApproval.askedToRecover'
  if (hold !== null && !isAnswerDue && view.state !== 'Deploying' && view.state !== 'RollingBack')
    return hold.kind === 'intervention'
      ? `needs a person: ${visible(hold.reason)}`
      : `held by ${visible(hold.by.name)}: ${visible(hold.reason)}`
  if (view.state === 'AwaitingApproval') return `${visible(view.deployment ?? '')} waits for approval`
  if (problem !== undefined && view.state === 'OutOfSync') {
    const more = view.problems.length - 1
    return problemWords(problem) + (more > 0 ? ` (and ${more} more)` : '')
  }
  return waiting === null ? '' : visible(waiting.message)
}

/** The command, or the deed, that leads on; null where nothing needs to be done. */
export function nextStep(view: EnvironmentView): string | null {
  if (view.state === 'AwaitingApproval' && view.deployment !== null)
    return `honua deployment approve ${visible(view.deployment)}`
  if (view.hold !== null) return `honua env unhold ${view.name}`
  if (view.state === 'Deploying' || view.state === 'RollingBack') return 'honua events --follow'
  if (view.state === 'OutOfSync' && view.problems.length > 0) return 'mend this in the repository and push'
  if (view.path === 'OutOfSync.held') return `push a newer commit, or: honua env unhold ${view.name}`
  return null
}

/** `environments/dev/roads.yaml:3:7 unknown field`. */
export function problemWords({ location, message }: Problem): string {
  const at = location === null ? '' : `${visible(location.path)}:${location.line}:${location.column} `
  return at + visible(message)
}

function changeWords({ action, key, breaking }: ResourceChange): string {
  const [kind = '', , ...name] = key.split('/')
  const verb = { create: 'adds', update: 'updates', delete: 'removes' }[action]
  return `${verb} ${visible(kind.toLowerCase())} "${visible(name.join('/'))}"${breaking.length > 0 ? ' (breaking)' : ''}`
}
