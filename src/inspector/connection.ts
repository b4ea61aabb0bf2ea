import { createWebSocketReceiver, type ParsedReceiverEvent } from '@xstate/inspect'

/** What the page is told. */
export interface Listener {
  readonly told: (event: ParsedReceiverEvent) => void
  /** `reason`: what the controller said; empty where it said nothing. `wasOpen` is false where it let nobody in. */
  readonly closed: (how: { readonly reason: string; readonly wasOpen: boolean }) => void
}

/** Connects the receiver of `@xstate/inspect` to the controller that this page comes from. */
export function connect({ told, closed }: Listener): void {
  // The receiver makes its socket itself and does not say when it ends.
  const Original = globalThis.WebSocket
  globalThis.WebSocket = class extends Original {
    constructor(url: string | URL) {
      super(url)
      let wasOpen = false
      this.addEventListener('open', () => {
        wasOpen = true
      })
      this.addEventListener('close', ({ reason }) => closed({ reason, wasOpen }))
    }
  }
  const receiver = createWebSocketReceiver({
    server: `${location.host}/v1/inspect/xstate`,
    protocol: location.protocol === 'https:' ? 'wss' : 'ws',
    serialize: undefined,
  })
  globalThis.WebSocket = Original
  receiver.subscribe(told)
}
