import type { EnvironmentSettings, Instant } from '../vocabulary.ts'
import { shownLocally } from './local-time.ts'
import { isOpen, nextOpening } from './opening.ts'
import type { Gate } from './question.ts'

/** Deployment starts inside the windows; outside them it asks, or waits, as configured. No windows: always. */
export const windowGate: Gate = ({ settings, facts: { now } }) => {
  const { windows, outsideWindow } = settings
  if (windows.length === 0 || windows.some((window) => isOpen(window, now))) return { gate: 'window', answer: 'allow' }
  const opens = nextOpening(windows, now)
  const reason = outside(settings, now, opens)
  if (outsideWindow === 'ask' || opens === null) return { gate: 'window', answer: 'ask', reason }
  return { gate: 'window', answer: 'defer', reason, until: opens }
}

/** Names the moment by the clocks that count, with their offsets: zone rules change, and what was decided must stay readable. */
function outside({ windows }: EnvironmentSettings, now: Instant, opens: Instant | null): string {
  const zones = [...new Set(windows.map((window) => window.timeZone))]
  const clocks = zones.map((zone) => shownLocally(now, zone)).join(', ')
  const when = opens === null ? 'no window ever opens' : `the next window opens ${new Date(opens).toISOString()}`
  return `outside the deployment window: it is ${clocks}; ${when}`
}
