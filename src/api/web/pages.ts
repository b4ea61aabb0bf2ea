/** The built pages: read once, served from memory. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { apiErrors } from '../../core/errors/api.ts'
import { webErrors } from '../../core/errors/web.ts'

const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
/** The name of an asset holds the hash of its content: another content has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable'

interface Page {
  readonly type: string
  readonly plain: Buffer
  readonly packed: Buffer
}

/** Reads the folder that the build made. Throws HONUA_WEB_NOT_BUILT. */
export async function readPages(folder: string): Promise<ReadonlyMap<string, Page>> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw webErrors.notBuilt({ folder })
    throw error
  })
  const pages = new Map<string, Page>()
  for (const name of names) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const plain = await readFile(join(folder, name))
    pages.set(`/${name}`, { type, plain, packed: gzipSync(plain) })
  }
  if (!pages.has('/index.html')) throw webErrors.notBuilt({ folder })
  return pages
}

/**
 * Serves the pages below `at`. Every path that is neither the API nor a file is a place inside the application, which knows its way
 * itself.
 */
export function addPages(app: FastifyInstance, pages: ReadonlyMap<string, Page>, at = ''): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = request.url.split('?', 1)[0] ?? '/'
    const path = asked.slice(at.length)
    const isAsset = path.startsWith('/assets/')
    const page = pages.get(path) ?? (isAsset || path.startsWith('/v1/') ? undefined : pages.get('/index.html'))
    if (page === undefined) throw apiErrors.routeUnknown({ method: request.method, path: asked.slice(0, 200) })
    if (isAsset) reply.header('cache-control', FOR_EVER)
    return send(page, request, reply)
  }
  if (at !== '') app.get(at, answer)
  app.get(`${at}/*`, answer)
}

function send({ type, plain, packed }: Page, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.type(type).header('vary', 'accept-encoding')
  const takesGzip = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
  return takesGzip ? reply.header('content-encoding', 'gzip').send(packed) : reply.send(plain)
}
