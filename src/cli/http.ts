import { type IncomingMessage, request } from 'node:http'
import { cliErrors } from '../core/errors/cli.ts'

/** An answer is read up to this many bytes; plans and bundles of large environments fit well. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024

export interface Sent {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: object
  readonly signal?: AbortSignal
}

/** Sends one request over the socket; resolves when the answer begins. Throws HONUA_CONTROLLER_UNREACHABLE or HONUA_SOCKET_DENIED. */
export function send(socketPath: string, sent: Sent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = sent.body === undefined ? undefined : JSON.stringify(sent.body)
    const call = request({
      socketPath,
      method: sent.method,
      path: sent.path,
      agent: false,
      ...(sent.signal === undefined ? {} : { signal: sent.signal }),
      headers: {
        host: 'localhost',
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...sent.headers,
      },
    })
    call.once('response', resolve)
    call.once('error', (error) => reject(sent.signal?.aborted ? error : connectionError(socketPath, error)))
    call.end(text)
  })
}

/** The whole answer as text. Throws HONUA_ANSWER_BROKEN when it ends early. */
export async function wholeText(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of answer) {
      parts.push(part)
      bytes += part.length
      if (bytes > ANSWER_BYTES_MAX)
        throw cliErrors.answerBroken({ reason: `it is longer than ${ANSWER_BYTES_MAX} bytes` })
    }
  } catch (error) {
    throw brokenOff(error)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** The answer line by line, as it arrives. */
export async function* textLines(answer: IncomingMessage): AsyncIterable<string> {
  answer.setEncoding('utf8')
  let rest = ''
  try {
    for await (const part of answer) {
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    throw brokenOff(error)
  }
  if (rest !== '') yield rest
}

function connectionError(socket: string, error: Error): Error {
  const code = 'code' in error ? error.code : undefined
  if (code === 'EACCES' || code === 'EPERM') return cliErrors.socketDenied({ socket })
  if (code === 'ENOENT') return cliErrors.unreachable({ socket, reason: 'there is no such socket' })
  if (code === 'ECONNREFUSED') return cliErrors.unreachable({ socket, reason: 'the controller does not run' })
  return cliErrors.unreachable({ socket, reason: error.message })
}

function brokenOff(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ECONNRESET' ? cliErrors.answerBroken({ reason: 'it broke off' }) : error
}
