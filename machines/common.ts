/** What both charts are written with. */

/** Hands a named guard or action the event it is about. */
export function it<Event>({ event }: { readonly event: Event }): Event {
  return event
}

/** What a state is never entered without. Throws on a memory that lacks it: work about nothing is never owed. */
export function known<Value>(value: Value | null): Value {
  if (value === null) throw new TypeError('the state does not fit its memory')
  return value
}
