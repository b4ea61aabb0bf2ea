import { targetErrors } from '../../../../core/errors/target.ts'
import type { Json } from '../../../../core/json.ts'
import { isJsonObject } from '../../../../core/json.ts'
import { resourceKey } from '../../../../core/resource.ts'
import type { Resource } from '../../../../core/vocabulary.ts'
import type { Refusal } from '../../../../ports/driver.ts'
import { scrub } from '../../scrub.ts'

/** The server's only skip that is not a failure. */
const NOTHING_TO_DO = 'No changes.'
const ACTIONS = new Set(['create', 'update', 'delete', 'skip'])

/**
 * Reads the entries of an apply: a skip with any message but `No changes.` is a failure that the server reports as success, and
 * so is a resource without an entry. Throws HONUA_TARGET_ANSWER when there are no entries.
 */
export function readEntries(
  target: string,
  data: Json,
  sent: readonly Resource[],
  secrets: Iterable<string>,
): { readonly refusals: readonly Refusal[] } {
  const entries = isJsonObject(data) ? data['entries'] : undefined
  if (!Array.isArray(entries))
    throw targetErrors.answer({ target, doing: 'POST /api/v1/admin/manifest/apply', problem: 'no entries' })
  const list: readonly Json[] = entries
  const told = new Map(list.map((entry) => [keyOf(entry), entry]))
  return {
    refusals: sent.flatMap(({ key }) => {
      const problem = problemOf(told.get(key))
      return problem === null ? [] : [{ key, message: scrub(problem, secrets) }]
    }),
  }
}

function problemOf(entry: Json | undefined): string | null {
  if (!isJsonObject(entry)) return 'the server did not report on it'
  const { action, message } = entry
  if (typeof action !== 'string' || !ACTIONS.has(action)) return 'the server reports an unknown action'
  if (action !== 'skip' || message === NOTHING_TO_DO) return null
  return typeof message === 'string' && message !== '' ? message : 'skipped without a reason'
}

function keyOf(entry: Json): string {
  const resource = isJsonObject(entry) ? entry['resource'] : undefined
  if (!isJsonObject(resource)) return ''
  const { kind, namespace, name } = resource
  return resourceKey(String(kind), String(namespace), String(name))
}
