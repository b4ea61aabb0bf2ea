import type { Instant, Weekday } from '../vocabulary.ts'

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

export function dayBefore(day: Weekday): Weekday {
  return WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? day
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
