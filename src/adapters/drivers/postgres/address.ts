import type { ConnectionOptions } from 'node:tls'
import { targetErrors } from '../../../core/errors/target.ts'
import { pem, secretOf } from '../credential-files.ts'
import type { DriverDeps } from '../settings.ts'
import type { PostgresTarget } from './settings.ts'

/** Where the database is and as whom to sign in. Holds secrets: never store or show it. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  /** Empty where none is needed: pg would look for a null one in files of the machine. */
  readonly password: string
  readonly ssl: false | ConnectionOptions
  /** How it may be called in errors. */
  readonly shown: string
  /** What must not come back in an error. */
  readonly secrets: readonly string[]
  readonly secretRef: string | null
}

/** Read anew for every connection, so that a rotated secret is used at once. Throws HONUA_TARGET_SECRET_MISSING and HONUA_TARGET_CONFIG. */
export async function addressOf(target: PostgresTarget, deps: DriverDeps): Promise<Address> {
  const { credentials, host = '', port, database = '', user = '' } = target
  if (credentials.type !== 'dsn') {
    const password = credentials.type === 'none' ? '' : await secretOf(target, credentials.secretRef, deps)
    const place = { host, port, database, user, password, shown: `${host}:${port}` }
    const secretRef = credentials.type === 'none' ? null : credentials.secretRef
    return withTls(target, { ...place, secrets: [password], secretRef }, deps)
  }
  const { secretRef } = credentials
  const dsn = await secretOf(target, secretRef, deps)
  const shown = `the address in "${secretRef}"`
  const place = readDsn(target, secretRef, dsn)
  return withTls(target, { ...place, shown, secrets: [dsn, place.password], secretRef }, deps)
}

/** Only the address itself is taken from a DSN: how the connection is kept from others stands in the configuration. */
function readDsn(target: PostgresTarget, secretRef: string, dsn: string) {
  const refuse = (problem: string) =>
    targetErrors.config({
      target: target.name,
      problem: `the secret "${secretRef}" ${problem}`,
      remedy: 'write postgres://user:password@host:port/database into it, on one line',
    })
  if (!/^postgres(?:ql)?:\/\//.test(dsn) || !URL.canParse(dsn)) throw refuse('is not the address of a database')
  const { hostname, port, pathname, username, password, search } = new URL(dsn)
  if (search !== '') throw refuse('holds parameters; set tls and time-outs in the configuration')
  if (hostname === '' || username === '' || pathname.length < 2) throw refuse('names no host, user or database')
  try {
    return {
      host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? 5432 : Number(port),
      database: decodeURIComponent(pathname.slice(1)),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
    }
  } catch (error) {
    if (error instanceof URIError) throw refuse('holds a % that encodes nothing; write it as %25')
    throw error
  }
}

async function withTls(target: PostgresTarget, place: Omit<Address, 'ssl'>, deps: DriverDeps): Promise<Address> {
  const { mode, ca, client } = target.tls
  // A Unix socket leaves the machine never, and PostgreSQL speaks no TLS on it.
  if (mode === 'off' || place.host.startsWith('/')) return { ...place, ssl: false }
  const key = client === undefined ? undefined : await secretOf(target, client.secretRef, deps)
  const ssl = {
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca: await pem(target.name, ca) }),
    ...(client === undefined ? {} : { cert: await pem(target.name, client.certificate), key }),
  }
  return { ...place, ssl, secrets: key === undefined ? place.secrets : [...place.secrets, key] }
}
