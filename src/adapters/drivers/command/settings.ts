import type { JsonObject } from '../../../core/json.ts'

/** A target that a program of your own drives, over the protocol of docs/drivers.md. */
export interface CommandTarget {
  readonly name: string
  readonly driver: 'command'
  /** The program by its absolute path, and its arguments. No shell reads them. */
  readonly command: readonly [string, ...string[]]
  /** Handed to the program as it stands: what it needs to know of its target. */
  readonly settings: JsonObject
  /** Added to the program's environment, which holds nothing else of ours. */
  readonly env: Readonly<Record<string, string>>
  /** Secrets it is handed in each request: by the name it knows them by, the name we do. */
  readonly secrets: readonly { readonly name: string; readonly secretRef: string }[]
  /** Kinds that belong on this target; absent: all but migrations. */
  readonly kinds?: readonly string[]
  /** For one call; then the program and everything it started is killed. */
  readonly timeoutMs: number
}
