/** Requests to the controller. */
import type { ErrorView } from '../../api/contract.ts'

/** Why the controller said no, or that it could not be reached. */
export class CallError extends Error {
  readonly view: ErrorView
  constructor(view: ErrorView) {
    super(view.message)
    this.view = view
  }
}

const UNREACHABLE: ErrorView = {
  why: 'unavailable',
  code: 'UNREACHABLE',
  message: 'the controller does not answer',
  remedy: 'see that it runs and that this computer reaches it; the page goes on by itself',
}

/** Throws CallError. `View` is what the contract says of the path. */
export async function ask<View>(path: string, signal?: AbortSignal): Promise<View> {
  const response = await reach(path, signal === undefined ? {} : { signal })
  return read<View>(response)
}

/** Lines of JSON. Throws CallError. */
export async function askLines<View>(path: string, signal?: AbortSignal): Promise<readonly View[]> {
  const response = await reach(path, signal === undefined ? {} : { signal })
  if (!response.ok) return read(response)
  const lines = (await response.text()).split('\n').filter((line) => line !== '')
  return lines.map((line): View => JSON.parse(line))
}

/** Gives an order. Throws CallError. */
export async function order<View>(path: string, body: object): Promise<View> {
  return read<View>(
    await reach(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'honua-request': '1' },
      body: JSON.stringify(body),
    }),
  )
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'same-origin' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new CallError(UNREACHABLE)
  }
}

async function read<View>(response: Response): Promise<View> {
  const body: unknown = await response.json()
  if (response.ok) return body as View
  throw new CallError(isErrorView(body) ? body : UNREACHABLE)
}

function isErrorView(body: unknown): body is ErrorView {
  return typeof body === 'object' && body !== null && 'code' in body && 'remedy' in body
}
