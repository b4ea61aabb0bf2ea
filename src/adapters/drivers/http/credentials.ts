/** Who calls, as headers and as a client certificate. Read anew for every call: a rotated secret is used at once and none is kept. */
import { targetErrors } from '../../../core/errors/target.ts'
import { pem, secretOf } from '../credential-files.ts'
import type { TlsIdentity } from '../http-client.ts'
import type { DriverDeps } from '../settings.ts'
import type { HttpTarget } from './settings.ts'

export interface Caller {
  readonly headers: Readonly<Record<string, string>>
  /** Undefined: the machine's own trust, no client certificate. */
  readonly tls: TlsIdentity | undefined
  /** What must not come back in an error. */
  readonly secrets: readonly string[]
}

/** Throws HONUA_TARGET_SECRET_MISSING, or HONUA_TARGET_CONFIG for what cannot stand in a header or cannot be read. */
export async function callerOf(target: HttpTarget, deps: DriverDeps): Promise<Caller> {
  const { headers, secrets } = await headersOf(target, deps)
  const tls = await tlsOf(target, deps)
  return { headers, tls, secrets: tls?.key === undefined ? secrets : [...secrets, tls.key] }
}

/** Whom to trust, without telling who calls. */
export async function trustOf({ name, tls }: Pick<HttpTarget, 'name' | 'tls'>): Promise<TlsIdentity | undefined> {
  return tls?.ca === undefined ? undefined : { ca: await pem(name, tls.ca) }
}

async function headersOf(target: HttpTarget, deps: DriverDeps): Promise<Pick<Caller, 'headers' | 'secrets'>> {
  const { credentials } = target
  if (credentials.type === 'none') return { headers: {}, secrets: [] }
  const secret = await secretOf(target, credentials.secretRef, deps)
  if (credentials.type === 'basic') {
    const text = Buffer.from(`${credentials.username}:${secret}`, 'utf8').toString('base64')
    return { headers: { authorization: `Basic ${text}` }, secrets: [secret, text] }
  }
  // A header with such characters makes fetch throw an error that repeats the value.
  if (/[^\u0021-\u007e]/.test(secret))
    throw targetErrors.config({
      target: target.name,
      problem: `the secret "${credentials.secretRef}" holds characters that cannot stand in a header`,
      remedy: 'write the key alone into the secret, on one line',
    })
  const headers =
    credentials.type === 'bearer' ? { authorization: `Bearer ${secret}` } : { [credentials.header]: secret }
  return { headers, secrets: [secret] }
}

async function tlsOf({ name, tls }: HttpTarget, deps: DriverDeps): Promise<TlsIdentity | undefined> {
  if (tls === undefined) return undefined
  const ca = tls.ca === undefined ? undefined : await pem(name, tls.ca)
  if (tls.client === undefined) return { ...(ca === undefined ? {} : { ca }) }
  const cert = await pem(name, tls.client.certificate)
  const key = await secretOf({ name }, tls.client.secretRef, deps)
  return { ...(ca === undefined ? {} : { ca }), cert, key }
}
