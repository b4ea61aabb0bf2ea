import type { EnvironmentView } from '../../api/contract.ts'
import { STATE_WORDS } from './words.ts'

export type Tone = 'good' | 'busy' | 'ask' | 'bad' | 'idle'

/** Signs beside the words, so that colour alone tells nothing. */
const SIGNS: { readonly [tone in Tone]: string } = { good: '✓', busy: '↻', ask: '?', bad: '!', idle: '·' }

export function toneOf(view: EnvironmentView): Tone {
  if (view.hold !== null) return view.hold.kind === 'intervention' ? 'bad' : 'ask'
  if (view.problems.length > 0 || view.quarantine.length > 0) return 'bad'
  switch (view.state) {
    case 'Synced':
      return view.drift === null ? 'good' : 'ask'
    case 'Deploying':
    case 'RollingBack':
      return 'busy'
    case 'AwaitingApproval':
      return 'ask'
    case 'OutOfSync':
      return 'ask'
    case 'Unknown':
      return 'idle'
  }
}

export function Sign({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return (
    <span className={`sign ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {children}
    </span>
  )
}

export function StateSign({ view }: { readonly view: EnvironmentView }) {
  const words = view.hold === null ? STATE_WORDS[view.state] : `${STATE_WORDS[view.state]}, held`
  return <Sign tone={toneOf(view)}>{words}</Sign>
}
