/** Values as people read them. Everything that may come from the repository goes through `shown`. */
import type { EnvironmentView } from '../../api/contract.ts'
import { visible } from '../../core/render/visible.ts'
import type { Actor, Instant, PlanSummary } from '../../core/vocabulary.ts'

const SHOWN_MAX = 2_000
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** The text with every acting character written out, and no longer than anybody reads. */
export function shown(text: string): string {
  return text.length > SHOWN_MAX
    ? `${visible(text.slice(0, SHOWN_MAX))} … (${text.length - SHOWN_MAX} more characters)`
    : visible(text)
}

export function short(id: string | null): string {
  return id === null ? '–' : visible(id.slice(0, 8))
}

export function span(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  const [unit, size] = UNITS.find(([, one]) => ms >= one) ?? UNITS[3]
  return `${Math.floor(ms / size)} ${unit}`
}

const SIZES = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** `16.8 MB`; a thousand of one are one of the next. */
export function bytes(count: number): string {
  const step = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)))
  const value = count / 1_000 ** step
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZES[step]}`
}

export function relative(at: Instant, now: Instant): string {
  const ms = now - at
  if (ms >= 1_000) return `${span(ms)} ago`
  return ms > -1_000 ? 'just now' : `in ${span(-ms)}`
}

const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

export function dateTime(at: Instant): string {
  return FORMAT.format(at)
}

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

export function timeOfDay(at: Instant): string {
  return TIME.format(at)
}

export function utc(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

export function actorWords({ name, how }: Actor): string {
  return how === 'controller' ? 'the controller' : shown(name)
}

export function countWords({
  creates,
  updates,
  deletes,
  reason,
}: Pick<PlanSummary, 'creates' | 'updates' | 'deletes'> & Partial<Pick<PlanSummary, 'reason'>>): string {
  if (reason === 'recovery') return 'a database goes back to a backup'
  const counts = [
    creates > 0 ? `${creates} to create` : '',
    updates > 0 ? `${updates} to update` : '',
    deletes > 0 ? `${deletes} to delete` : '',
  ].filter((one) => one !== '')
  return counts.length === 0 ? 'no changes' : counts.join(', ')
}

/** The controller counts no further. */
const COMMITS_MAX = 1_000

export function commitWords(count: number): string {
  if (count >= COMMITS_MAX) return `${COMMITS_MAX} commits or more`
  return count === 1 ? '1 commit' : `${count} commits`
}

/** How far what is deployed is behind the newest commit; nothing where that is not known. */
export function behindWords(
  { deployedCommit, latestCommit }: Pick<EnvironmentView, 'deployedCommit' | 'latestCommit'>,
  behind: number | null,
): string {
  if (latestCommit === null || deployedCommit === null) return ''
  if (latestCommit === deployedCommit) return 'the same'
  if (behind === null) return ''
  return behind === 0 ? 'declares the same' : `${commitWords(behind)} not deployed`
}

/** State words as people say them. */
export const STATE_WORDS: { readonly [state in EnvironmentView['state']]: string } = {
  Unknown: 'Not looked at yet',
  Synced: 'Synced',
  OutOfSync: 'Out of sync',
  AwaitingApproval: 'Awaits approval',
  Deploying: 'Deploying',
  RollingBack: 'Rolling back',
}

/** Why an environment is as it is, in one sentence. */
export function whyWords(view: EnvironmentView): string {
  const { hold, waiting, problems, plan } = view
  if (hold !== null && hold.kind === 'intervention') return `A person is needed: ${shown(hold.reason)}`
  if (hold !== null) return `Held by ${actorWords(hold.by)}: ${shown(hold.reason)}`
  if (view.state === 'AwaitingApproval' && plan !== null) return `A person must approve: ${countWords(plan)}`
  const [problem] = problems
  if (problem !== undefined)
    return problems.length > 1
      ? `${sentence(problem.message)} (and ${problems.length - 1} more)`
      : sentence(problem.message)
  if (waiting !== null) return sentence(waiting.message)
  if (view.drift !== null) return `${view.drift.total} no longer as deployed`
  if (view.state === 'Synced') return 'As declared'
  return plan === null ? 'Being compared' : countWords(plan)
}

const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z/g

/** A sentence of the controller: shown, its moments in the viewer's zone, its first letter a capital one. A single word is left as it is. */
export function sentence(text: string): string {
  const local = shown(text).replace(MOMENT, (moment) => dateTime(Date.parse(moment)))
  if (!local.includes(' ')) return local
  return local.charAt(0).toLocaleUpperCase('en') + local.slice(1)
}
