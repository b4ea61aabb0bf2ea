/** Who may do what: the one place that decides it, for every way in and for what the pages offer. Pure. */
import type { Actor } from './vocabulary.ts'

/** What the proof of somebody's name entitles to. */
export type Rights = 'everything' | 'read'

/** Somebody who is known, and what that person may do. */
export interface Caller {
  readonly actor: Actor
  readonly rights: Rights
}

/** look: see anything of the state · backup: take away everything that is held · order: change anything. */
export type Act = 'look' | 'backup' | 'order'

/** What those may do whom nobody knows. */
export type Anonymous = 'nothing' | 'read'

/** What somebody lacks to do something; null where nothing is missing. `caller` is null for one who is not known. */
export function missingFor(act: Act, caller: Caller | null, anonymous: Anonymous): 'a-name' | 'the-right' | null {
  if (caller === null) return act === 'look' && anonymous === 'read' ? null : 'a-name'
  return act === 'order' && caller.rights === 'read' ? 'the-right' : null
}
