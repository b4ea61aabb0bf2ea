import { HonuaError } from '../core/errors/index.ts'

/** What an error means for a chart: a code, a sentence with its remedy, and whether it may pass by itself. */
export interface FailureFacts {
  readonly code: string
  readonly message: string
  readonly transient: boolean
}

/** An error that is none of ours is a fault of the program: named so, and tried again like a passing one. */
export function failureFacts(error: unknown): FailureFacts {
  if (error instanceof HonuaError) {
    const { code, message, remedy, retry } = error
    return { code, message: `${message}; ${remedy}`, transient: retry === 'later' }
  }
  return { code: 'HONUA_INTERNAL', message: error instanceof Error ? error.message : String(error), transient: true }
}
