import { HonuaError } from './honua-error.ts'

/** What the honua program says by itself; what the controller refuses comes with the controller's own code. */
export const cliErrors = {
  usage: (p: { readonly message: string; readonly help: string }) =>
    new HonuaError('HONUA_USAGE', 'never', p.message, `see: ${p.help}`),
  unreachable: (p: { readonly socket: string; readonly reason: string }) =>
    new HonuaError(
      'HONUA_CONTROLLER_UNREACHABLE',
      'later',
      `no controller answers at ${p.socket}: ${p.reason}`,
      'start one with: honua controller run --config FILE, or name its socket with --socket or HONUA_SOCKET',
    ),
  socketDenied: (p: { readonly socket: string }) =>
    new HonuaError(
      'HONUA_SOCKET_DENIED',
      'never',
      `you may not use the socket ${p.socket}`,
      'ask to be made a member of the group that the socket belongs to, then sign in anew',
    ),
  answerBroken: (p: { readonly reason: string }) =>
    new HonuaError(
      'HONUA_ANSWER_BROKEN',
      'later',
      `the controller’s answer cannot be used: ${p.reason}`,
      'see that honua and the controller have the same version: honua version',
    ),
  challengeRefused: (p: { readonly reason: string }) =>
    new HonuaError(
      'HONUA_CHALLENGE_FAILED',
      'never',
      `you could not be identified to the controller: ${p.reason}`,
      'see that you may write to the folder "peers" beside the socket, or set HONUA_TOKEN',
    ),
  timedOut: (p: { readonly what: string; readonly after: string }) =>
    new HonuaError(
      'HONUA_WAIT_TIMED_OUT',
      'later',
      `${p.what} has not settled after ${p.after}`,
      'it goes on without you; wait longer with --timeout, or look with: honua events --follow',
    ),
  fileUnreadable: (p: { readonly path: string; readonly reason: string }) =>
    new HonuaError(
      'HONUA_FILE_UNREADABLE',
      'never',
      `${p.path} cannot be used: ${p.reason}`,
      'see the path and its permissions',
    ),
  bundleInvalid: (p: { readonly path: string; readonly reason: string }) =>
    new HonuaError(
      'HONUA_BUNDLE_INVALID',
      'never',
      `${p.path} is no replay bundle: ${p.reason}`,
      'make one with: honua replay <environment> --export FILE',
    ),
  machineUnusable: (p: { readonly path: string; readonly reason: string }) =>
    new HonuaError(
      'HONUA_MACHINE_UNUSABLE',
      'never',
      `the statechart in ${p.path} cannot be used: ${p.reason}`,
      'name a JavaScript module that exports the machine; TypeScript needs a Node that runs it',
    ),
  replayDiverged: (p: { readonly stream: string; readonly sequence: number; readonly message: string }) =>
    new HonuaError(
      'HONUA_REPLAY_DIVERGED',
      'never',
      `the replay of ${p.stream} leaves the record at event ${p.sequence}: ${p.message}`,
      'keep the bundle (--export FILE) and report it; with --machine, this is what the changed chart does differently',
    ),
  auditBroken: (p: { readonly sequence: number; readonly reason: string }) =>
    new HonuaError(
      'HONUA_AUDIT_BROKEN',
      'never',
      `the audit log is not intact at entry ${p.sequence}: ${p.reason}`,
      'keep the data directory as it is and compare it with a backup: entries were changed, removed or reordered',
    ),
  noSchema: (p: { readonly name: string; readonly known: readonly string[] }) =>
    new HonuaError(
      'HONUA_SCHEMA_UNKNOWN',
      'never',
      `there is no schema "${p.name}"`,
      `known are: ${p.known.join(', ')}`,
    ),
} as const
