/** The records of deployments, as they are kept. */
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { Deployment } from '../core/vocabulary.ts'
import type { DocumentQuery, Store } from '../ports/store.ts'
import { DEPLOYMENTS } from './records.ts'

export async function* deployments(store: Store, query?: DocumentQuery): AsyncIterable<Deployment> {
  for await (const { value } of store.documents(DEPLOYMENTS, query)) if (isJsonObject(value)) yield asDeployment(value)
}

export async function deploymentOf(store: Store, id: string): Promise<Deployment | undefined> {
  const value = await store.document(DEPLOYMENTS, id)
  return value !== undefined && isJsonObject(value) ? asDeployment(value) : undefined
}

/** Only records.ts writes this collection, and it writes deployments. */
function asDeployment(value: JsonObject): Deployment {
  return value as object as Deployment
}
