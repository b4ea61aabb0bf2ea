import type { JournalView } from '../../api/contract.ts'
import type { Course } from '../../core/standing/index.ts'
import type { Instant, PlanStep } from '../../core/vocabulary.ts'
import { Sign } from '../parts/state.tsx'
import { shown, span } from '../parts/words.ts'
import { type Mark, STANDING_MARKS } from '../picture/words.ts'

/** In which order targets are written, those of one wave at the same time; how each wave went, and how long it took. */
export function Waves(props: {
  readonly steps: readonly PlanStep[]
  readonly course: Course
  readonly events: readonly JournalView[]
}) {
  const { steps, course } = props
  const numbers = [...new Set(steps.map(({ wave }) => wave))].sort((one, other) => one - other)
  const ends = props.events.filter(({ event }) => event['type'] === 'wave.applied').map(({ at }) => at)
  const begin = course.deployment.history.find(({ to }) => to === 'Applying')?.at
  return (
    <ol className="waves">
      {numbers.map((wave) => {
        const { tone, words } = markOf(wave, course)
        const took = tookOf(wave, begin, ends)
        return (
          <li key={wave}>
            <strong>Wave {wave}</strong> <Sign tone={tone}>{words}</Sign>
            {took !== null && <span className="faint"> {span(took)}</span>}
            <ul>
              {steps
                .filter((step) => step.wave === wave)
                .map(({ target, changes, action }) => (
                  <li key={`${target} ${action?.step} ${changes.join()}`}>
                    {shown(target)}: {action === undefined ? countWords(changes.length) : shown(action.step)}
                  </li>
                ))}
            </ul>
          </li>
        )
      })}
    </ol>
  )
}

function countWords(count: number): string {
  return count === 1 ? '1 change' : `${count.toLocaleString()} changes`
}

function markOf(wave: number, { waves, isBegun, deployment }: Course): Mark {
  if (wave < waves) return STANDING_MARKS.done
  if (!isBegun || wave > waves) return STANDING_MARKS['not-begun']
  return deployment.state === 'Applying' ? STANDING_MARKS['under-way'] : STANDING_MARKS.failed
}

function tookOf(wave: number, begin: Instant | undefined, ends: readonly Instant[]): number | null {
  const end = ends[wave]
  const start = wave === 0 ? begin : ends[wave - 1]
  return end === undefined || start === undefined ? null : end - start
}
