/** A mistake in one file; the path is added by whoever knows it, so that a parsed file can be shared by its content. */
export interface Fault {
  readonly code: string
  readonly message: string
  readonly line: number
  readonly column: number
}
