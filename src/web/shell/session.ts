import { useCallback, useEffect, useState } from 'react'
import type { EnterBody, SessionView } from '../../api/contract.ts'
import { ask, order } from '../browser/call.ts'
import { after } from '../browser/clock.ts'

const AGAIN_MS = 2_000
const UNASKED = { session: null, isLost: false } as const

export interface SessionHandle {
  /** Null while it is asked for. */
  readonly session: SessionView | null
  /** Whether somebody was signed in here and is no longer, without having asked for it. */
  readonly isLost: boolean
  readonly failure: unknown
  renew(): void
  enter(by: EnterBody): Promise<void>
  leave(): Promise<void>
}

/** Who looks. A controller that cannot be reached is asked again. */
export function useSession(): SessionHandle {
  const [{ session, isLost }, setHeld] = useState<Pick<SessionHandle, 'session' | 'isLost'>>(UNASKED)
  const [failure, setFailure] = useState<unknown>(null)
  const renew = useCallback(() => {
    ask<SessionView>('/v1/session').then(
      (view) => {
        setHeld((known) => {
          if (JSON.stringify(known.session) === JSON.stringify(view)) return known
          return { session: view, isLost: view.actor === null && (known.isLost || known.session?.actor != null) }
        })
        setFailure(null)
      },
      (error: unknown) => setFailure(error),
    )
  }, [])
  useEffect(renew, [renew])
  useEffect(() => (failure === null ? undefined : after(AGAIN_MS, renew)), [failure, renew])
  return {
    session,
    isLost,
    failure,
    renew,
    enter: async (by) => setHeld({ session: await order<SessionView>('/v1/session', by), isLost: false }),
    leave: async () => setHeld({ session: await order<SessionView>('/v1/session/end', {}), isLost: false }),
  }
}
