import type { EnvironmentWindows, SpanView } from '../../api/contract.ts'
import type { Instant } from '../../core/vocabulary.ts'
import { utc } from '../parts/words.ts'

const SHORT = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' })
const FIRST_DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' })

/** `Mon 30`; with the month where one begins. */
export function dayWords(at: Instant): string {
  return (new Date(at).getDate() === 1 ? FIRST_DAY : DAY).format(at)
}

/** `Mon 5 Jan, 09:00 – 17:00`, in the viewer's zone. */
export function spanWords({ from, until }: SpanView): string {
  return SHORT.formatRange(from, until)
}

export function spanUtc({ from, until }: SpanView): string {
  return `${utc(from)} – ${utc(until)}`
}

/** What a deployment may do now. */
export type WindowsNow =
  | { readonly is: 'always' }
  | { readonly is: 'asks' }
  | { readonly is: 'open'; readonly until: Instant | null }
  | { readonly is: 'shut'; readonly opensAt: Instant | null }

/** `until`: the end of what is known. A window that is open up to there may be open beyond. */
export function windowsNow(
  { windows, autoSync, open, opensAt }: EnvironmentWindows,
  { now, until }: { readonly now: Instant; readonly until: Instant },
): WindowsNow {
  if (windows.length === 0) return { is: autoSync ? 'always' : 'asks' }
  const span = open.find((one) => one.from <= now && now < one.until)
  if (span !== undefined) return { is: 'open', until: span.until >= until ? null : span.until }
  return { is: 'shut', opensAt: open.find((one) => one.from > now)?.from ?? opensAt }
}
