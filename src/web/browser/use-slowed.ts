import { useEffect, useRef, useState } from 'react'
import { after } from './clock.ts'

/** The value, at most once in `ms`: for questions whose reason to ask again changes faster than answers are worth. */
export function useSlowed<Value>(value: Value, ms: number): Value {
  const [shown, setShown] = useState(value)
  const newest = useRef(value)
  const isWaiting = useRef(false)
  useEffect(() => {
    newest.current = value
    if (value === shown || isWaiting.current) return
    isWaiting.current = true
    after(ms, () => {
      isWaiting.current = false
      setShown(newest.current)
    })
  }, [value, shown, ms])
  return shown
}
