import { targetErrors } from '../../../core/errors/target.ts'
import type { Clock } from '../../../ports/clock.ts'
import { checkedUrl, isLinkLocal } from '../address.ts'
import type { TlsIdentity } from '../http-client.ts'
import type { CheckSettings } from './settings.ts'

/** Who asks. Read anew for every request. */
export interface Visitor {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: TlsIdentity | undefined
  /** What must be in no message. */
  readonly secrets: readonly string[]
}

/** All that checks know of what they look at. Addresses come from the configuration alone; a topology names paths below them. */
export interface CheckSite {
  readonly target: string
  readonly base: URL
  readonly certificates: readonly string[]
  readonly visitor: () => Promise<Visitor>
  /** The header Date of the last write's answer, by the clock of the server at `base`; null where there is none. */
  readonly writtenDate: () => string | null
  readonly clock: Clock
}

/** The address that checks look at. Throws HONUA_TARGET_CONFIG for one that no server can have. */
export function checkBase(target: string, { url, certificates }: CheckSettings, own: URL): URL {
  const wrong = certificates.find((place) => {
    const address = hostAndPort(place)
    return address === null || isLinkLocal(address.host)
  })
  if (wrong !== undefined)
    throw targetErrors.config({
      target,
      problem: `checks.certificates names ${wrong}, where no server can be`,
      remedy: 'write a host, or host:port',
    })
  return url === undefined ? own : checkedUrl(target, url, 'checks.url')
}

/** A path below an address, or null when it leads out of it: `..`, `%2e%2e`, another host. */
export function below(base: URL, path: string): URL | null {
  const root = base.pathname.replace(/\/$/, '')
  const text = base.origin + root + path
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return url.origin === base.origin && `${url.pathname}/`.startsWith(`${root}/`) ? url : null
}

/** `host:port`, the port 443 where none is named; null when it is neither. */
export function hostAndPort(text: string): { readonly host: string; readonly port: number } | null {
  if (/[\s/?#@\\]/.test(text) || !URL.canParse(`https://${text}`)) return null
  const { hostname, port } = new URL(`https://${text}`)
  return { host: hostname, port: port === '' ? 443 : Number(port) }
}
