/** Which certificate a server shows. Nothing is sent to it, and it is told nothing. */
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { type Certificate, certificateFault, type InputsOf } from '../../../core/checks/index.ts'
import { LinkLocalName, lookupOfServer } from '../address.ts'
import type { Asker } from './asker.ts'
import type { Check, Outcome } from './rounds.ts'
import { type CheckSite, hostAndPort } from './site.ts'

/** Where certificates are shown: the site's own address when it is https, and what the configuration adds. */
export function certificatePlaces({ base, certificates }: Pick<CheckSite, 'base' | 'certificates'>): readonly string[] {
  return [...new Set([...(base.protocol === 'https:' ? [base.host] : []), ...certificates])]
}

export function certificateChecks({ days, timeout }: InputsOf<'verify-ssl'>, asker: Asker): readonly Check[] {
  return certificatePlaces(asker.site).map((place) => ({
    name: `certificate of ${place}`,
    look: async (): Promise<Outcome> => {
      const shown = await certificateOf(place, timeout, asker)
      if (typeof shown === 'string') return { ok: false, message: shown }
      const fault = certificateFault(shown, asker.site.clock.now(), days)
      return {
        ok: fault === null,
        message: fault ?? `trusted, until ${new Date(shown.endsAt).toISOString().slice(0, 10)}`,
      }
    },
  }))
}

async function certificateOf(place: string, timeoutMs: number, { site, signal }: Asker): Promise<Certificate | string> {
  const address = hostAndPort(place)
  if (address === null) return 'no host and port'
  const { tls } = await site.visitor()
  const ended = new AbortController()
  try {
    return await Promise.race([
      shownBy(address, tls?.ca, AbortSignal.any([signal, ended.signal])),
      site.clock.sleep(timeoutMs, ended.signal).then(() => `no certificate within ${timeoutMs} ms`),
    ])
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof LinkLocalName) return error.message
    return error instanceof Error && 'code' in error ? String(error.code) : 'the connection broke'
  } finally {
    ended.abort(new Error('done'))
  }
}

function shownBy(
  address: { readonly host: string; readonly port: number },
  ca: string | undefined,
  signal: AbortSignal,
): Promise<Certificate> {
  return new Promise((resolve, reject) => {
    const { port } = address
    // An IPv6 address stands in brackets in a URL alone.
    const host = address.host.replace(/^\[|\]$/g, '')
    const named = isIP(host) === 0 ? { servername: host } : {}
    // What is wrong with it is to be told, so the connection is made all the same, and nothing is sent over it.
    const socket = connect(
      { host, port, lookup: lookupOfServer, ...named, rejectUnauthorized: false, ...(ca === undefined ? {} : { ca }) },
      () => {
        const { valid_to: end } = socket.getPeerCertificate()
        const { authorizationError: distrust } = socket
        const words = distrust instanceof Error ? distrust.message : String(distrust)
        resolve({ distrust: socket.authorized ? null : words, endsAt: Date.parse(end) })
        socket.destroy()
      },
    )
    socket.once('error', reject)
    const stop = () => socket.destroy(new Error('stopped'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
