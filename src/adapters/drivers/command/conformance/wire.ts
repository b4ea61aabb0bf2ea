/** Changes as a program is sent them, and its answers in words. */
import type { Json, JsonObject } from '../../../../core/json.ts'
import type { Resource } from '../../../../core/vocabulary.ts'
import type { Answer } from '../protocol.ts'

export function creation({ key, ...resource }: Resource, memory: JsonObject = {}): Json {
  return { action: 'create', means: null, key, version: null, resource: wireOf({ key, ...resource }, memory) }
}

export function update(resource: Resource, version: string | null): Json {
  return { action: 'update', means: null, key: resource.key, version, resource: wireOf(resource, {}) }
}

export function deletion(key: string, version: string | null): Json {
  return { action: 'delete', means: null, key, version, resource: null }
}

function wireOf({ apiVersion, kind, namespace, name, metadata, spec }: Resource, memory: JsonObject): JsonObject {
  return { apiVersion, kind, namespace, name, metadata, spec, memory }
}

/** Null when it was taken. */
export function landed(answer: Answer<null>): string | null {
  return answer.kind === 'result' ? null : wordsOf(answer)
}

/** Null when it was answered with the error "unsupported". */
export function unsupported(answer: Answer<unknown>): string | null {
  if (answer.kind === 'error') return answer.error.code === 'unsupported' ? null : `the error is "${answer.error.code}"`
  return answer.kind === 'unusable' ? wordsOf(answer) : 'it was answered'
}

/** An answer that is no result, in words. */
export function wordsOf(answer: Exclude<Answer<unknown>, { readonly kind: 'result' }>): string {
  if (answer.kind === 'unusable') return `the answer is unusable: ${answer.problem}`
  const { code, message, failures } = answer.error
  const told = failures.map(({ key, message: words }) => `${key} (${words})`).join('; ')
  return `error "${code}": ${message}${told === '' ? '' : `; ${told}`}`
}
