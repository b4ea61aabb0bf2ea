import type { EnvironmentView } from '../../api/contract.ts'
import type { Verdict } from '../../core/vocabulary.ts'
import { Sign } from '../parts/state.tsx'
import { When } from '../parts/time.tsx'
import { sentence, shown } from '../parts/words.ts'

const ANSWERS = {
  allow: { tone: 'good', words: 'allows' },
  ask: { tone: 'ask', words: 'asks' },
  deny: { tone: 'bad', words: 'denies' },
  defer: { tone: 'idle', words: 'waits' },
} as const

/** What each gate said when the plan was decided upon. */
export function Gates({ view }: { readonly view: EnvironmentView }) {
  const { decision } = view
  if (decision === null) return <p>Nothing is to be decided: gates are asked when there is a plan.</p>
  return (
    <ul className="gates">
      {decision.verdicts.map((verdict) => (
        <li key={verdict.gate}>
          <Sign tone={ANSWERS[verdict.answer].tone}>{ANSWERS[verdict.answer].words}</Sign>{' '}
          <strong>{shown(verdict.gate)}</strong>
          <Why verdict={verdict} />
        </li>
      ))}
    </ul>
  )
}

function Why({ verdict }: { readonly verdict: Verdict }) {
  if (verdict.answer === 'allow') return null
  return (
    <p className="faint">
      {sentence(verdict.reason)}
      {verdict.answer === 'defer' && (
        <>
          ; until <When at={verdict.until} />
        </>
      )}
    </p>
  )
}
