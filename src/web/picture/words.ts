import type { EnvironmentView } from '../../api/contract.ts'
import type { Standing } from '../../core/standing/index.ts'
import type { Tone } from '../parts/state.tsx'

/** What stands on a box. */
export interface Mark {
  readonly tone: Tone
  readonly words: string
}

export const STANDING_MARKS: { readonly [standing in Standing]: Mark } = {
  untouched: { tone: 'idle', words: 'untouched' },
  'not-begun': { tone: 'idle', words: 'not begun' },
  'under-way': { tone: 'busy', words: 'under way' },
  done: { tone: 'good', words: 'done' },
  verified: { tone: 'good', words: 'verified' },
  failed: { tone: 'bad', words: 'failed' },
  'rolled-back': { tone: 'ask', words: 'rolled back' },
  left: { tone: 'bad', words: 'left behind' },
}

/** Until it is known. */
export const UNKNOWN_MARK: Mark = { tone: 'idle', words: '…' }

/** What a target is like while no deployment is under way. */
export function restMark(view: EnvironmentView, target: string, changes: number): Mark {
  const drifted = view.drift?.resources.filter((one) => one.target === target).length ?? 0
  if (drifted > 0) return { tone: 'ask', words: `${drifted} drifted` }
  if (changes > 0) return STANDING_MARKS['not-begun']
  if (view.observedAt === null) return { tone: 'idle', words: 'not looked at yet' }
  return view.state === 'Synced' ? { tone: 'good', words: 'as declared' } : { tone: 'idle', words: 'nothing to do' }
}

const PHASE_WORDS: { readonly [phase: string]: string } = {
  database: 'Database',
  application: 'Application',
  edge: 'Edge',
  validation: 'Validation',
}

/** `null`: what the topology does not name. */
export function phaseWords(phase: string | null): string {
  return phase === null ? 'Not in the topology' : (PHASE_WORDS[phase] ?? phase)
}

const LETTERS: { readonly [component: string]: string } = {
  cdn: 'CDN',
  dns: 'DNS',
  ssl: 'TLS certificates',
  waf: 'WAF',
}

/** `applicationServers` as people read it. */
export function componentWords(component: string): string {
  const letters = LETTERS[component]
  if (letters !== undefined) return letters
  const spaced = component.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  )
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
