import { apiErrors } from '../core/errors/api.ts'

type Query = { readonly [key: string]: unknown }

/** A count from the query string, `usual` where it is absent. Throws HONUA_API_BODY_INVALID. */
export function countIn(query: Query, key: string, bounds: { readonly usual: number; readonly most: number }): number {
  return wholeIn(query, key, { least: 1, most: bounds.most }) ?? bounds.usual
}

/** A whole number from the query string; undefined where it is absent. Throws HONUA_API_BODY_INVALID. */
export function wholeIn(
  query: Query,
  key: string,
  bounds: { readonly least: number; readonly most: number } = { least: 0, most: Number.MAX_SAFE_INTEGER },
): number | undefined {
  const text = query[key]
  if (text === undefined) return undefined
  const value = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= bounds.least && value <= bounds.most) return value
  throw apiErrors.bodyInvalid({ reason: `${key}: expected a whole number from ${bounds.least} to ${bounds.most}` })
}

/** A word from the query string; null where it is absent. */
export function wordIn(query: Query, key: string): string | null {
  const text = query[key]
  if (text === undefined) return null
  if (typeof text === 'string' && text.length <= 256) return text
  throw apiErrors.bodyInvalid({ reason: `${key}: expected one value` })
}
