import { useState } from 'react'
import type { ChartTransition } from '../../../machines/chart-graph.ts'
import type { ChartView, JournalView, StepView } from '../../api/contract.ts'
import { useAsked, useAskedLines } from '../browser/use-asked.ts'
import { useLive } from '../live/use-live.ts'
import { Given, Panel } from '../parts/panel.tsx'
import { EventList } from './beside/event-list.tsx'
import { Now } from './beside/now.tsx'
import { Step } from './beside/step.tsx'
import { Transition } from './beside/transition.tsx'
import { Chart } from './chart.tsx'
import type { DrawnChart } from './layout/index.ts'
import { InWords } from './words.tsx'

/** Events listed beside a chart. */
const LISTED = 50

/** What somebody chose to look at instead of the present. */
type Chosen =
  | { readonly kind: 'event'; readonly sequence: number }
  | { readonly kind: 'transition'; readonly transition: ChartTransition }

/** A chart that follows the actor of a stream, and beside it what that actor may do, owes, remembers, and did. */
export function Followed({
  drawn,
  stream,
  path,
}: {
  readonly drawn: DrawnChart
  readonly stream: string
  readonly path: string
}) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const newest = useLive(({ events }) => events.find((one) => one.stream === stream)?.sequence ?? 0)
  const version = `${newest} ${path}`
  const now = useAsked<ChartView>(`/v1/charts/${stream}`, version)
  const events = useAskedLines<JournalView>(`/v1/journal/${stream}?last=${LISTED}`, version)
  const sequence = chosen?.kind === 'event' ? chosen.sequence : (now.value?.sequence ?? 0)
  const asked = useAsked<StepView>(sequence === 0 ? null : `/v1/charts/${stream}/${sequence}`, '')
  const step = asked.value?.sequence === sequence ? asked.value : null
  const isPast = chosen?.kind === 'event'
  const possible = now.value?.possible.filter(({ verdict }) => verdict !== 'no').map(({ id }) => id)
  const choose = (transition: ChartTransition) => setChosen({ kind: 'transition', transition })
  return (
    <>
      <div className="chart-page">
        <Chart
          graph={drawn}
          active={isPast && step !== null ? step.to : path}
          last={step}
          {...(chosen?.kind === 'transition' ? { picked: [chosen.transition.id] } : {})}
          {...(isPast || possible === undefined ? {} : { possible: new Set(possible) })}
          onPick={choose}
        />
        <div className="chart-beside">
          {/* biome-ignore lint/a11y: what scrolls must be reachable by keyboard, and is neither a landmark nor a set of fields */}
          <div role="group" className="chart-detail" tabIndex={0} aria-label="What stands behind the chart">
            {chosen !== null && (
              <button type="button" className="primary" onClick={() => setChosen(null)}>
                Back to now
              </button>
            )}
            {chosen?.kind === 'transition' && <Transition graph={drawn.graph} transition={chosen.transition} />}
            {chosen?.kind === 'event' && <Given asked={asked}>{() => step && <Step step={step} />}</Given>}
            {chosen === null && (
              <Given asked={now}>{(view) => <Now view={view} path={path} graph={drawn.graph} choose={choose} />}</Given>
            )}
          </div>
          <Panel title="Events">
            <Given asked={events}>
              {(entries) => (
                <EventList
                  entries={entries}
                  chosen={isPast ? chosen.sequence : null}
                  choose={(one) => setChosen({ kind: 'event', sequence: one })}
                />
              )}
            </Given>
          </Panel>
        </div>
      </div>
      <InWords graph={drawn.graph} path={path} choose={choose} />
    </>
  )
}
