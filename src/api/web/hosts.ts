/** What this server may be called in a `Host` header. A page of another name, led here by its own DNS, is refused by it. */
export interface Names {
  /** Hosts with the port that is listened at, e.g. `localhost:8420`. */
  readonly exact: ReadonlySet<string>
  /** Names given by the configuration, with any port: a proxy stands before them. */
  readonly given: ReadonlySet<string>
}

export function namesOf(where: {
  readonly host: string
  readonly port: number
  readonly names: readonly string[]
}): Names {
  const hosts = ['localhost', '127.0.0.1', '[::1]', bracketed(where.host)]
  return {
    exact: new Set(hosts.map((host) => `${host}:${where.port}`)),
    given: new Set(where.names.map((name) => name.toLowerCase())),
  }
}

export function isOurs(names: Names, host: string | undefined): boolean {
  if (host === undefined) return false
  const asked = host.toLowerCase()
  return names.exact.has(asked) || names.given.has(asked.replace(/:\d{1,5}$/, ''))
}

/** Whether `Origin` names the very host that the request is for. */
export function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}

/** An address as it stands in a URL: IPv6 in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
