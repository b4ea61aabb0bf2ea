/** What the stand-in does beside keeping things: GeoServer's reload and reset, GeoWebCache's truncation and seeding, jobs with a key. */
import type { Json } from '../../../src/core/json.ts'

/** What was done so far, in order; a job by the key in its body, else in its header: `reload`, `truncate city:parcels`, `seed city:parcels`, `job <key>`. */
export class StepState {
  readonly done: string[] = []
  /** Asked so often, a task or a job is finished. */
  asksUntilDone = 1
  /** What a finished job says of itself. */
  ending = 'done'
  readonly #asked = new Map<string, number>()

  /** Whether a task that was begun is finished by now; undefined when it was not begun. */
  isFinished(task: string): boolean | undefined {
    if (!this.done.includes(task)) return undefined
    const asked = (this.#asked.get(task) ?? 0) + 1
    this.#asked.set(task, asked)
    return asked >= this.asksUntilDone
  }
}

interface StepCall {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

interface StepReply {
  readonly status: number
  readonly body?: Json
}

const REST = '/geoserver/rest/'
const GWC = '/geoserver/gwc/rest/'

/** Null for what is no step. */
export function stepReply({ method, url, headers, body }: StepCall, state: StepState): StepReply | null {
  const [first = '', second = ''] = url.pathname.replace(REST, '').replace(GWC, '').split('/').map(decodeURIComponent)
  if (url.pathname.startsWith(GWC)) return tiles(method, first, second.replace(/\.json$/, ''), body, state)
  if (first === 'reload' || first === 'reset') {
    state.done.push(first)
    return { status: 200 }
  }
  if (first !== 'jobs') return null
  if (method === 'POST') {
    const key = /^\{"key":"([0-9a-f]+)"\}$/.exec(body)?.[1] ?? String(headers['idempotency-key'])
    if (!state.done.includes(`job ${key}`)) state.done.push(`job ${key}`)
    return { status: 202, body: { id: key } }
  }
  const isFinished = state.isFinished(`job ${second}`)
  return isFinished === undefined
    ? { status: 404 }
    : { status: 200, body: { state: isFinished ? state.ending : 'running' } }
}

function tiles(method: string, first: string, layer: string, body: string, state: StepState): StepReply {
  if (first === 'masstruncate' && method === 'POST') {
    const name = /^<truncateLayer><layerName>([^<>]*)<\/layerName><\/truncateLayer>$/.exec(body)?.[1]
    if (name === undefined) return { status: 400, body: { message: 'no truncateLayer' } }
    state.done.push(`truncate ${name}`)
    return { status: 200 }
  }
  if (first !== 'seed') return { status: 404 }
  if (method === 'POST') {
    state.done.push(`seed ${layer} ${body}`)
    return { status: 200 }
  }
  const begun = state.done.find((one) => one.startsWith(`seed ${layer} `)) ?? ''
  return { status: 200, body: { 'long-array-array': state.isFinished(begun) === false ? [[1, 2, 3, 4, 1]] : [] } }
}
