import type { JsonObject } from '../../core/json.ts'

const ENVIRONMENT = 'environment/'

/** What the chart of a stream is begun with. */
export function inputOf(stream: string): JsonObject {
  return stream.startsWith(ENVIRONMENT) ? { name: stream.slice(ENVIRONMENT.length) } : {}
}
