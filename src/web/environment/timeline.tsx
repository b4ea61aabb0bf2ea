import type { JournalView } from '../../api/contract.ts'
import { useAskedLines } from '../browser/use-asked.ts'
import { useLive } from '../live/use-live.ts'
import type { PageProps } from '../pages.ts'
import { Events } from '../parts/events.tsx'
import { Given, Panel } from '../parts/panel.tsx'
import { Known } from './known.tsx'

const SHOWN = 200

/** What happened to one environment, from its journal, newest first. */
export function TimelinePage({ name }: PageProps) {
  const stream = `environment/${name}`
  const newest = useLive(({ events }) => events.find((one) => one.stream === stream)?.sequence ?? 0)
  const asked = useAskedLines<JournalView>(`/v1/journal/${stream}?last=${SHOWN}`, String(newest))
  return (
    <Known name={name}>
      {() => (
        <Panel title="Timeline">
          <Given asked={asked}>{(entries) => <Events entries={entries} />}</Given>
        </Panel>
      )}
    </Known>
  )
}
