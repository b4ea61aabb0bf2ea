/** Whether a program keeps the protocol: it is asked what a controller would ask, and what a careless one would. */
import { HonuaError } from '../../../../core/errors/honua-error.ts'
import type { DriverDeps } from '../../settings.ts'
import { type Subject, Tester } from './tester.ts'
import { NEEDED, TRIALS } from './trials.ts'

export type { Subject } from './tester.ts'

/** One thing that the protocol asks for; `problem` is null when the program does it. */
export interface Check {
  readonly what: string
  readonly problem: string | null
}

/** Runs every check, in order; each is told as soon as it is done. What was made is removed in the end, if it can be. */
export async function checkProgram(
  subject: Subject,
  deps: Pick<DriverDeps, 'clock'>,
  tell: (check: Check) => void,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const tester = new Tester(subject, deps, signal)
  const checks: Check[] = []
  for (const { what, run } of TRIALS) {
    const problem = await outcomeOf(() => run(tester), signal)
    checks.push({ what, problem })
    tell({ what, problem })
    // Without these two nothing else can be told, and a target that is in use must not be written to.
    if (problem !== null && checks.length <= NEEDED) break
  }
  return checks
}

async function outcomeOf(work: () => Promise<string | null>, signal: AbortSignal): Promise<string | null> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof HonuaError) return error.message
    throw error
  }
}
