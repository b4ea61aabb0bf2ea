/** Which generation's API answers. */
import type { Exchange, Reply } from './exchange.ts'
import { answerOfA } from './generation-a/routes.ts'
import { answerOfB } from './generation-b/routes.ts'
import { answerOfC } from './generation-c/routes.ts'
import { toRaw } from './raw-json.ts'

const ADMIN = '/api/v1/admin'

/** Computes the answer, doing what the request asks for. Throws Cut where a fault breaks an apply off. */
export function answerFor(exchange: Exchange): Reply {
  const { generation, seen } = exchange
  const url = new URL(seen.path, 'http://stand-in')
  const prefix = generation === 'A' ? '/admin/metadata' : ADMIN
  const form = generation === 'A' ? { form: 'problem' as const } : {}
  if (!url.pathname.startsWith(`${prefix}/`)) return { status: 404, message: 'Not found.', ...form }
  if (!isAllowed(exchange)) return { status: 401, message: 'Authentication required.', ...form }
  const parts = url.pathname
    .slice(prefix.length + 1)
    .split('/')
    .map(decodeURIComponent)
  if (generation === 'A') return answerOfA(exchange, parts, url.searchParams)
  if (parts[0] === 'version') return { status: 200, message: null, data: toRaw({ version: versionOf(generation) }) }
  if (parts[0] === 'capabilities') return { status: 200, message: null, data: capabilities(generation) }
  return generation === 'B' ? answerOfB(exchange, parts, url.searchParams) : answerOfC(exchange, parts)
}

function isAllowed({ options, seen }: Exchange): boolean {
  if (options.apiKey === undefined && options.bearer === undefined) return true
  const { authorization } = seen.headers
  // A bearer token wins when present, right or wrong.
  if (authorization !== undefined) return options.bearer !== undefined && authorization === `Bearer ${options.bearer}`
  return options.apiKey !== undefined && seen.headers['x-api-key'] === options.apiKey
}

function versionOf(generation: 'B' | 'C'): string {
  return generation === 'C' ? '2026.1.0' : '2026.0.3'
}

/** The flags are the same for both generations: they say manifestApply even where it is gone. */
function capabilities(generation: 'B' | 'C') {
  return toRaw({
    compatibility: {
      serverVersion: versionOf(generation),
      releaseChannel: 'stable',
      controlPlaneApi: { major: 1, basePath: ADMIN },
      metadataSchemas: ['honua.io/v1alpha1'],
      features: { manifestApply: true, manifestExport: true },
    },
  })
}
