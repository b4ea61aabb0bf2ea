import { useSyncExternalStore } from 'react'
import type { EnvironmentView } from '../../api/contract.ts'
import { LiveStore } from './live.ts'
import type { Live } from './picture.ts'

/** The one picture that all pages show. */
export const live = new LiveStore()

/** A part of the picture; the component is drawn anew only when that part is another object. */
export function useLive<Part>(part: (live: Live) => Part): Part {
  return useSyncExternalStore(live.subscribe, () => part(live.get()))
}

export function useEnvironment(name: string): EnvironmentView | undefined {
  return useLive(({ environments }) => environments.find((one) => one.name === name))
}
