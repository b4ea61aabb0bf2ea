import type { ComponentView } from '../../api/contract.ts'
import type { Deed, Plan, TargetProgress } from '../../core/vocabulary.ts'
import { Sign } from '../parts/state.tsx'
import { countWords, sentence, shown, span } from '../parts/words.ts'
import type { Drawing } from './drawing.ts'

/** One server, database or other target: its state, what is planned for it, and how far that has come. */
export function Box({ one, drawing }: { readonly one: ComponentView; readonly drawing: Drawing }) {
  const { plan, progress, markOf, deeds } = drawing
  const { tone, words } = markOf(one.target)
  const own = deeds.filter(
    ({ target, component }) => target === one.target && (one.component ?? component) === component,
  )
  return (
    <li className={`box edge-${tone}`}>
      <p className="box-head">
        <strong>{shown(one.instance === one.component ? one.target : one.instance)}</strong>{' '}
        <Sign tone={tone}>{words}</Sign>
      </p>
      <p className="faint">{factsOf(one, plan)}</p>
      <Written progress={progress.find(({ target }) => target === one.target)} />
      <div className="did">{own.length > 0 && <Steps deeds={own} />}</div>
    </li>
  )
}

function factsOf({ instance, component, target, owned }: ComponentView, plan: Plan | null): string {
  const changes = plan?.changes.filter((change) => change.target === target) ?? []
  const count = (action: string) => changes.filter((change) => change.action === action).length
  const waves = [
    ...new Set(
      plan?.steps.filter((step) => step.target === target && step.action?.means !== 'health').map(({ wave }) => wave),
    ),
  ]
  return [
    instance === component || instance === target ? '' : `on ${shown(target)}`,
    owned === null ? '' : `${owned} of ours`,
    changes.length === 0
      ? ''
      : countWords({ creates: count('create'), updates: count('update'), deletes: count('delete') }),
    waves.length === 0 ? '' : `wave ${waves.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** Its room is there before anything is written, so that nothing moves when something is. */
function Written({ progress }: { readonly progress: TargetProgress | undefined }) {
  if (progress === undefined) return <div className="written" />
  const { done, total, target } = progress
  return (
    <div className="written">
      <progress value={done} max={Math.max(total, 1)} aria-label={`Written to ${shown(target)}`} />
      <span className="faint">
        {done.toLocaleString()} of {total.toLocaleString()}
      </span>
    </div>
  )
}

function Steps({ deeds }: { readonly deeds: readonly Deed[] }) {
  const failed = deeds.filter(({ ok }) => !ok).length
  return (
    <details>
      <summary>
        {deeds.length === 1 ? '1 step' : `${deeds.length} steps`}
        {failed > 0 && `, ${failed} failed`}
      </summary>
      <ul>
        {deeds.map(({ step, ok, ms, message }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that only grows, and steps may be done twice
          <li key={at}>
            {shown(step)}: {ok ? 'ok' : sentence(message)} ({span(ms)})
          </li>
        ))}
      </ul>
    </details>
  )
}
