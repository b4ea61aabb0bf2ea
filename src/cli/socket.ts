import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Io } from './io.ts'

/** Where a controller listens when nobody says: in the working folder, then where a service does. */
const USUAL = ['data/honua.sock', '/var/lib/honua/honua.sock']

/** The socket to use: named by --socket, by HONUA_SOCKET, else the first usual one that is there. */
export function socketPath(named: string | undefined, io: Io): string {
  const given = named ?? io.env['HONUA_SOCKET']
  if (given !== undefined && given !== '') return resolve(io.cwd, given)
  const usual = USUAL.map((path) => resolve(io.cwd, path))
  return usual.find((path) => isOurs(path, io)) ?? usual[0] ?? ''
}

/**
 * A socket in the working folder could be anybody's, and would be told our token: it is taken unasked only when it is ours or root's.
 * Below /var/lib only a service can put one.
 */
function isOurs(path: string, io: Io): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined || !found.isSocket()) return false
  return found.uid === io.uid || found.uid === 0 || path === USUAL[1]
}
