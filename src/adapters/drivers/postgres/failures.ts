import pg from 'pg'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { runtimeErrors } from '../../../core/errors/runtime.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import { LinkLocalName } from '../address.ts'
import { scrub } from '../scrub.ts'
import type { Address } from './address.ts'
import { wordsOf } from './words.ts'

/** What was asked of which database when it failed. */
export interface Asked {
  readonly target: string
  readonly address: Pick<Address, 'shown' | 'secrets' | 'secretRef'>
  /** For people: `applying 001_parcels`. */
  readonly doing: string
  readonly statementTimeoutMs: number
}

/** Certificates that Node does not accept, by its codes. */
const DISTRUST = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT)/

/**
 * What went wrong, by the SQLSTATE that the server gave (PostgreSQL manual, appendix A) or by how the connection failed. Values
 * of rows are in none of it.
 */
export function failureOf(error: unknown, asked: Asked): HonuaError {
  if (error instanceof HonuaError) return error
  if (error instanceof pg.DatabaseError && /^[0-9A-Z]{5}$/.test(error.code ?? '')) return byState(error, asked)
  const { target, address, doing } = asked
  // Neither the name nor where it leads: both may be of a secret.
  if (error instanceof LinkLocalName)
    return targetErrors.config({
      target,
      problem: `${address.shown} leads to a link-local address`,
      remedy: 'name the server’s own host; if the name is right, find out who answers for it',
    })
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : 'unknown failure'
  if (DISTRUST.test(code) || message.includes('does not support SSL'))
    return targetErrors.config({
      target,
      problem: `the connection to ${address.shown} cannot be kept from others: ${code || 'the server speaks no TLS'}`,
      remedy: 'name the authority of its certificate in tls.ca, or the name that the certificate is for in host',
    })
  if (/^E[A-Z_]+$/.test(code)) return targetErrors.unreachable({ target, host: address.shown, reason: code })
  if (/terminated|timeout|ended|closed/i.test(message))
    return targetErrors.unreachable({ target, host: address.shown, reason: 'the connection broke' })
  return targetErrors.answer({ target, doing, problem: scrub(message, address.secrets) })
}

function byState(error: pg.DatabaseError, asked: Asked): HonuaError {
  const { target, address, doing, statementTimeoutMs } = asked
  const { code: state = '' } = error
  const reason = wordsOf(error, { secrets: address.secrets, inGit: '' })
  if (state.startsWith('28')) return targetErrors.auth({ target, status: state, doing, secretRef: address.secretRef })
  if (state === '3D000')
    return targetErrors.config({ target, problem: reason, remedy: 'create the database, or correct its name' })
  if (/^(?:08|57P|58)/.test(state)) return targetErrors.unreachable({ target, host: address.shown, reason })
  if (/^(?:53|55P03|40001|40P01|55006)/.test(state))
    return targetErrors.busy({ target, status: state, doing, message: reason })
  if (state === '57014') return runtimeErrors.timeout({ what: `${doing} on "${target}"`, ms: statementTimeoutMs })
  if (state === '42501')
    return targetErrors.refused({ target, reason, remedy: 'grant the role what it needs, or sign in as another' })
  if (state === '25006')
    return targetErrors.refused({ target, reason, remedy: 'let the target name the primary server, not a standby' })
  return targetErrors.refused({ target, reason })
}
