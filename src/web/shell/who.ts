import { createContext, useContext } from 'react'
import type { SessionView } from '../../api/contract.ts'
import { missingFor } from '../../core/rights.ts'

/** Somebody of whom nothing is known. */
export const NOBODY: SessionView = { actor: null, rights: null, mayRead: false }

/** Who looks. */
export const Who = createContext<SessionView>(NOBODY)

/** What is missing for an order, and what to do about it. */
export interface Missing {
  readonly what: string
  readonly remedy: string
}

/** What whoever looks lacks to give orders; null where nothing is missing. */
export function useMissing(): Missing | null {
  const { actor, rights } = useContext(Who)
  const caller = actor === null || rights === null ? null : { actor, rights }
  switch (missingFor('order', caller, 'nothing')) {
    case 'a-name':
      return { what: 'Sign in to give orders', remedy: 'Sign in with a token to give orders.' }
    case 'the-right':
      return {
        what: 'Your token may only read',
        remedy:
          'Your token may only read: to give orders, ask whoever runs the controller for one whose line in operator-tokens does not say “read”.',
      }
    case null:
      return null
  }
}
