import { type LookupAddress, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { targetErrors } from '../../core/errors/target.ts'

/** An address that a server can have. Private networks are where Honua servers live; a cloud's metadata service is not. */
export function checkedUrl(target: string, text: string, key = 'url'): URL {
  const refuse = (problem: string) =>
    targetErrors.config({ target, problem, remedy: `set ${key} to the server’s address, e.g. https://gis.example.org` })
  if (!URL.canParse(text)) throw refuse(`the ${key} cannot be read`)
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse(`the ${key} is ${url.protocol} and not http or https`)
  if (url.username !== '' || url.password !== '') throw refuse(`the ${key} holds credentials; name a secretRef instead`)
  if (isLinkLocal(url.hostname)) throw refuse(`the ${key} leads to ${url.hostname}, a link-local address`)
  return url
}

const LINK_LOCAL = new BlockList()
// IPv4 in IPv6 (::ffff:169.254.0.0/112) is taken for what it holds.
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4')
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6')

/** Whether it is a literal address that no router passes on. `URL` has brought decimal, hexadecimal and octal spellings into the dotted form. */
export function isLinkLocal(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const version = isIP(address)
  return version !== 0 && LINK_LOCAL.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

/** A name leads where no server can be. */
export class LinkLocalName extends Error {
  constructor(host: string, address: string) {
    super(`${host} leads to ${address}, a link-local address`)
  }
}

/**
 * Looks names up for a connection that is being made: what is judged is what is connected to. One link-local address among others is
 * enough to refuse all of them with a LinkLocalName, since who can add one can add others later.
 */
export const lookupOfServer: LookupFunction = (host, options, tell) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const bad = error === null ? found.find(({ address }) => isLinkLocal(address)) : undefined
    const failure = bad === undefined ? error : new LinkLocalName(host, bad.address)
    const [first]: readonly LookupAddress[] = failure === null ? found : []
    if (first === undefined) tell(failure ?? new Error(`${host} has no address`), [])
    else if (options.all === true) tell(null, found)
    else tell(null, first.address, first.family)
  })
}
