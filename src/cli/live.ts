import type { IncomingMessage } from 'node:http'
import type { EventView } from '../api/contract.ts'
import { textLines } from './http.ts'

/** One thing told live. `lost`: something was missed, so look afresh. `alive`: a sign of life, nothing more. */
export type LiveEvent =
  | { readonly kind: 'committed'; readonly id: string; readonly event: EventView }
  | { readonly kind: 'lost'; readonly count: number | null }
  | { readonly kind: 'alive' }

/** Server-sent events from an answer, until it ends or the signal aborts. */
export async function* liveEvents(answer: IncomingMessage, signal: AbortSignal): AsyncIterable<LiveEvent> {
  let fields: { id?: string; event?: string; data?: string } = {}
  try {
    for await (const line of textLines(answer)) {
      if (line.startsWith(':')) yield { kind: 'alive' }
      else if (line === '') {
        const event = toEvent(fields)
        if (event !== null) yield event
        fields = {}
      } else {
        const at = line.indexOf(': ')
        const [name, value] = [line.slice(0, at), line.slice(at + 2)]
        if (name === 'id' || name === 'event' || name === 'data') fields[name] = value
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function toEvent({
  id,
  event,
  data,
}: {
  readonly id?: string
  readonly event?: string
  readonly data?: string
}): LiveEvent | null {
  if (event === 'reset') return { kind: 'lost', count: null }
  if (data === undefined) return null
  if (event === 'dropped') return { kind: 'lost', count: Number(JSON.parse(data).count) }
  return event === 'committed' ? { kind: 'committed', id: id ?? '', event: JSON.parse(data) } : null
}
