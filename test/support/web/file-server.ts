import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const BUILT = new URL('../../../dist/web', import.meta.url).pathname
const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Any server of files, with the built pages in a folder of it and nothing else. `asked` are the paths that were asked for. */
export async function serveFiles(): Promise<{
  readonly url: string
  readonly asked: readonly string[]
  close(): Promise<void>
}> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://files').pathname
    asked.push(path)
    if (!path.startsWith('/shared/honua/')) return response.writeHead(404).end()
    readFile(join(BUILT, path.slice('/shared/honua/'.length))).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/shared/honua/replay.html`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
