import { type FormEvent, memo, useEffect, useMemo, useState } from 'react'
import { Failure } from '../parts/notices.tsx'
import { Panel } from '../parts/panel.tsx'
import { shown } from '../parts/words.ts'
import { Drafted } from './drafted.tsx'
import type { Recording, Sight } from './recording.ts'
import { inSlices } from './slices.ts'
import {
  choicesAt,
  eventIn,
  type Manner,
  nextOf,
  type Outcome,
  suggestion,
  type Trial,
  timeFor,
  tryOut,
} from './trial.ts'
import { localTime } from './values.ts'
import { WhatIfOutcome } from './what-if-outcome.tsx'

interface Draft {
  readonly place: number
  readonly manner: Manner
  readonly type: string
  readonly body: string
  readonly at: number
  readonly goesOn: boolean
}

/** Another event at the moment of the slider, folded here and nowhere else. */
export const WhatIf = memo(function WhatIf(props: { readonly recording: Recording; readonly sight: Sight }) {
  const { recording, sight } = props
  const next = nextOf(recording, sight)
  const usualAt = next?.at ?? sight.step?.at ?? 0
  const choices = useMemo(() => choicesAt(recording, sight, usualAt), [recording, sight, usualAt])
  const [kept, setDraft] = useState<Draft | null>(null)
  const [trial, setTrial] = useState<Trial | null>(null)
  const [wrong, setWrong] = useState<{ readonly place: number; readonly words: string } | null>(null)
  const mistake = wrong?.place === sight.at ? wrong.words : null
  const draftOf = (type: string, manner: Manner, goesOn: boolean): Draft => ({
    place: sight.at,
    manner,
    type,
    body: JSON.stringify(suggestion(recording, sight, type), null, 2),
    at: timeFor(type, sight, usualAt),
    goesOn,
  })
  const first = choices.taken[0] ?? choices.others[0] ?? ''
  const draft =
    kept?.place === sight.at
      ? kept
      : draftOf(kept?.type ?? first, next === undefined ? 'before' : (kept?.manner ?? 'before'), kept?.goesOn ?? false)
  const change = (over: Partial<Draft>) => {
    setTrial(null)
    setWrong(null)
    setDraft({ ...draft, ...over })
  }
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault()
    const event = draft.manner === 'without' ? {} : eventIn(draft.body)
    if (typeof event === 'string') return setWrong({ place: sight.at, words: event })
    setWrong(null)
    setTrial({ manner: draft.manner, at: draft.at, goesOn: draft.goesOn, place: sight.at, event })
  }
  return (
    <Panel title="What if">
      <p className="what-if">
        <span className="sign ask">What if</span> Nothing is touched: this is computed in your browser, from the state
        of the slider, and no effect is started.
      </p>
      <form onSubmit={submit}>
        <fieldset>
          <legend>
            {sight.at === 0 ? 'Before the first event' : `After event ${sight.sequence}`} in {shown(sight.path)}
          </legend>
          <p>
            {next === undefined
              ? 'The journal ends here; another event comes.'
              : `Event ${next.sequence} follows: ${shown(String(next.event['type']))}. What if …`}
          </p>
          {(next === undefined ? [] : MANNERS).map(({ manner, words }) => (
            <label key={manner} className="inline">
              <input
                type="radio"
                name="manner"
                checked={draft.manner === manner}
                onChange={() => change({ manner, goesOn: manner === 'without' || draft.goesOn })}
              />
              {words}
            </label>
          ))}
        </fieldset>
        {draft.manner !== 'without' && (
          <>
            <div className="jumps">
              <label>
                Event type
                <select
                  value={draft.type}
                  onChange={({ target }) => change(draftOf(target.value, draft.manner, draft.goesOn))}
                >
                  <optgroup label="Taken in this state">
                    {choices.taken.map((type) => (
                      <option key={type}>{type}</option>
                    ))}
                  </optgroup>
                  <optgroup label="Not taken in this state">
                    {choices.others.map((type) => (
                      <option key={type}>{type}</option>
                    ))}
                  </optgroup>
                </select>
              </label>
              <Drafted
                label="At"
                type="datetime-local"
                step={1}
                value={localTime(draft.at)}
                onText={(text) => {
                  const at = Date.parse(text)
                  if (!Number.isNaN(at)) change({ at })
                }}
              />
            </div>
            <label>
              Event
              <textarea
                rows={Math.min(16, draft.body.split('\n').length + 1)}
                value={draft.body}
                spellCheck={false}
                className="code"
                aria-invalid={mistake !== null}
                aria-describedby={mistake === null ? undefined : 'what-if-mistake'}
                onChange={({ target }) => change({ body: target.value })}
              />
            </label>
          </>
        )}
        {mistake !== null && (
          <p id="what-if-mistake" className="warn" role="alert">
            {shown(mistake)}
          </p>
        )}
        {next !== undefined && (
          <label className="inline">
            <input
              type="checkbox"
              checked={draft.goesOn}
              onChange={({ target }) => change({ goesOn: target.checked })}
            />
            then the rest of the journal follows
          </label>
        )}
        <button type="submit" className="primary">
          Try it
        </button>
      </form>
      {trial?.place === sight.at && <Result recording={recording} sight={sight} trial={trial} />}
    </Panel>
  )
})

const MANNERS: readonly { readonly manner: Manner; readonly words: string }[] = [
  { manner: 'before', words: 'another event comes before it' },
  { manner: 'instead', words: 'another event comes in its place' },
  { manner: 'without', words: 'it does not come at all' },
]

function Result(props: { readonly recording: Recording; readonly sight: Sight; readonly trial: Trial }) {
  const { recording, sight, trial } = props
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  useEffect(() => {
    setOutcome(null)
    return inSlices(tryOut(recording, sight, trial), { done: setOutcome, failed: setFailure })
  }, [recording, sight, trial])
  return (
    <div aria-live="polite">
      {failure !== null && <Failure error={failure} />}
      {outcome === null ? (
        <p className="faint">Computing …</p>
      ) : (
        <WhatIfOutcome recording={recording} sight={sight} outcome={outcome} />
      )}
    </div>
  )
}
