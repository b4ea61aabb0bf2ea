import { useCallback, useEffect, useMemo, useState } from 'react'
import { after } from '../browser/clock.ts'
import { pauseMs, type Speed } from './pace.ts'
import { type Recording, type Sight, sightAt } from './recording.ts'

export interface Player {
  readonly sight: Sight
  /** The last place. */
  readonly last: number
  readonly isPlaying: boolean
  readonly speed: Speed
  /** Goes to a place and stops. */
  go(place: number): void
  play(): void
  stop(): void
  setSpeed(speed: Speed): void
}

/** Where in a recording one is. */
export function usePlayer(recording: Recording, start: number): Player {
  const last = recording.moments.length
  const [at, setAt] = useState(start)
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<Speed>(10)
  const sight = useMemo(() => sightAt(recording, at), [recording, at])
  useEffect(() => {
    if (!isPlaying) return undefined
    const next = recording.moments[sight.at]
    if (next === undefined) return setPlaying(false)
    const gapMs = sight.step === null ? 0 : next.step.at - sight.step.at
    return after(pauseMs(gapMs, speed), () => setAt(sight.at + 1))
  }, [isPlaying, recording, sight.at, sight.step, speed])
  const go = useCallback(
    (place: number) => {
      setPlaying(false)
      setAt(Math.min(Math.max(0, place), last))
    },
    [last],
  )
  useStepKeys(sight.at, last, go)
  return {
    sight,
    last,
    isPlaying,
    speed,
    go,
    play: () => {
      if (sight.at === last) setAt(0)
      setPlaying(true)
    },
    stop: () => setPlaying(false),
    setSpeed,
  }
}

/** Left, Right, Home and End step, wherever they mean nothing else. */
function useStepKeys(at: number, last: number, go: (place: number) => void): void {
  useEffect(() => {
    const step = (event: KeyboardEvent) => {
      const places: { readonly [key: string]: number } = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }
      const place = places[event.key]
      if (place === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      if (event.defaultPrevented || hasUseForKeys(event.target)) return
      event.preventDefault()
      go(place)
    }
    addEventListener('keydown', step)
    return () => removeEventListener('keydown', step)
  }, [at, last, go])
}

function hasUseForKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, .scrolls, .chart-view') !== null
}
