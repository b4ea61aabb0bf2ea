import { cliErrors } from '../core/errors/cli.ts'
import { visible } from '../core/render/index.ts'
import type { ExitCode } from './exit-codes.ts'
import { EXIT } from './exit-codes.ts'
import type { LiveEvent } from './live.ts'
import type { Session } from './session.ts'
import { span, timeOfDay } from './times.ts'
import { progressWords } from './words.ts'

/** How often to look when nothing is told, in ms: the source may settle without a word from the environment. */
const LOOK_AGAIN_MS = 1_000

export interface Wait {
  readonly environment: string
  /** What is waited for, for the message when time is up. */
  readonly what: string
  readonly timeoutMs: number
  /** Gives the order; events are being listened to already, so none is missed. */
  readonly start: () => Promise<void>
  /** Looks how things stand: an exit code when settled (and its words printed), null to wait on. */
  readonly look: () => Promise<ExitCode | null>
}

/** Gives an order, tells each step on stderr as it happens, and returns when all is settled. Throws HONUA_WAIT_TIMED_OUT. */
export async function waitFor(wait: Wait, { io, api, out }: Session): Promise<ExitCode> {
  const interrupted = io.interrupted()
  const over = new AbortController()
  interrupted.addEventListener('abort', () => over.abort(), { once: true })
  const bell = makeBell()
  const deadline = io.now() + wait.timeoutMs
  const events = await api.follow(wait.environment, over.signal)
  let told = ''
  const telling = tell(events, (line) => out.note(line), bell.ring)
  try {
    await wait.start()
    for (;;) {
      const settled = await wait.look()
      if (settled !== null) return settled
      if (interrupted.aborted) return EXIT.interrupted
      const progress = progressWords((await api.environment(wait.environment)).progress)
      if (progress !== '' && progress !== told) out.note(`${timeOfDay(io.now())}  ${progress}`)
      told = progress
      if (io.now() >= deadline) throw cliErrors.timedOut({ what: wait.what, after: span(wait.timeoutMs) })
      await bell.next((signal) => io.sleep(LOOK_AGAIN_MS, signal))
    }
  } finally {
    over.abort()
    await telling
  }
}

async function tell(events: AsyncIterable<LiveEvent>, print: (line: string) => void, ring: () => void): Promise<void> {
  for await (const live of events) {
    if (live.kind === 'alive') continue
    if (live.kind === 'committed' && live.event.from !== live.event.to)
      print(`${timeOfDay(live.event.at)}  ${stepWords(live.event.to)}`)
    ring()
  }
}

const STEPS: { readonly [path: string]: string } = {
  'Unknown.looking': 'looking at the targets',
  'Unknown.unreachable': 'a target does not answer',
  'Synced.checking': 'looking at the targets',
  'Synced.quiet': 'synced',
  'OutOfSync.planning': 'planning',
  'OutOfSync.deciding': 'asking the gates',
  'OutOfSync.waiting': 'waiting',
  'OutOfSync.held': 'held',
  'OutOfSync.blocked': 'blocked',
  'AwaitingApproval.asked': 'waiting for approval',
  'AwaitingApproval.checking': 'looking whether the plan still stands',
  'Deploying.validating': 'validating',
  'Deploying.backingUp': 'backing up',
  'Deploying.applying': 'applying',
  'Deploying.postValidating': 'reading back and asking for health',
  'RollingBack.restoring': 'rolling back',
  'RollingBack.verifying': 'verifying the rollback',
  'AwaitingApproval.askedToRecover': 'waiting for approval to put a backup back',
  'RollingBack.checkingRecovery': 'looking whether the backup is still the one that was approved',
  'RollingBack.recovering': 'putting the backup back',
}

/** The state in words, followed by its name as it stands everywhere else. */
function stepWords(path: string): string {
  const words = STEPS[path]
  return words === undefined ? visible(path) : `${words} (${path})`
}

/** Wakes a waiter when it rings, also when it rang just before. */
function makeBell() {
  let hasRung = false
  let waiter: AbortController | null = null
  return {
    ring() {
      hasRung = true
      waiter?.abort()
    },
    async next(sleep: (signal: AbortSignal) => Promise<void>): Promise<void> {
      if (!hasRung) {
        waiter = new AbortController()
        await sleep(waiter.signal)
        waiter = null
      }
      hasRung = false
    },
  }
}
