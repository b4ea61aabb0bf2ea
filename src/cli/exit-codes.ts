/** What the honua program's exit code says. Stable: scripts hang on it. */
export const EXIT = {
  ok: 0,
  differs: 1,
  usage: 2,
  failed: 3,
  timedOut: 4,
  blocked: 5,
  busy: 6,
  notAllowed: 7,
  notFound: 8,
  unreachable: 20,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** For help and documentation, one line a code. */
export const EXIT_HELP: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.differs, 'there are differences (env diff)'],
  [EXIT.usage, 'the command line is wrong, or the checked file is'],
  [EXIT.failed, 'the operation failed'],
  [EXIT.timedOut, 'it did not settle in the time given'],
  [EXIT.blocked, 'blocked: held, quarantined, awaiting approval; the reason is printed'],
  [EXIT.busy, 'busy: a deployment runs'],
  [EXIT.notAllowed, 'not allowed: you are not known, not in the socket’s group, or your token may only read'],
  [EXIT.notFound, 'no such environment or deployment'],
  [EXIT.unreachable, 'no controller answers'],
  [EXIT.interrupted, 'interrupted'],
]
