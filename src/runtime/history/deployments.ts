import type { HistorySettings } from '../../core/config/index.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import type { Instant } from '../../core/vocabulary.ts'
import type { Store } from '../../ports/store.ts'
import { DEPLOYMENTS } from '../records.ts'

/** What of a record decides whether it stays. */
interface Record {
  readonly id: string
  readonly environment: string
  readonly startedAt: Instant
  readonly isOpen: boolean
  readonly isRelease: boolean
}

/**
 * Ids of deployment records that may go: per environment all but the newest `deployments`, the newest `releases` that were completed
 * (what one can go back to), and those that are still open.
 */
export async function oldDeployments(
  store: Store,
  limits: Pick<HistorySettings, 'deployments' | 'releases'>,
): Promise<readonly string[]> {
  const byEnvironment = new Map<string, Record[]>()
  for await (const { id, value } of store.documents(DEPLOYMENTS)) {
    const record = recordOf(id, value)
    const records = byEnvironment.get(record.environment) ?? []
    records.push(record)
    byEnvironment.set(record.environment, records)
  }
  return [...byEnvironment.values()].flatMap((records) => {
    const newestFirst = records.sort((one, other) => other.startedAt - one.startedAt || (one.id < other.id ? 1 : -1))
    const releases = new Set(newestFirst.filter(({ isRelease }) => isRelease).slice(0, limits.releases))
    return newestFirst
      .slice(limits.deployments)
      .filter((record) => !record.isOpen && !releases.has(record))
      .map(({ id }) => id)
  })
}

function recordOf(id: string, value: Json): Record {
  const { environment, startedAt, completedAt, state } = isJsonObject(value) ? value : {}
  return {
    id,
    environment: String(environment),
    startedAt: Number(startedAt),
    isOpen: typeof completedAt !== 'number',
    isRelease: state === 'Completed',
  }
}
