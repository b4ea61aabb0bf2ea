import { useMemo } from 'react'
import type { WindowsView } from '../../api/contract.ts'
import { midnights as midnightsFrom } from '../browser/calendar.ts'
import { useToday } from '../browser/days.ts'
import { type Asked, useAsked } from '../browser/use-asked.ts'
import { useLive } from '../live/use-live.ts'
import { Given, Panel } from '../parts/panel.tsx'
import { NowWords } from './now-words.tsx'
import { Days, Strip } from './strip.tsx'
import { spanUtc, spanWords } from './words.ts'

const DAYS = 7

/** The windows of the viewer's coming week: of one environment, or of all. Asked anew when a day is over or settings changed. */
export function useWindows(environment: string | null): {
  readonly asked: Asked<WindowsView>
  readonly midnights: readonly number[]
} {
  const today = useToday()
  const midnights = useMemo(() => midnightsFrom(today, DAYS), [today])
  const changed = useLive(({ status, events }) => {
    const newest = events.find(({ type }) => type === 'settings.changed')
    return `${status?.startedAt} ${newest?.stream} ${newest?.sequence}`
  })
  const one = environment === null ? '' : `&environment=${encodeURIComponent(environment)}`
  const asked = useAsked<WindowsView>(`/v1/windows?from=${midnights[0]}&until=${midnights.at(-1)}${one}`, changed)
  return { asked, midnights }
}

/** The windows of one environment, as a part of its page. */
export function WindowsPanel({ environment }: { readonly environment: string }) {
  const { asked, midnights } = useWindows(environment)
  return (
    <Panel title="Windows">
      <Given asked={asked}>
        {({ environments: [of], until }) =>
          of === undefined ? (
            <p>Its settings are not known yet.</p>
          ) : (
            <>
              <p>
                <NowWords of={of} until={until} />
              </p>
              {of.windows.length > 0 && (
                <>
                  <Days midnights={midnights} />
                  <Strip of={of} midnights={midnights} />
                  <details>
                    <summary>As a list</summary>
                    <ul>
                      {of.open.map((span) => (
                        <li key={span.from} title={spanUtc(span)}>
                          {spanWords(span)}
                        </li>
                      ))}
                    </ul>
                    <p className="faint">The coming {DAYS} days, in the time of this computer; UTC on hover.</p>
                  </details>
                </>
              )}
            </>
          )
        }
      </Given>
    </Panel>
  )
}
