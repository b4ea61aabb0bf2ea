import { type Exchange, isObject, type Reply } from '../exchange.ts'
import { toRaw } from '../raw-json.ts'
import type { Item } from './state.ts'

export const NOT_FOUND: Reply = { status: 404, message: 'Not found.' }
export const METHOD_NOT_ALLOWED: Reply = { status: 405, message: 'Method not allowed.' }

export function ok(data: unknown, status = 200): Reply {
  return { status, message: null, data: toRaw(data) }
}

export function bare(data: unknown, status = 200): Reply {
  return { status, message: null, data: toRaw(data), form: 'bare' }
}

export function no(status: number, message: string): Reply {
  return { status, message }
}

export function problem(status: number, message: string): Reply {
  return { status, message, form: 'problem' }
}

/** A person must say yes first, where a test wants it so: 403 with a type of its own, and a proposal that can be looked at. */
export function approvalAsked(exchange: Exchange, what: string): Reply | null {
  const { c: state, faults, seen } = exchange
  if (faults.all('approval').length === 0) return null
  const proposalId = `proposal-${state.proposals.length + 1}`
  state.proposals.push({ proposalId, status: 'Pending', operation: what, path: seen.path })
  return {
    status: 403,
    message: `${what} requires approval.`,
    form: 'problem',
    type: 'urn:honua:approval-required',
    data: toRaw({ proposalId }),
  }
}

export function pick(item: Item, fields: readonly string[]): Item {
  return Object.fromEntries(fields.map((field) => [field, item[field] ?? null]))
}

/** Only what is given and not null: null leaves things as they are. */
export function given(item: Item, fields: readonly string[]): Item {
  return Object.fromEntries(
    fields.flatMap((field) => (item[field] === undefined || item[field] === null ? [] : [[field, item[field]]])),
  )
}

export function objectIn(item: Item, field: string): Item {
  const value = item[field]
  return isObject(value) ? value : {}
}
