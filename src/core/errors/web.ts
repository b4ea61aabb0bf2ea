import { HonuaError } from './honua-error.ts'

/** What the web server refuses before a route sees it, and why it does not open. */
export const webErrors = {
  hostRefused: () =>
    new HonuaError(
      'HONUA_WEB_HOST_REFUSED',
      'never',
      'the request names a host that this controller does not answer for',
      'use the address that the controller printed, or add the name to spec.web.names',
    ),
  crossSite: () =>
    new HonuaError(
      'HONUA_WEB_CROSS_SITE',
      'never',
      'the request comes from a page of another site',
      'open the dashboard at its own address',
    ),
  headerMissing: () =>
    new HonuaError(
      'HONUA_WEB_HEADER_MISSING',
      'never',
      'the request lacks the header honua-request, which pages of other sites cannot send',
      'send the header honua-request: 1 with every order',
    ),
  signInNeeded: (p: { readonly what: string }) =>
    new HonuaError(
      'HONUA_WEB_SIGN_IN_NEEDED',
      'never',
      `${p.what} needs to know who asks`,
      'sign in with a token of the secret operator-tokens, or send it as authorization: Bearer …',
    ),
  invitationUsed: () =>
    new HonuaError(
      'HONUA_WEB_INVITATION_USED',
      'never',
      'this link was used already, or is not of this run of the controller',
      'use the link that the controller printed last, or sign in with a token',
    ),
  portTaken: (p: { readonly host: string; readonly port: number }) =>
    new HonuaError(
      'HONUA_WEB_PORT_TAKEN',
      'after-config-change',
      `the dashboard cannot be opened: another program listens at ${p.host} port ${p.port}`,
      'stop it first, or set spec.web.port to another port',
    ),
  addressUnusable: (p: { readonly host: string; readonly port: number; readonly reason: string }) =>
    new HonuaError(
      'HONUA_WEB_ADDRESS_UNUSABLE',
      'after-config-change',
      `the dashboard cannot be opened at ${p.host} port ${p.port}: ${p.reason}`,
      'set spec.web.host to an address of this computer, and spec.web.port to a port that its user may open',
    ),
  tokensMissing: (p: { readonly host: string }) =>
    new HonuaError(
      'HONUA_WEB_TOKENS_MISSING',
      'after-config-change',
      `the dashboard is not opened at ${p.host}, which others can reach: there are no tokens to sign in with`,
      'write the secret operator-tokens, one line "name sha256-of-the-token" a person, or set spec.web.host to 127.0.0.1',
    ),
  notBuilt: (p: { readonly folder: string }) =>
    new HonuaError(
      'HONUA_WEB_NOT_BUILT',
      'after-config-change',
      `the pages of the dashboard are not in ${p.folder}`,
      'run npm run build, or install the package anew',
    ),
} as const
