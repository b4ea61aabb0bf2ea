/** Connections to where a database can be: what its host leads to is judged before it is connected to. */
import { isIP, Socket, type SocketConnectOpts } from 'node:net'
import { isLinkLocal, LinkLocalName, lookupOfServer } from '../address.ts'

/** Looks the host up by itself, and breaks with a LinkLocalName instead of connecting to a link-local address. */
export class JudgedSocket extends Socket {
  override connect(
    to: SocketConnectOpts | number | string,
    host?: string | (() => void),
    onConnect?: () => void,
  ): this {
    if (typeof to === 'string') return super.connect(to)
    if (typeof to !== 'number' || typeof host !== 'string') throw new TypeError('a database has a host and a port')
    if (isLinkLocal(host)) return this.destroy(new LinkLocalName(host, host))
    return super.connect({ port: to, host, lookup: lookupOfServer }, onConnect)
  }
}

/**
 * Where a host leads, for a program that connects by itself: to these and to nothing else. Empty for the folder of a Unix socket. Rejects
 * with a LinkLocalName, or with what the network says.
 */
export function judgedAddresses(host: string): Promise<readonly string[]> {
  if (isLinkLocal(host)) return Promise.reject(new LinkLocalName(host, host))
  if (host.startsWith('/')) return Promise.resolve([])
  if (isIP(host) !== 0) return Promise.resolve([host])
  return new Promise((resolve, reject) => {
    lookupOfServer(host, { all: true }, (error, found) => {
      if (error !== null) reject(error)
      else resolve(typeof found === 'string' ? [found] : found.map(({ address }) => address))
    })
  })
}
