import { memo, useState } from 'react'
import type { EnvironmentWindows } from '../../api/contract.ts'
import type { Instant } from '../../core/vocabulary.ts'
import { useLive } from '../live/use-live.ts'
import { Link } from '../parts/link.tsx'
import { Empty } from '../parts/notices.tsx'
import { Given } from '../parts/panel.tsx'
import { Sign } from '../parts/state.tsx'
import { NowWords } from './now-words.tsx'
import { useWindows } from './panel.tsx'
import { Days, Strip } from './strip.tsx'

/** When each environment may be deployed to in the coming week. */
export function WindowsPage() {
  const { asked, midnights } = useWindows(null)
  const [text, setText] = useState('')
  const held = useLive(({ environments }) =>
    environments
      .filter(({ hold }) => hold !== null)
      .map(({ name }) => name)
      .join(),
  ).split(',')
  return (
    <>
      <h1>Windows</h1>
      <p className="lead">
        When deployments may start by themselves, in the time of this computer; UTC on hover. The line is the present.
      </p>
      <Key />
      <Given asked={asked}>
        {({ environments, until }) => {
          const shown = environments.filter(({ name }) => name.includes(text.trim().toLowerCase()))
          return environments.length === 0 ? (
            <Empty title="No environment yet">Each one has its windows below spec.sync of the configuration.</Empty>
          ) : (
            <>
              <search className="finder">
                <label>
                  Find
                  <input
                    type="search"
                    value={text}
                    placeholder="name"
                    onChange={({ target }) => setText(target.value)}
                  />
                </label>
              </search>
              <div className="strips">
                <Days midnights={midnights} />
                <ul>
                  {shown.map((of) => (
                    <Row key={of.name} of={of} midnights={midnights} until={until} isHeld={held.includes(of.name)} />
                  ))}
                </ul>
              </div>
              {shown.length === 0 && <Empty title="Nothing fits">Take letters away from “Find”.</Empty>}
            </>
          )
        }}
      </Given>
    </>
  )
}

const Row = memo(function Row(props: {
  readonly of: EnvironmentWindows
  readonly midnights: readonly Instant[]
  readonly until: Instant
  readonly isHeld: boolean
}) {
  const { of, midnights, until, isHeld } = props
  return (
    <li>
      <div className="strip-head">
        <h2>
          <Link to={`/environments/${encodeURIComponent(of.name)}`}>{of.name}</Link>
        </h2>
        {isHeld && <Sign tone="ask">Held</Sign>}
        <p>
          <NowWords of={of} until={until} />
        </p>
      </div>
      <Strip of={of} midnights={midnights} />
    </li>
  )
})

function Key() {
  return (
    <ul className="key" aria-label="How to read it">
      <li>
        <span className="swatch open" /> open: deployed without asking
      </li>
      <li>
        <span className="swatch asks" /> open, and each deployment needs approval
      </li>
      <li>
        <span className="swatch shut" /> shut: by approval, or waits, as said
      </li>
    </ul>
  )
}
