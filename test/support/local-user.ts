import { userInfo } from 'node:os'

/** Login name of who runs the tests; null for a bare number, as containers are often run with. */
export function localLogin(): string | null {
  try {
    return userInfo().username
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}

/** The same as the controller tells it. */
export function localUser(): string {
  return localLogin() ?? `uid:${process.getuid?.()}`
}
