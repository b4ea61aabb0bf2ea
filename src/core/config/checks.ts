/** What a single value of the configuration must be, beyond its type. Each returns why not; undefined when all is well. */
import { isTimeZone } from '../gates/index.ts'
import { didYouMean } from '../suggest.ts'

const ENVIRONMENT_PLACEHOLDER = '{environment}'

/** A server's address. No query: it would be lost, and is where keys are put by mistake. */
export function addressFault(text: string): string | undefined {
  const fault = pageFault(text)
  if (fault !== undefined) return fault
  return /[?#]/.test(text) ? 'expected an address without a query or fragment' : undefined
}

/** A page's address: http or https, without user or password. The text is not repeated, for it may hold one. */
export function pageFault(text: string): string | undefined {
  // Of the name of an environment all characters may stand in a host name.
  const filled = text.replaceAll(ENVIRONMENT_PLACEHOLDER, 'environment')
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(filled) || !/^https?:\/\//i.test(filled) || !URL.canParse(filled))
    return 'expected an address such as https://gis.example.org'
  const { username, password } = new URL(filled)
  return username === '' && password === ''
    ? undefined
    : 'expected an address without user or password; name a secret in credentials'
}

/** An IANA time zone that this runtime knows. */
export function timeZoneFault(name: string): string | undefined {
  if (isTimeZone(name)) return undefined
  return `expected an IANA time zone such as Europe/Vienna${didYouMean(name, Intl.supportedValuesOf('timeZone'))}`
}

/** A Unix socket path longer than this is cut silently by Node 20 (THREATS A2 58); 108 bytes with the final zero. */
const SOCKET_PATH_MAX = 107

export function socketFault(path: string): string | undefined {
  const bytes = new TextEncoder().encode(path).length
  return bytes <= SOCKET_PATH_MAX ? undefined : `expected a path of at most ${SOCKET_PATH_MAX} bytes, got ${bytes}`
}

/** A host name or an address, without scheme, port or path. */
export function hostNameFault(name: string): string | undefined {
  return /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(name) && name.length <= 253
    ? undefined
    : 'expected a host name such as gitops.city.example'
}
