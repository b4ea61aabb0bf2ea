/** Lists, page by page, and what each listed item is called. A list that cannot be read whole is an error, never a shorter list. */
import { targetErrors } from '../../../core/errors/target.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { Answer, HttpApi } from './api.ts'
import { at } from './pointers.ts'
import type { HttpKind, Paging } from './settings.ts'
import { type Identity, isDots } from './shape.ts'

/** A list of more pages has no end. */
const PAGES_MAX = 10_000
const DEFAULT_NAMESPACE = 'default'

export interface Listed extends Identity {
  readonly item: JsonObject
}

/** Everything the API lists of a kind, each once. Throws HONUA_TARGET_ANSWER for what is no such list. */
export async function listAll(
  target: string,
  api: HttpApi,
  kind: HttpKind,
  place: { readonly environment: string; readonly namespace: string | null },
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const values = { environment: place.environment, kind: kind.kind, namespace: place.namespace ?? '' }
  const start = api.address(kind.list.path, values)
  const unusable = (problem: string) => targetErrors.answer({ target, doing: `GET ${start.pathname}`, problem })
  const found = new Map<string, Listed>()
  const asked = new Set<string>()
  let url: URL | null = firstPage(start, kind.list.paging)
  while (url !== null) {
    // Credentials are not sent there, and without it the list is not whole.
    if (url.origin !== start.origin) throw unusable(`the next page is on ${url.host}`)
    if (asked.has(url.href)) throw unusable('a page leads back to one before it')
    if (asked.size >= PAGES_MAX) throw unusable(`more than ${PAGES_MAX} pages`)
    asked.add(url.href)
    const answer = await api.read(url, signal)
    const items = itemsOf(kind, answer)
    if (typeof items === 'string') throw unusable(items)
    for (const value of items) {
      const listed = listedOf(kind, value, place.namespace)
      if (listed === null) throw unusable('an item without a usable name')
      const id = `${listed.namespace}/${listed.name}`
      // Something was added or removed between two pages: another one may have been missed.
      if (found.has(id)) throw unusable(`${id} is listed twice`)
      found.set(id, listed)
    }
    url = nextPage(url, start, kind.list.paging, answer, items.length)
  }
  return [...found.values()]
}

/** The items of one answer, or what is wrong with it. */
function itemsOf(kind: HttpKind, { isSuccess, status, data, message }: Answer): readonly Json[] | string {
  // A namespace that is still to be made holds nothing.
  if (status === 404 && kind.list.path.includes('{namespace}')) return []
  if (!isSuccess) return `HTTP ${status}: ${message}`
  const items = at(data, kind.list.items)
  if (Array.isArray(items)) return items
  return isEmpty(kind, data) ? [] : `no list at "${kind.list.items}"`
}

/** GeoServer says `{"styles": ""}` where the list would be at `/styles/style`: what is told may stand on the way too. */
function isEmpty({ list: { items, empty } }: HttpKind, data: Json | undefined): boolean {
  if (empty === undefined) return false
  const segments = items.split('/')
  return segments.some((_, count) => at(data, segments.slice(0, count + 1).join('/')) === empty)
}

function listedOf(kind: HttpKind, value: Json, asked: string | null): Listed | null {
  if (!isJsonObject(value)) return null
  const name = at(value, kind.list.name)
  const namespace = kind.list.namespace === undefined ? (asked ?? DEFAULT_NAMESPACE) : at(value, kind.list.namespace)
  const isNamed = typeof name === 'string' || typeof name === 'number'
  if (!isNamed || typeof namespace !== 'string' || isDots(String(name)) || isDots(namespace)) return null
  return { name: String(name), namespace, item: value }
}

function firstPage(start: URL, paging: Paging | undefined): URL {
  if (paging?.by === 'page') return turned(start, paging, paging.first)
  return paging?.by === 'offset' ? turned(start, paging, 0) : start
}

function turned(url: URL, paging: Extract<Paging, { readonly by: 'page' | 'offset' }>, to: number): URL {
  const next = new URL(url)
  next.searchParams.set(paging.parameter, String(to))
  if (paging.size !== undefined) next.searchParams.set(paging.size.parameter, String(paging.size.items))
  return next
}

function nextPage(url: URL, start: URL, paging: Paging | undefined, answer: Answer, count: number): URL | null {
  switch (paging?.by) {
    case undefined:
      return null
    case 'page':
    case 'offset': {
      // Not "less than a page": an API may give out less than it was asked for.
      if (count === 0) return null
      const now = Number(url.searchParams.get(paging.parameter))
      return turned(url, paging, now + (paging.by === 'page' ? 1 : count))
    }
    case 'cursor': {
      const cursor = at(answer.data, paging.next)
      if (cursor === undefined || cursor === null || cursor === '') return null
      const next = new URL(start)
      next.searchParams.set(paging.parameter, String(cursor))
      return next
    }
    case 'link':
      return linked(answer.headers.get('link'), url)
  }
}

/** The address after `rel="next"`. */
function linked(header: string | null, base: URL): URL | null {
  const link = header?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/i)?.[1]
  if (link === undefined || !URL.canParse(link, base.href)) return null
  return new URL(link, base)
}
