import { type CheckSite, checkBase, type Visitor } from '../checks/index.ts'
import type { DriverDeps } from '../settings.ts'
import type { HttpApi } from './api.ts'
import { callerOf, trustOf } from './credentials.ts'
import type { HttpTarget } from './settings.ts'

/** Where the checking steps of a target look; null where its configuration has none. */
export function siteOf(target: HttpTarget, base: URL, api: HttpApi, deps: DriverDeps): CheckSite | null {
  const { checks, name } = target
  if (checks === undefined) return null
  const own = checkBase(name, checks, base)
  const visitor = async (): Promise<Visitor> =>
    checks.signIn ? callerOf(target, deps) : { headers: {}, tls: await trustOf(target), secrets: [] }
  return {
    target: name,
    base: own,
    certificates: checks.certificates,
    visitor,
    // Another host has another clock.
    writtenDate: () => (own.host === base.host ? api.writtenDate : null),
    clock: deps.clock,
  }
}
