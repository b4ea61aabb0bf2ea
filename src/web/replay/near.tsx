import { shown } from '../parts/words.ts'
import { Way } from './controls.tsx'
import type { Recording } from './recording.ts'
import type { Player } from './use-player.ts'

const BEFORE = 4
const SHOWN = 10

/** The events around the moment; a click goes there. Never more than a few, however long the journal. */
export function Near({ recording, player }: { readonly recording: Recording; readonly player: Player }) {
  const { moments } = recording
  const begin = Math.max(0, Math.min(player.sight.at - 1 - BEFORE, moments.length - SHOWN))
  return (
    <ol className="near">
      {moments.slice(begin, begin + SHOWN).map(({ step }, index) => {
        const place = begin + index + 1
        return (
          <li key={step.sequence}>
            <button
              type="button"
              className="quiet"
              aria-current={place === player.sight.at ? 'step' : undefined}
              onClick={() => player.go(place)}
            >
              <span className="faint">{step.sequence}</span> <strong>{shown(step.type)}</strong> <Way step={step} />
            </button>
          </li>
        )
      })}
    </ol>
  )
}
