import type { Instant, Weekday } from '../vocabulary.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 24 * 60 * MINUTE_MS
const WEEK_MINUTES = 7 * 24 * 60
/** The epoch began on a Thursday; weeks are counted from Monday. */
const EPOCH_MINUTE_OF_WEEK = 3 * 24 * 60

/** A moment as a wall clock in some zone shows it. */
export interface LocalTime {
  readonly weekday: Weekday
  /** Minute of the local day, 0 … 1439. */
  readonly minute: number
}

const WEEKDAYS: readonly Weekday[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
/** Building a formatter costs more than using it a thousand times, and a thousand environments share few zones. */
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Whether the runtime's zone data knows the zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatterFor(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Throws a RangeError for an unknown zone. */
export function localTime(at: Instant, timeZone: string): LocalTime {
  const parts = formatterFor(timeZone).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const weekday = WEEKDAYS.find((day) => day === part('weekday')) ?? 'Mon'
  return { weekday, minute: Number(part('hour')) * 60 + Number(part('minute')) }
}

/** How far the zone's wall clock is ahead of UTC, in ms; whole minutes. Throws a RangeError for an unknown zone. */
export function offsetAt(at: Instant, timeZone: string): number {
  const { weekday, minute } = localTime(at, timeZone)
  const local = WEEKDAYS.indexOf(weekday) * 24 * 60 + minute
  const universal = Math.floor(at / MINUTE_MS) + EPOCH_MINUTE_OF_WEEK
  // Clocks differ by less than half a week, so the minute of the week says enough.
  const ahead = (((local - universal + WEEK_MINUTES / 2) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES
  return (ahead - WEEK_MINUTES / 2) * MINUTE_MS
}

/** A moment as a wall clock shows it that is ahead of UTC by `offset`, in ms. */
export function localTimeAt(at: Instant, offset: number): LocalTime {
  const minutes = Math.floor((at + offset) / MINUTE_MS)
  const ofWeek = (((minutes + EPOCH_MINUTE_OF_WEEK) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES
  return { weekday: WEEKDAYS[Math.floor(ofWeek / (24 * 60))] ?? 'Mon', minute: ofWeek % (24 * 60) }
}

/** For people: `Sat 14:05 in Europe/Vienna (UTC+01:00)`. */
export function shownLocally(at: Instant, timeZone: string): string {
  const { weekday, minute } = localTime(at, timeZone)
  const offset = offsetAt(at, timeZone) / MINUTE_MS
  return `${weekday} ${clockOf(minute)} in ${timeZone} (UTC${offset < 0 ? '-' : '+'}${clockOf(Math.abs(offset))})`
}

export function dayBefore(day: Weekday): Weekday {
  return WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? day
}

function clockOf(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formatters.set(timeZone, made)
  return made
}
