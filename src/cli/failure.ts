import type { ErrorView } from '../api/contract.ts'
import { HonuaError } from '../core/errors/honua-error.ts'
import { visible } from '../core/render/index.ts'
import { jsonText } from './data-text.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Io } from './io.ts'
import type { Format } from './output.ts'
import { makePaint } from './paint.ts'

/** A refusal by the controller, in its own words. */
export class Refusal extends Error {
  readonly view: ErrorView
  constructor(view: ErrorView) {
    super(view.message)
    this.view = view
  }
}

const OF_WHY: { readonly [why in ErrorView['why']]: ExitCode } = {
  'not-found': EXIT.notFound,
  refused: EXIT.failed,
  blocked: EXIT.blocked,
  busy: EXIT.busy,
  invalid: EXIT.failed,
  'not-allowed': EXIT.notAllowed,
  unavailable: EXIT.failed,
}

const OF_CODE: { readonly [code: string]: ExitCode } = {
  HONUA_USAGE: EXIT.usage,
  HONUA_SCHEMA_UNKNOWN: EXIT.usage,
  HONUA_FILE_UNREADABLE: EXIT.usage,
  HONUA_BUNDLE_INVALID: EXIT.usage,
  HONUA_MACHINE_UNUSABLE: EXIT.usage,
  HONUA_CONTROLLER_UNREACHABLE: EXIT.unreachable,
  HONUA_SOCKET_DENIED: EXIT.notAllowed,
  HONUA_CHALLENGE_FAILED: EXIT.notAllowed,
  HONUA_WAIT_TIMED_OUT: EXIT.timedOut,
}

/** Says what failed and what to do, on stderr, and names the exit code. A mistake of our own shows its message, never a stack. */
export function report(error: unknown, io: Io, how: { readonly format: Format; readonly color: boolean }): ExitCode {
  const { code, message, remedy } = factsOf(error)
  if (how.format === 'json') io.stderr.write(`${jsonText({ code, message, remedy }, 0)}\n`)
  else {
    const paint = makePaint(how.color && io.stderr.isTerminal)
    io.stderr.write(
      `${paint.red('error:')} ${visible(message)} ${paint.dim(`(${visible(code)})`)}\n  ${visible(remedy)}\n`,
    )
  }
  if (error instanceof Refusal) return OF_WHY[error.view.why]
  return OF_CODE[code] ?? EXIT.failed
}

function factsOf(error: unknown): { readonly code: string; readonly message: string; readonly remedy: string } {
  if (error instanceof Refusal) return error.view
  if (error instanceof HonuaError) return error
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'HONUA_INTERNAL', message: `honua failed unexpectedly: ${message}`, remedy: 'please report this' }
}
