import type { EventView } from '../contract.ts'
import { Newest } from '../newest.ts'

/** What is remembered for readers that come back or fall behind. */
const REMEMBERED = { countMax: 1_000, charactersMax: 4 * 1024 * 1024 }

interface Step {
  /** Position before it. */
  readonly from: string
  readonly event: EventView
  readonly text: string
}

/** The newest commits, each with the position that it left. */
export class Trail {
  readonly #steps = new Newest<Step>(REMEMBERED)

  push(from: string, event: EventView): void {
    this.#steps.push({ from, event, text: JSON.stringify(event) })
  }

  /** What was committed since the position, oldest first; null when it is not remembered, or was never ours. */
  since(position: string): readonly EventView[] | null {
    const at = this.#steps.items.findIndex(({ from }) => from === position)
    return at === -1 ? null : this.#steps.items.slice(at).map(({ event }) => event)
  }
}
