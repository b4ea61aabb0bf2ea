import type { Shown, Step } from './actors.ts'

/** How one family of inspectors is spoken to. Each message is a text frame. */
export interface Protocol {
  /** What an inspector sends before it is told anything; null where connecting is enough. */
  readonly opening: string | null
  /** Whether a message of this type is an event that somebody wants an actor to take. */
  isEvent(type: string): boolean
  /** Shows an actor for the first time, as it is at this moment, in ms since 1970. */
  registered(actor: Shown, at: number): readonly string[]
  /** Tells what happened to it, and how it is now. */
  moved(step: Step, at: number): readonly string[]
  /** Tells that it is at work no more: the controller stops. */
  stopped(id: string): readonly string[]
}
