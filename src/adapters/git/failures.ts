import { gitErrors } from '../../core/errors/git.ts'
import type { HonuaError } from '../../core/errors/honua-error.ts'
import type { GroupResult } from '../process/run-group.ts'
import { STALLED_S } from './environment.ts'
import { ownLines, telling } from './text.ts'

export interface RemoteContext {
  readonly url: string
  readonly branch: string
  readonly timeoutMs: number
  readonly bytesMax: number
  readonly secrets: readonly string[]
}

type Make = (place: { readonly url: string; readonly detail: string }, context: RemoteContext) => HonuaError

/** Git's words (LC_ALL=C) → our error; the first match counts. Git has no exit codes for these. */
const TABLE: readonly (readonly [RegExp, Make])[] = [
  [/no space left on device|disk quota exceeded/i, gitErrors.diskFull],
  [
    /file too large|signal (?:25|XFSZ)/i,
    (place, context) => gitErrors.tooLarge({ ...place, maxBytes: context.bytesMax }),
  ],
  [
    /host key verification failed|host identification has changed|host key is known|certificate (?:verification failed|problem|subject name|has expired)|(?:peer|alternative) certificate/i,
    gitErrors.untrusted,
  ],
  [
    /permission denied|authentication failed|could not read (?:username|password)|returned error: 40[13]|unprotected private key|dubious ownership|terminal prompts disabled|invalid format|error in libcrypto/i,
    gitErrors.auth,
  ],
  [/returned error: 30\d|from redirection/i, gitErrors.redirected],
  [
    /repository .*not found|does not appear to be a git repository|returned error: 404|not a git repository|no such file or directory/i,
    gitErrors.repositoryMissing,
  ],
  // Git's own watch over a transfer that stands still may notice before ours does; a stall is a time-out, whoever tells it.
  [/operation too slow/i, ({ url }) => gitErrors.timeout({ url, afterMs: STALLED_S * 1_000 })],
  [/couldn't find remote ref/i, (place, context) => gitErrors.branchMissing({ ...place, branch: context.branch })],
  [
    /fsck error|in fsck|error: object [0-9a-f]+: |did not send all necessary objects|invalid index-pack output/i,
    gitErrors.rejected,
  ],
]

/** What a failed `ls-remote` or `fetch` means. */
export function remoteFailure(result: GroupResult, context: RemoteContext): HonuaError {
  const place = { url: context.url, detail: telling(result.stderr, context.secrets) }
  switch (result.ended) {
    case 'timeout':
      return gitErrors.timeout({ url: context.url, afterMs: context.timeoutMs })
    case 'no-start':
      return startFailure(result.stderr)
    case 'overflow':
      return gitErrors.unreachable({ url: context.url, detail: 'the answer is far larger than one branch needs' })
    case 'exit':
      break
    default:
      return result.ended satisfies never
  }
  const said = ownLines(result.stderr).join('\n')
  const known = TABLE.find(([pattern]) => pattern.test(said))
  return known === undefined ? gitErrors.unreachable(place) : known[1](place, context)
}

/** What it means that git could not be started, by errno name: a want that passes, or a program that cannot run. */
export function startFailure(reason: string): HonuaError {
  return WANTS.has(reason) ? gitErrors.noStart({ reason }) : gitErrors.programMissing({ reason })
}

/** The system has too little of something now. */
export const WANTS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'])

/** True when the server gives what a branch points at, but not a commit by its id. */
export function refusesIds(result: GroupResult): boolean {
  return (
    result.ended === 'exit' &&
    /unadvertised object|not our ref|no such remote ref|no matching remote head/i.test(
      ownLines(result.stderr).join('\n'),
    )
  )
}
