import { HonuaError } from './honua-error.ts'

/** What the HTTP API and its socket refuse. */
export const apiErrors = {
  identityUnknown: (p: { readonly why: string }) =>
    new HonuaError(
      'HONUA_IDENTITY_UNKNOWN',
      'never',
      `it cannot be told who asks: ${p.why}`,
      'use the honua program on the same computer, or send a token from the secret operator-tokens (HONUA_TOKEN)',
    ),
  notAllowed: (p: { readonly name: string }) =>
    new HonuaError(
      'HONUA_NOT_ALLOWED',
      'never',
      `${p.name} may only look: the line of this token in the secret operator-tokens says read`,
      'ask whoever runs the controller for a token whose line does not say read',
    ),
  mediaType: (p: { readonly given: string | undefined }) =>
    new HonuaError(
      'HONUA_API_MEDIA_TYPE',
      'never',
      `orders are taken as application/json only, not as ${p.given ?? 'a request without content type'}`,
      'send the header content-type: application/json and a JSON body',
    ),
  originRefused: () =>
    new HonuaError(
      'HONUA_API_ORIGIN_REFUSED',
      'never',
      'requests from web pages are refused on this socket',
      'use the honua program, or a client that sends neither Origin nor Sec-Fetch-Site',
    ),
  bodyInvalid: (p: { readonly reason: string }) =>
    new HonuaError(
      'HONUA_API_BODY_INVALID',
      'never',
      `the request is not as it should be: ${p.reason}`,
      'mend the request',
    ),
  bodyTooLarge: (p: { readonly maxBytes: number }) =>
    new HonuaError(
      'HONUA_API_BODY_TOO_LARGE',
      'never',
      `the request body is larger than ${p.maxBytes} bytes`,
      'shorten the reason',
    ),
  routeUnknown: (p: { readonly method: string; readonly path: string }) =>
    new HonuaError(
      'HONUA_API_ROUTE_UNKNOWN',
      'never',
      `there is no ${p.method} ${p.path}`,
      'see that honua and the controller have the same version: honua version',
    ),
  notFound: (p: { readonly what: 'environment' | 'deployment' | 'stream'; readonly name: string }) =>
    new HonuaError(
      'HONUA_NOT_FOUND',
      'never',
      `there is no ${p.what} "${p.name}"`,
      `list them with: honua ${p.what === 'deployment' ? 'deployment' : 'env'} list`,
    ),
  eventUnknown: (p: { readonly stream: string; readonly sequence: number }) =>
    new HonuaError(
      'HONUA_EVENT_UNKNOWN',
      'never',
      `the journal of ${p.stream} holds no event ${p.sequence}`,
      'look at the newest events; older ones are kept as spec.history says',
    ),
  eventTooFar: (p: { readonly sequence: number; readonly most: number }) =>
    new HonuaError(
      'HONUA_EVENT_TOO_FAR',
      'never',
      `what event ${p.sequence} did is not computed here: more than ${p.most} kept events stand before it`,
      'export the journal and replay it on another computer: honua replay <env> --export <file>',
    ),
  tooMany: (p: { readonly what: string; readonly most: number }) =>
    new HonuaError(
      'HONUA_API_TOO_MANY',
      'later',
      `there are already ${p.most} ${p.what}`,
      'close some, or try again a little later',
    ),
  internal: () =>
    new HonuaError(
      'HONUA_API_INTERNAL',
      'later',
      'the controller could not answer because of a mistake of its own',
      'look for this code in the controller’s log and report it',
    ),
  socketPathTooLong: (p: { readonly path: string; readonly bytes: number; readonly maxBytes: number }) =>
    new HonuaError(
      'HONUA_SOCKET_PATH_TOO_LONG',
      'after-config-change',
      `the socket path ${p.path} has ${p.bytes} bytes, more than the ${p.maxBytes} a socket can have`,
      'set spec.socket to a shorter path',
    ),
  socketPathTaken: (p: { readonly path: string; readonly found: string }) =>
    new HonuaError(
      'HONUA_SOCKET_PATH_TAKEN',
      'after-config-change',
      `the socket cannot be opened at ${p.path}: there is ${p.found}`,
      'see what it is and remove it, or set spec.socket to another path',
    ),
  socketInUse: (p: { readonly path: string }) =>
    new HonuaError(
      'HONUA_SOCKET_IN_USE',
      'after-config-change',
      `another controller answers at ${p.path}`,
      'stop it first, or set spec.socket and spec.dataDir to paths of their own',
    ),
  socketFolderUnsafe: (p: { readonly path: string; readonly reason: string }) =>
    new HonuaError(
      'HONUA_SOCKET_FOLDER_UNSAFE',
      'after-config-change',
      `the folder ${p.path} cannot hold the socket: ${p.reason}`,
      `make it a folder of the controller’s own user that others cannot write to: chmod go-w ${p.path}`,
    ),
} as const
