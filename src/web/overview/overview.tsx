import { useDeferredValue, useState } from 'react'
import { navigate } from '../browser/location.ts'
import { useCommitsBehind } from '../live/commits-behind.ts'
import { useLive } from '../live/use-live.ts'
import { Empty } from '../parts/notices.tsx'
import { fits } from './arrange.ts'
import { Card } from './card.tsx'
import { type Asked, addressOf, askedInAddress, Finder } from './finder.tsx'
import { Summary } from './summary.tsx'
import { useSteadyOrder } from './use-steady-order.ts'

/** All environments at a glance. */
export function Overview() {
  const environments = useLive((live) => live.environments)
  const status = useLive((live) => live.status)
  const [asked, setAsked] = useState(askedInAddress)
  const { views, isOutdated, renew } = useSteadyOrder(environments, asked.order)
  // Typing comes first: the list follows when there is time.
  const text = useDeferredValue(asked.text)
  const behind = useCommitsBehind()
  if (status === null) return <p className="faint">Asking the controller …</p>
  const ask = (next: Asked) => {
    setAsked(next)
    navigate(addressOf(next), 'replace')
  }
  const shown = views.filter((view) => fits(view, { show: asked.show, text }))
  return (
    <>
      <h1>Environments</h1>
      <Summary status={status} />
      {environments.length === 0 ? (
        <Empty title="No environment yet">
          Name one in the controller’s configuration below spec.sync, or add a folder environments/&lt;name&gt; to the
          repository and push.
        </Empty>
      ) : (
        <>
          <Finder views={environments} asked={asked} ask={ask} />
          <p className="found faint">
            <span role="status">
              {shown.length === environments.length
                ? `${environments.length} shown`
                : `${shown.length} of ${environments.length} shown`}
            </span>
            {isOutdated && (
              <button type="button" className="quiet" onClick={renew}>
                Something moved: order anew
              </button>
            )}
          </p>
          {shown.length === 0 ? (
            <Empty title="Nothing fits">Take words away from “Find”, or show all.</Empty>
          ) : (
            <ul className="cards">
              {shown.map((view) => (
                <Card key={view.name} view={view} behind={behind[view.name] ?? null} />
              ))}
            </ul>
          )}
        </>
      )}
    </>
  )
}
