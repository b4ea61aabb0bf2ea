import { request } from 'node:http'

export interface Reply {
  /** 0 when nobody answered: no socket, nobody behind it, or an answer that broke off. */
  readonly status: number
  readonly body: unknown
}

/** What a process that is killed looks like from the other side; which of them is a matter of moments. */
const GONE = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])

/**
 * One HTTP request over a Unix socket, on a connection of its own: one that was kept open may lead to a process that was killed
 * since, and writing there is `write EPIPE`, though another process listens at the path by now.
 */
export function askSocket(asked: {
  readonly socketPath: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | undefined
}): Promise<Reply> {
  const { body, headers, ...where } = asked
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const broken = (error: NodeJS.ErrnoException) =>
      GONE.has(error.code ?? '') ? resolve({ status: 0, body: null }) : reject(error)
    const sent = request({
      ...where,
      agent: false,
      headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    })
    sent.on('response', (response) => {
      let answer = ''
      response.on('data', (chunk: Buffer) => (answer += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(answer) }))
      response.on('error', broken)
    })
    sent.on('error', broken)
    sent.end(text)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
