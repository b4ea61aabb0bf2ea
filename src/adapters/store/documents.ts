import { documentHash } from '../../core/chain.ts'
import { storeErrors } from '../../core/errors/store.ts'
import type { Json } from '../../core/json.ts'
import { parsedJson } from './parse.ts'

/** A document as it is stored: a line with its hash, then its JSON text. */
export function documentText(collection: string, id: string, value: Json): string {
  const text = JSON.stringify(value)
  return `${documentHash(collection, id, text)}\n${text}`
}

/** Reads back what `documentText` wrote. Throws HONUA_STORE_CORRUPT naming the document when it is not that. */
export function parsedDocument(collection: string, id: string, stored: string): Json {
  const place = { in: 'document', collection, id } as const
  const end = stored.indexOf('\n')
  const text = stored.slice(end + 1)
  if (stored.slice(0, end) !== documentHash(collection, id, text))
    throw storeErrors.corrupt({ place, problem: 'it was changed after it was written' })
  return parsedJson(text, place)
}
