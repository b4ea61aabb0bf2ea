import { HonuaError } from './honua-error.ts'

/** Why an inspector is not let in, or is hung up on. The messages are short: the reason of a closed WebSocket has 123 bytes. */
export const inspectErrors = {
  looksOnly: () =>
    new HonuaError(
      'HONUA_INSPECT_LOOKS_ONLY',
      'never',
      'inspectors look only; what they send reaches no statechart',
      'give orders with honua, in the dashboard or through the API',
    ),
  messageUnknown: () =>
    new HonuaError(
      'HONUA_INSPECT_MESSAGE_UNKNOWN',
      'never',
      'this message is not one of the inspector’s protocol',
      'connect Stately’s inspectors to /v1/inspect/stately, those of @xstate/inspect to /v1/inspect/xstate',
    ),
  tooSlow: () =>
    new HonuaError(
      'HONUA_INSPECT_TOO_SLOW',
      'later',
      'the inspector reads more slowly than things happen',
      'connect again: every actor is shown as it is then',
    ),
  stopping: () =>
    new HonuaError('HONUA_INSPECT_STOPPING', 'later', 'the controller stops', 'connect again when it runs'),
  ticketUsed: () =>
    new HonuaError(
      'HONUA_INSPECT_TICKET_USED',
      'never',
      'this ticket was used already, is too old, or is not of this run of the controller',
      'ask for another one: POST /v1/inspect/tickets',
    ),
} as const
