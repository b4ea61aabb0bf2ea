/**
 * Browsers keep six connections to a site over HTTP/1.1, and an event stream takes one for good: with one a tab the seventh would not
 * load. Of all tabs that are looked at one listens to the controller, and tells the others.
 */
import type { Live, MessageType } from './picture.ts'

const NAME = 'honua-live'

/** What tabs say to each other. */
export type Told =
  /** A message of the controller as it came; `from` is the position before it. */
  | {
      readonly kind: 'message'
      readonly type: MessageType
      readonly data: string
      readonly from: string | null
      readonly id: string
    }
  /** The connection is there, or is lost. */
  | { readonly kind: 'found' }
  | { readonly kind: 'lost' }
  /** Somebody who knows nothing yet, or missed something; and the answer. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'whole'; readonly live: Live; readonly position: string | null }

export interface Tabs {
  tell(told: Told): void
  leave(): void
}

/** Calls `lead` once it is this tab's turn to listen. Where a browser cannot agree on one, each tab listens for itself. */
export function joinTabs(on: { lead(): void; hear(told: Told): void }): Tabs {
  // Locks are for secure contexts alone: not there over plain HTTP from another computer.
  if (!('locks' in navigator)) {
    on.lead()
    return { tell: () => undefined, leave: () => undefined }
  }
  const channel = new BroadcastChannel(NAME)
  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => on.hear(data))
  const waiting = new AbortController()
  let hasLeft = false
  let passOn: () => void = () => undefined
  navigator.locks
    .request(NAME, { signal: waiting.signal }, () => {
      if (hasLeft) return undefined
      on.lead()
      return new Promise<void>((resolve) => {
        passOn = resolve
      })
    })
    .catch((error: unknown) => {
      if (!hasLeft) throw error
    })
  return {
    tell: (told) => channel.postMessage(told),
    leave() {
      hasLeft = true
      waiting.abort()
      passOn()
      channel.close()
    },
  }
}
