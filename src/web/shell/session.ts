import { useCallback, useEffect, useState } from 'react'
import type { EnterBody, SessionView } from '../../api/contract.ts'
import { ask, order } from '../browser/call.ts'
import { after } from '../browser/clock.ts'

const AGAIN_MS = 2_000

export interface SessionHandle {
  /** Null while it is asked for. */
  readonly session: SessionView | null
  readonly failure: unknown
  renew(): void
  enter(by: EnterBody): Promise<void>
  leave(): Promise<void>
}

/** Who looks. A controller that cannot be reached is asked again. */
export function useSession(): SessionHandle {
  const [session, setSession] = useState<SessionView | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const renew = useCallback(() => {
    ask<SessionView>('/v1/session').then(
      (view) => {
        setSession((known) => (JSON.stringify(known) === JSON.stringify(view) ? known : view))
        setFailure(null)
      },
      (error: unknown) => setFailure(error),
    )
  }, [])
  useEffect(renew, [renew])
  useEffect(() => (failure === null ? undefined : after(AGAIN_MS, renew)), [failure, renew])
  return {
    session,
    failure,
    renew,
    enter: async (by) => setSession(await order<SessionView>('/v1/session', by)),
    leave: async () => setSession(await order<SessionView>('/v1/session/end', {})),
  }
}
