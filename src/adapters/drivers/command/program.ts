/** One call of a driver program: bounded in time and output, nothing inherited, and nothing of it left behind. */
import { targetErrors } from '../../../core/errors/target.ts'
import { PROGRAM_FOLDERS, runGroup } from '../../process/run-group.ts'
import { scrub } from '../scrub.ts'
import type { DriverDeps } from '../settings.ts'
import type { CommandTarget } from './settings.ts'

/** As much as a whole observation may hold; what says more is ended. */
const STDOUT_BYTES_MAX = 64 * 1024 * 1024
/** Stands in the environment of everything the call starts, so that what leaves the process group is found too. */
const MARK = 'HONUA_DRIVER_CALL'

/**
 * Runs the program with `input` and returns what it printed. An exit code other than 0 is no answer, whatever was printed. Throws
 * HONUA_TARGET_UNREACHABLE when time is up, HONUA_TARGET_ANSWER for too much, HONUA_TARGET_COMMAND when it cannot start or fails.
 */
export async function call(
  { name: target, command: [file, ...args], env, timeoutMs }: CommandTarget,
  input: string,
  secrets: Iterable<string>,
  { clock }: Pick<DriverDeps, 'clock'>,
  signal: AbortSignal,
): Promise<string> {
  const base = { PATH: PROGRAM_FOLDERS.join(':'), HOME: '/', LC_ALL: 'C.UTF-8', TZ: 'UTC' }
  const result = await runGroup({
    file,
    args,
    env: { ...base, ...env },
    mark: { name: MARK, value: clock.id() },
    cwd: '/',
    secret: null,
    input,
    stdoutBytesMax: STDOUT_BYTES_MAX,
    timeoutMs,
    clock,
    signal,
  })
  const words = scrub(result.stderr, secrets)
  switch (result.ended) {
    case 'no-start':
      throw targetErrors.command({
        target,
        file,
        problem: `cannot be started: ${result.stderr}`,
        retry: 'after-config-change',
      })
    case 'timeout':
      throw targetErrors.unreachable({ target, host: file, reason: `no complete answer within ${timeoutMs} ms` })
    case 'overflow':
      throw targetErrors.answer({ target, doing: file, problem: `longer than ${STDOUT_BYTES_MAX} bytes` })
    case 'exit': {
      if (result.code === 0) return result.stdout
      const how = result.code === null ? `was ended by ${result.killedBy ?? 'a signal'}` : `ended with ${result.code}`
      throw targetErrors.command({ target, file, problem: words === '' ? how : `${how}: ${words}`, retry: 'later' })
    }
  }
}
