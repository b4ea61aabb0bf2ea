/** Whether nobody has pointed, typed or scrolled for a while: things may move then without slipping from under a finger. */
import { useSyncExternalStore } from 'react'
import { after } from './clock.ts'

const QUIET_MS = 30_000
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'scroll', 'touchmove'] as const
const listeners = new Set<() => void>()
let isUntouched = false
let callOff: () => void = () => undefined

function change(next: boolean): void {
  if (isUntouched === next) return
  isUntouched = next
  for (const listener of listeners) listener()
}

function touched(): void {
  change(false)
  callOff()
  callOff = after(QUIET_MS, () => change(true))
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    for (const sign of SIGNS) addEventListener(sign, touched, { passive: true, capture: true })
    touched()
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    callOff()
    for (const sign of SIGNS) removeEventListener(sign, touched, { capture: true })
  }
}

export function useUntouched(): boolean {
  return useSyncExternalStore(subscribe, () => isUntouched)
}
