import { createContext, useContext } from 'react'
import type { Actor } from '../../core/vocabulary.ts'

/** Who signed in; null for somebody who only looks. */
export const Who = createContext<Actor | null>(null)

export function useWho(): Actor | null {
  return useContext(Who)
}
