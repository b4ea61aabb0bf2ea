/** The hours of a window: `09:00-17:00`. */
export const HOURS_PATTERN = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/

/** Local minutes of the day; undefined when the text is none. `to` ≤ `from` crosses midnight, equal ends are the whole day. */
export function parseHours(text: string): { readonly fromMinute: number; readonly toMinute: number } | undefined {
  const match = HOURS_PATTERN.exec(text)
  if (match === null) return undefined
  const [, fromHour, fromMinute, toHour = '24', toMinute = '0'] = match
  return { fromMinute: minutes(fromHour, fromMinute), toMinute: minutes(toHour, toMinute) }
}

function minutes(hour = '0', minute = '0'): number {
  return Number(hour) * 60 + Number(minute)
}
