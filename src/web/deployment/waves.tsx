import type { PlanStep } from '../../core/vocabulary.ts'
import { shown } from '../parts/words.ts'

/** In which order targets are written: those of one wave at the same time. */
export function Waves({ steps }: { readonly steps: readonly PlanStep[] }) {
  const waves = [...new Set(steps.map(({ wave }) => wave))].sort((one, other) => one - other)
  return (
    <ol className="waves">
      {waves.map((wave) => (
        <li key={wave}>
          <strong>Wave {wave}</strong>
          <ul>
            {steps
              .filter((step) => step.wave === wave)
              .map(({ target, changes, action }) => (
                <li key={`${target} ${action?.step} ${changes.join()}`}>
                  {shown(target)}:{' '}
                  {action === undefined
                    ? changes.length === 1
                      ? '1 change'
                      : `${changes.length} changes`
                    : shown(action.step)}
                </li>
              ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}
