import { useMemo } from 'react'
import { shown } from '../parts/words.ts'
import { Drafted } from './drafted.tsx'
import { deploymentsOf, placeAtTime, placeOf, type Recording } from './recording.ts'
import type { Player } from './use-player.ts'
import { localTime } from './values.ts'

/** Ways to a moment that one knows by its time, its deployment or its number. */
export function Jumps({ recording, player }: { readonly recording: Recording; readonly player: Player }) {
  const deployments = useMemo(() => deploymentsOf(recording), [recording])
  const { at, step, sequence } = player.sight
  const within = deployments.find(({ from, to }) => from <= at && (to === null || at <= to))
  const [first, last] = [recording.moments[0]?.step, recording.moments.at(-1)?.step]
  return (
    <div className="jumps">
      <Drafted
        label="Event"
        type="number"
        min={first?.sequence}
        max={last?.sequence}
        value={String(sequence)}
        onText={(text) => {
          const place = placeOf(recording, Number(text))
          if (place !== null) player.go(place)
        }}
      />
      <Drafted
        label="Time"
        type="datetime-local"
        step={1}
        min={first === undefined ? undefined : localTime(first.at)}
        max={last === undefined ? undefined : localTime(last.at + 1_000)}
        value={step === null ? '' : localTime(step.at)}
        onText={(text) => {
          const time = Date.parse(text)
          // The field knows whole seconds: all that happened within this one has happened.
          if (!Number.isNaN(time)) player.go(placeAtTime(recording, time + 999))
        }}
      />
      <label>
        Deployment
        <select
          value={within?.id ?? ''}
          disabled={deployments.length === 0}
          onChange={({ target }) => {
            const chosen = deployments.find(({ id }) => id === target.value)
            if (chosen !== undefined) player.go(chosen.from)
          }}
        >
          <option value="">{deployments.length === 0 ? 'none in this journal' : 'none open at this moment'}</option>
          {deployments.map(({ id, from }) => (
            <option key={`${id} ${from}`} value={id}>
              {shown(id)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
