/**
 * Names of files. A file name is bytes, not text, so inside this driver a relative path is a *byte path*: one character a byte
 * (latin1), parts joined by `/`. That way a name that is no UTF-8 can still be shown, copied and removed.
 */
import type { Resource } from '../../../core/vocabulary.ts'

/** Kind, namespace and apiVersion under which something appears that is no resource of ours. */
export const FOREIGN = { apiVersion: 'gitops.honua.io/v1', kind: 'File', namespace: '-' } as const

/** Most file systems allow 255 bytes a name; this leaves room for the marks of half-written files. */
const NAME_BYTES_MAX = 230

/** Where a resource's file stands below a release folder, or the reason why it cannot stand anywhere. */
export function filePathOf(
  resource: Pick<Resource, 'kind' | 'namespace' | 'name'>,
): { path: string } | { refused: string } {
  if (resource.kind === FOREIGN.kind && resource.namespace === FOREIGN.namespace)
    return { refused: `kind ${FOREIGN.kind} in namespace "${FOREIGN.namespace}" is how files of others are shown` }
  const parts = [resource.kind, resource.namespace, `${resource.name}.yaml`]
  const bad = parts.find((part) => !isSafeName(part))
  if (bad !== undefined) return { refused: `${JSON.stringify(bad)} cannot be a file name` }
  return { path: Buffer.from(parts.join('/'), 'utf8').toString('latin1') }
}

/** One part of a path that stays where it is put: no separator, no control character, not hidden, not too long. */
function isSafeName(part: string): boolean {
  return (
    !part.startsWith('.') &&
    !/[/\\\u0000-\u001f\u007f]/.test(part) &&
    !/\p{Surrogate}/u.test(part) &&
    part !== '' &&
    Buffer.byteLength(part, 'utf8') <= NAME_BYTES_MAX
  )
}

/** A byte path as a resource name: bytes other than letters, digits, `.`, `_` and `-` as `%XX`. */
export function foreignName(path: string): string {
  return path.replace(
    /[^A-Za-z0-9._-]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** What the file system is given: text where that says the same, bytes elsewhere. */
export function onDisk(folder: string, path: string): string | Buffer {
  if (!/[^\u0000-\u007f]/.test(path)) return `${folder}/${path}`
  return Buffer.concat([Buffer.from(`${folder}/`, 'utf8'), Buffer.from(path, 'latin1')])
}

/** The folders above a byte path, outermost first: `a`, `a/b` for `a/b/c.yaml`. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
