import { apiErrors } from '../../core/errors/api.ts'
import { nextOpening, type Span, spansBetween } from '../../core/gates/index.ts'
import type { EnvironmentSettings, Instant } from '../../core/vocabulary.ts'
import type { EnvironmentStatus, Facade } from '../../runtime/facade.ts'
import type { EnvironmentWindows, WindowsView } from '../contract.ts'
import { wholeIn, wordIn } from '../query.ts'
import { inOrder } from './order.ts'

const DAY_MS = 86_400_000
const USUAL_MS = 7 * DAY_MS
const LONGEST_MS = 32 * DAY_MS
/** Further away nobody plans, and time zones are guesses. */
const FARTHEST_MS = 732 * DAY_MS

/** When each environment may be deployed to without being asked. Throws HONUA_API_BODY_INVALID or HONUA_NOT_FOUND. */
export function windowsView(facade: Facade, query: { readonly [key: string]: unknown }): WindowsView {
  const now = facade.now()
  const from = wholeIn(query, 'from', { least: Math.max(0, now - FARTHEST_MS), most: now + FARTHEST_MS }) ?? now
  const until = wholeIn(query, 'until', { least: from, most: from + LONGEST_MS }) ?? from + USUAL_MS
  if (until === from) throw apiErrors.bodyInvalid({ reason: 'until: expected a moment after from' })
  const spans = spansBetween(from, until)
  const asked = wordIn(query, 'environment')
  const environments = asked === null ? inOrder(facade) : [known(facade, asked)]
  return {
    from,
    until,
    environments: environments.flatMap(({ name, context: { settings } }) =>
      settings === null ? [] : [windowsOf(name, settings, { now, open: spans(settings.windows) })],
    ),
  }
}

function known(facade: Facade, name: string): EnvironmentStatus {
  const found = facade.environment(name)
  if (found === undefined) throw apiErrors.notFound({ what: 'environment', name })
  return found
}

function windowsOf(
  name: string,
  { autoSync, windows, outsideWindow }: EnvironmentSettings,
  { now, open }: { readonly now: Instant; readonly open: readonly Span[] },
): EnvironmentWindows {
  return {
    name,
    autoSync,
    windows,
    outside: outsideWindow,
    open,
    opensAt: nextOpening(windows, now),
  }
}
