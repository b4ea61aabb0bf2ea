import type { EnvironmentWindows } from '../../api/contract.ts'
import type { Instant } from '../../core/vocabulary.ts'
import { useMinute } from '../browser/days.ts'
import { When } from '../parts/time.tsx'
import { windowsNow } from './words.ts'

/** Whether deployments may start by themselves now, and when that changes. */
export function NowWords({ of, until }: { readonly of: EnvironmentWindows; readonly until: Instant }) {
  const now = useMinute()
  const state = windowsNow(of, { now, until })
  switch (state.is) {
    case 'always':
      return 'Open at all times'
    case 'asks':
      return 'By approval, at any time'
    case 'open':
      return (
        <>
          {of.autoSync ? 'Open' : 'Open, by approval'}
          {state.until !== null && (
            <>
              {' '}
              until <When at={state.until} />
            </>
          )}
        </>
      )
    case 'shut':
      return (
        <>
          {state.opensAt === null ? (
            'Never opens'
          ) : (
            <>
              Opens <When at={state.opensAt} />
            </>
          )}
          {of.outside === 'wait' ? '; deployments wait until then' : '; until then by approval'}
        </>
      )
  }
}
