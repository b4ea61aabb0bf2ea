import { useSyncExternalStore } from 'react'
import type { Instant } from '../../core/vocabulary.ts'
import { ticking } from '../browser/clock.ts'
import { dateTime, relative, timeOfDay, utc } from './words.ts'

/** A moment as its distance from now; the viewer's time and UTC on hover. */
export function Ago({ at }: { readonly at: Instant }) {
  // The words and not the time: of a thousand moments on a page, few are told otherwise a second later.
  const words = useSyncExternalStore(ticking.subscribe, () => relative(at, ticking.get()))
  return (
    <time dateTime={new Date(at).toISOString()} title={`${dateTime(at)} · ${utc(at)}`}>
      {words}
    </time>
  )
}

/** A moment in the viewer's zone; UTC on hover. */
export function When({ at }: { readonly at: Instant }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={utc(at)}>
      {dateTime(at)}
    </time>
  )
}

/** The time of a moment whose day is plain from what stands around it; both and UTC on hover. */
export function TimeOfDay({ at }: { readonly at: Instant }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={`${dateTime(at)} · ${utc(at)}`}>
      {timeOfDay(at)}
    </time>
  )
}
