import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Clock } from '../ports/clock.ts'

/** How long the system's directory service may take to name a user, in ms. */
const LOOKUP_LIMIT_MS = 5_000
const USER_NAME = /^[A-Za-z0-9_][A-Za-z0-9._@\\-]{0,127}\$?$/

/** User id → login name: /etc/passwd first, then the directory service behind `id` (LDAP, AD), else `uid:<number>`. */
export function userNames(clock: Clock): (uid: number) => Promise<string> {
  return async (uid) => (await fromPasswd(uid)) ?? (await fromDirectory(uid, clock)) ?? `uid:${uid}`
}

async function fromPasswd(uid: number): Promise<string | undefined> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':')
    if (name !== undefined && id === String(uid) && USER_NAME.test(name)) return name
  }
  return undefined
}

async function fromDirectory(uid: number, clock: Clock): Promise<string | undefined> {
  const limit = new AbortController()
  const late = clock.sleep(LOOKUP_LIMIT_MS, limit.signal).then(
    () => limit.abort(),
    () => undefined,
  )
  const options = { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, signal: limit.signal }
  const name = await new Promise<string | undefined>((resolve) => {
    execFile('id', ['-nu', String(uid)], options, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    )
  })
  limit.abort()
  await late
  return name !== undefined && USER_NAME.test(name) && name !== String(uid) ? name : undefined
}
