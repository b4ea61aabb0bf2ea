/** Tells which local user is on the other side of the socket, by a file that only that user could have written. */
export interface PeerIdentity {
  /** A fresh question: the caller creates the file `path` with `nonce` as its content, then names the nonce in its request. Throws HONUA_API_TOO_MANY. */
  challenge(): Promise<PeerChallenge>
  /** Name of the user who answered, or why nobody can be named. Each nonce counts once, for 30 s; the file is removed. */
  answered(nonce: string): Promise<PeerAnswer>
  /** Removes what is left of open questions. */
  close(): Promise<void>
}

export interface PeerChallenge {
  readonly nonce: string
  readonly path: string
}

export type PeerAnswer = { readonly name: string } | { readonly unknown: string }
