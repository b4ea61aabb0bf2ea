/**
 * What passes between the controller and a driver program, version 1: one process a call, one JSON object on its standard input, one
 * on its standard output. docs/drivers.md tells it for people who write such programs. Nothing a program says is believed unseen.
 */
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import { makeResource } from '../../../core/resource.ts'
import type { CheckResult, FixedPart } from '../../../core/vocabulary.ts'
import type { Abilities, Acted, Health, Probe, Refusal } from '../../../ports/driver.ts'
import { type Observed, parseTemplates } from '../conceal.ts'

export const PROTOCOL = 'honua-driver/1'

export type Method = 'probe' | 'observe' | 'dryRun' | 'apply' | 'act' | 'health'

/** Failures a program may name, and what it means by each. */
export const ERROR_CODES = ['refused', 'stale', 'busy', 'unauthorised', 'unreachable', 'unsupported'] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

export interface ProgramError {
  readonly code: ErrorCode
  readonly message: string
  /** Resources that did not land, with reasons; of `stale`, those that moved. */
  readonly failures: readonly Refusal[]
}

/** An answer, or what is wrong with what came. */
export type Answer<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'error'; readonly error: ProgramError }
  | { readonly kind: 'unusable'; readonly problem: string }

/** The text of a request. */
export function requestText(method: Method, about: JsonObject, params: JsonObject): string {
  return `${JSON.stringify({ protocol: PROTOCOL, method, ...about, params })}\n`
}

/** Reads an answer; `read` makes the result of it, or says what is wrong with it. */
export function readAnswer<Result>(text: string, read: (result: JsonObject) => Result | string): Answer<Result> {
  const value = parsed(text)
  if (!isJsonObject(value)) return unusable('not one JSON object')
  const { protocol, result, error } = value
  if (protocol !== PROTOCOL) return unusable(`not of protocol ${PROTOCOL}`)
  if (isJsonObject(error)) {
    const known = errorOf(error)
    return known === null ? unusable('an error without a known code') : { kind: 'error', error: known }
  }
  if (!isJsonObject(result)) return unusable('neither result nor error')
  const made = read(result)
  return typeof made === 'string' ? unusable(made) : { kind: 'result', result: made }
}

function unusable(problem: string): { readonly kind: 'unusable'; readonly problem: string } {
  return { kind: 'unusable', problem }
}

export function readProbe({ description, abilities }: JsonObject): Probe | string {
  if (typeof description !== 'string' || !isJsonObject(abilities)) return 'a probe needs description and abilities'
  const { delete: removal, fixed = [], actions = [], conditionalWrite, transactional, dryRun, exclusive } = abilities
  if (removal !== 'delete' && removal !== 'disable' && removal !== 'none')
    return 'abilities.delete is "delete", "disable" or "none"'
  if (!Array.isArray(fixed)) return 'abilities.fixed is a list'
  const parts = fixed.map(fixedPart)
  if (parts.some((part) => part === null)) return 'abilities.fixed names kind, pointer, then and why'
  const steps = textsOf(actions)
  if (steps === null) return 'abilities.actions is a list of names of steps'
  const told: Abilities = {
    delete: removal,
    fixed: parts.filter((part) => part !== null),
    conditionalWrite: conditionalWrite === true,
    transactional: transactional === true,
    dryRun: dryRun === true,
    exclusive: exclusive === true,
    actions: steps,
  }
  return { description, abilities: told }
}

function fixedPart(value: Json): FixedPart | null {
  if (!isJsonObject(value)) return null
  const { kind, pointer, then, why } = value
  const isWhole = typeof kind === 'string' && typeof pointer === 'string' && typeof why === 'string'
  return isWhole && (then === 'recreate' || then === 'refuse') ? { kind, pointer, then, why } : null
}

/** All or nothing: an observation with one unreadable resource must not look like a target that holds less. */
export function readObserved({ resources }: JsonObject): readonly Observed[] | string {
  if (!Array.isArray(resources)) return 'no list of resources'
  const observed = resources.map(observedOf)
  if (observed.some((one) => one === null)) return 'a resource without kind, name or spec'
  const whole = observed.filter((one) => one !== null)
  const keys = new Set(whole.map(({ live }) => live.key))
  return keys.size === whole.length ? whole : 'a resource that is told twice'
}

function observedOf(value: Json): Observed | null {
  if (!isJsonObject(value)) return null
  const { apiVersion, kind, namespace, name, metadata = {}, spec, version = null, memory } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return null
  if (typeof namespace !== 'string' || !isJsonObject(metadata) || !isJsonObject(spec)) return null
  if (version !== null && typeof version !== 'string') return null
  const live = { ...makeResource({ apiVersion, kind, namespace, name, metadata, spec }), version }
  return { live, templates: parseTemplates(memory) }
}

export function readRefusals({ refusals }: JsonObject): readonly Refusal[] | string {
  return failuresOf(refusals) ?? 'refusals is a list of key and message'
}

export function readHealth({ healthy, message }: JsonObject): Health | string {
  if (typeof healthy !== 'boolean') return 'healthy is true or false'
  if (healthy) return { healthy }
  return { healthy, message: typeof message === 'string' ? message : 'it says no more' }
}

/** What follows an apply is seen by looking, so nothing of the result is read. */
export function readApplied(_: JsonObject): null {
  return null
}

/** More results of checks are left out, so that no program fills the record. */
const CHECKS_MAX = 1_000

export function readActed({ message, checks }: JsonObject): Acted | string {
  if (typeof message !== 'string') return 'a step that was done has a message'
  if (checks === undefined) return { message }
  if (!Array.isArray(checks)) return 'checks is a list'
  const results = checks.slice(0, CHECKS_MAX).map(checkOf)
  const whole = results.filter((result) => result !== null)
  return whole.length === results.length ? { message, checks: whole } : 'a check has name, ok, message and ms'
}

function checkOf(value: Json): CheckResult | null {
  if (!isJsonObject(value)) return null
  const { name, ok, message, ms } = value
  const isWhole = typeof name === 'string' && typeof ok === 'boolean' && typeof message === 'string'
  return isWhole && typeof ms === 'number' && ms >= 0 ? { name, ok, message, ms } : null
}

function textsOf(value: Json): readonly string[] | null {
  if (!Array.isArray(value)) return null
  const texts = value.filter((item: Json) => typeof item === 'string')
  return texts.length === value.length ? texts : null
}

function errorOf({ code, message, failures }: JsonObject): ProgramError | null {
  const known = ERROR_CODES.find((one) => one === code)
  if (known === undefined) return null
  const words = typeof message === 'string' && message !== '' ? message : 'it gives no reason'
  return { code: known, message: words, failures: failuresOf(failures) ?? [] }
}

function failuresOf(value: Json | undefined): readonly Refusal[] | null {
  if (!Array.isArray(value)) return null
  const failures = value.map((item: Json) => {
    if (!isJsonObject(item)) return null
    const { key, message } = item
    return typeof key === 'string' ? { key, message: typeof message === 'string' ? message : 'no reason given' } : null
  })
  return failures.some((failure) => failure === null) ? null : failures.filter((failure) => failure !== null)
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
