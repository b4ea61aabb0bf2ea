/** The baseline of the pages: a server of node:http alone, with one static page of as many cards, and events of as many bytes. */
import { createServer, type ServerResponse } from 'node:http'
import { setInterval as every } from 'node:timers'
import type { Reply, Wish } from './process.ts'

/** As often as the controller tells pages, at the most. */
const TELL_MS = 100
/** Bytes that the controller sends for an event: the view of the environment, and the event. */
const VIEW_BYTES = 1_000
const [count = '200'] = process.argv.slice(2)
const cards = Array.from({ length: Number(count) }, (_, at) => `<li class="card"><h2>city-${at}</h2><p>Synced</p></li>`)
const page = `<!doctype html><title>plain</title><ul class="cards">${cards.join('')}</ul><button aria-pressed="false">Synced</button><script type="module">document.querySelector('button').onclick = ({ target }) => target.setAttribute('aria-pressed', 'true')</script>`

const readers = new Set<ServerResponse>()
const server = createServer(({ url }, response) => {
  if (url === '/v1/live') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    readers.add(response)
    response.on('close', () => readers.delete(response))
  } else response.writeHead(200, { 'content-type': 'text/html' }).end(page)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

let timer: NodeJS.Timeout | undefined
process.on('message', (wish: Wish) => {
  switch (wish.wish) {
    case 'events': {
      clearInterval(timer)
      const text = `data: ${'x'.repeat((VIEW_BYTES * wish.perSecond * TELL_MS) / 1_000)}\n\n`
      if (wish.perSecond > 0) timer = every(() => readers.forEach((reader) => void reader.write(text)), TELL_MS)
      return answer({ reply: 'done' })
    }
    case 'cpu': {
      const { user, system } = process.cpuUsage()
      return answer({ reply: 'cpu', ms: (user + system) / 1_000, events: 0 })
    }
    case 'end':
      clearInterval(timer)
      server.closeAllConnections()
      server.close(() => process.disconnect())
  }
})
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
answer({ reply: 'ready', url: `http://127.0.0.1:${address.port}` })

function answer(reply: Reply): void {
  process.send?.(reply)
}
