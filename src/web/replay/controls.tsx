import { When } from '../parts/time.tsx'
import { shown } from '../parts/words.ts'
import { SPEEDS } from './pace.ts'
import type { Sight } from './recording.ts'
import type { Player } from './use-player.ts'

/** The slider, the steps, and what plays by itself. */
export function Controls({ player }: { readonly player: Player }) {
  const { sight, last, isPlaying, speed } = player
  const { at } = sight
  return (
    <section className="panel controls" aria-label="Controls">
      <div className="keys">
        <Step label="To the start" sign="|◀" keys="Home" isOff={at === 0} go={() => player.go(0)} />
        <Step label="One back" sign="◀" keys="ArrowLeft" isOff={at === 0} go={() => player.go(at - 1)} />
        <button type="button" className="primary" onClick={isPlaying ? player.stop : player.play}>
          {isPlaying ? '■ Stop' : '▶ Play'}
        </button>
        <Step label="One on" sign="▶" keys="ArrowRight" isOff={at === last} go={() => player.go(at + 1)} />
        <Step label="To the end" sign="▶|" keys="End" isOff={at === last} go={() => player.go(last)} />
        <label className="inline">
          Speed
          <select
            value={speed}
            onChange={({ target }) => player.setSpeed(SPEEDS.find((one) => String(one) === target.value) ?? 1)}
          >
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
        <span className="faint">waits are cut to 2 s</span>
      </div>
      <input
        type="range"
        min={0}
        max={last}
        step={1}
        value={at}
        aria-label="Event"
        aria-valuetext={inWords(sight, last)}
        onChange={({ target }) => player.go(target.valueAsNumber)}
      />
      <p className="where" aria-live={isPlaying ? 'off' : 'polite'}>
        <strong>{at === 0 ? 'Before the first event' : `Event ${sight.sequence}`}</strong>{' '}
        <span className="faint">
          ({at} of {last})
        </span>{' '}
        {sight.step === null ? (
          <span>{shown(sight.path)}</span>
        ) : (
          <>
            <When at={sight.step.at} /> <code>{shown(sight.step.type)}</code> <Way step={sight.step} />
          </>
        )}
      </p>
    </section>
  )
}

/** From which state to which. */
export function Way({ step: { from, to } }: { readonly step: { readonly from: string; readonly to: string } }) {
  return <span>{from === to ? `stays in ${shown(to)}` : `${shown(from)} → ${shown(to)}`}</span>
}

function Step(props: {
  readonly label: string
  readonly sign: string
  readonly keys: string
  readonly isOff: boolean
  readonly go: () => void
}) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      aria-keyshortcuts={props.keys}
      aria-disabled={props.isOff}
      onClick={props.go}
    >
      {props.sign}
    </button>
  )
}

function inWords({ at, sequence, step, path }: Sight, last: number): string {
  return step === null
    ? `before the first of ${last} events, ${shown(path)}`
    : `event ${sequence}, ${at} of ${last}, ${shown(step.type)}, ${shown(path)}`
}
