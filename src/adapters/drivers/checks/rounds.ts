import type { CheckResult } from '../../../core/vocabulary.ts'
import type { Asker } from './asker.ts'

/** What one look showed. */
export interface Outcome {
  readonly ok: boolean
  readonly message: string
}

/** One thing to look at. */
export interface Check {
  readonly name: string
  readonly look: () => Promise<Outcome>
  /** What all looks together show, where that is more than each alone. */
  readonly conclude?: () => Outcome
}

/** How often to look. */
export interface Rounds {
  readonly count: number
  readonly interval: number
  /** Looks at one thing that may fail. */
  readonly failureLimit: number
}

/** When so many things are wrong the others are left: a server that is down need not be asked a hundred times. */
const FAILED_MAX = 10

/**
 * Looks at everything `count` times, `interval` ms apart, one after the other. A thing that fails more often than it may is not
 * looked at again; what was left in the end is told. Rejects only when aborted.
 */
export async function lookAt(checks: readonly Check[], rounds: Rounds, asker: Asker): Promise<readonly CheckResult[]> {
  const { clock } = asker.site
  const tallies = checks.map((check) => ({ check, looks: 0, failures: 0, ms: 0, last: '', fault: '' }))
  const isLost = (one: { readonly failures: number }) => one.failures > rounds.failureLimit
  const isOver = () => tallies.filter(isLost).length >= Math.min(FAILED_MAX, tallies.length)
  for (let round = 0; round < rounds.count && !isOver(); round += 1) {
    if (round > 0) await clock.sleep(rounds.interval, asker.signal)
    for (const tally of tallies) {
      if (isLost(tally) || isOver()) continue
      const began = clock.now()
      const { ok, message } = await tally.check.look()
      asker.signal.throwIfAborted()
      tally.looks += 1
      tally.ms += Math.max(0, clock.now() - began)
      tally.last = message
      if (!ok) {
        tally.failures += 1
        tally.fault = message
      }
    }
  }
  return tallies.map((tally) => {
    const { check, looks, failures, ms } = tally
    const told = (ok: boolean, message: string) => ({
      name: asker.scrubbed(check.name),
      ok,
      message: asker.scrubbed(message),
      ms,
    })
    if (looks === 0) return told(false, 'not looked at, after so many failures')
    const often = looks === 1 ? '' : ` (${failures} of ${looks} failed)`
    if (isLost(tally)) return told(false, `${tally.fault}${often}`)
    const { ok, message } = check.conclude?.() ?? { ok: true, message: tally.last }
    return told(ok, failures === 0 ? message : `${message}${often}`)
  })
}
