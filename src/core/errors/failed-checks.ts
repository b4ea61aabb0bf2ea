import type { CheckResult } from '../vocabulary.ts'
import { HonuaError } from './honua-error.ts'

/** Results that are kept of one step; those that failed come first. */
const KEPT_MAX = 50
/** Failures that are told in the message. */
const TOLD_MAX = 5

/** Some checks of a step did not pass. They may with the next try: servers take a moment. `results` holds all that are kept. */
export class FailedChecks extends HonuaError {
  readonly results: readonly CheckResult[]

  constructor(target: string, results: readonly CheckResult[]) {
    const failed = results.filter(({ ok }) => !ok)
    const told = failed.slice(0, TOLD_MAX).map(({ name, message }) => `${name}: ${message}`)
    if (failed.length > TOLD_MAX) told.push(`and ${failed.length - TOLD_MAX} more`)
    super(
      'HONUA_TARGET_CHECK',
      'later',
      `target "${target}" fails ${failed.length} of ${results.length} checks: ${told.join('; ')}`,
      'see what is served there; correct the step’s inputs where they ask for too much',
    )
    this.results = keptOf(results)
  }
}

/** As many results as a record keeps, in their order; of more, those that failed are kept first. */
export function keptOf(results: readonly CheckResult[]): readonly CheckResult[] {
  if (results.length <= KEPT_MAX) return results
  const kept = new Set([...results.filter(({ ok }) => !ok), ...results.filter(({ ok }) => ok)].slice(0, KEPT_MAX))
  return results.filter((result) => kept.has(result))
}
