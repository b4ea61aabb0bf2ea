import { useState } from 'react'
import type { EnvironmentView } from '../../api/contract.ts'
import { now } from '../browser/clock.ts'
import { Ago } from '../parts/time.tsx'
import { utc } from '../parts/words.ts'
import { OrderDialog } from './dialog.tsx'

const HOUR_MS = 3_600_000
/** What is offered first, in hours from now. */
const OFFERED_HOURS = 8

/** Deploys nothing for a while: until somebody lifts it, or a moment in the viewer's zone, told in UTC too. */
export function HoldDialog({ view, close }: { readonly view: EnvironmentView; readonly close: () => void }) {
  const { name, hold } = view
  const [text, setText] = useState(() => localText(now() + OFFERED_HOURS * HOUR_MS))
  const [isTimed, setTimed] = useState(false)
  const until = instantOf(text)
  // One that waits for a person does not go on by itself.
  const mayEnd = hold?.kind !== 'intervention'
  return (
    <OrderDialog
      close={close}
      asking={{
        title: `Hold ${name}`,
        path: `/v1/environments/${encodeURIComponent(name)}/hold`,
        confirm: 'Hold',
        tone: 'primary',
        reason: 'needed',
        isReady: !isTimed || until !== null,
        body: ({ reason }) => ({ reason, until: isTimed ? until : null }),
      }}
    >
      <p>
        Nothing is deployed to {name} until the hold ends. Looking goes on. A deployment that runs is not stopped.
        {hold !== null && ' It takes the place of the hold that is there.'}
      </p>
      <fieldset className="choices">
        <legend>Until</legend>
        <label>
          <input type="radio" name="until" checked={!isTimed} onChange={() => setTimed(false)} />
          somebody lifts it
        </label>
        {mayEnd && (
          <label>
            <input type="radio" name="until" checked={isTimed} onChange={() => setTimed(true)} />a moment
          </label>
        )}
        {mayEnd && (
          <label>
            Moment, in your time
            <input
              type="datetime-local"
              value={text}
              min={localText(now())}
              disabled={!isTimed}
              required={isTimed}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        )}
        <p className="faint hint" aria-live="polite">
          {!isTimed && 'It stays until a person lifts it.'}
          {isTimed && until === null && 'Give a day and a time.'}
          {isTimed && until !== null && (
            <>
              That is {utc(until)}, <Ago at={until} />.
            </>
          )}
        </p>
      </fieldset>
    </OrderDialog>
  )
}

/** A moment as `datetime-local` takes it: in the viewer's zone, whole minutes. */
function localText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

function instantOf(text: string): number | null {
  const at = new Date(text).getTime()
  return Number.isNaN(at) ? null : at
}
