/** What runs in a thread of the pool: it answers each request, in order, and holds nothing between two. */
import { parentPort } from 'node:worker_threads'
import { plainFile, readFile } from '../../core/desired.ts'
import { answerOf, contentsOf, type ParseAnswer, type ParseRequest } from './messages.ts'

const say = (answer: ParseAnswer) => parentPort?.postMessage(answer)

parentPort?.on('message', (request: ParseRequest) => {
  say(answerOf(contentsOf(request).map((content) => plainFile(readFile(content, request.limits)))))
})
say({ ready: true })
