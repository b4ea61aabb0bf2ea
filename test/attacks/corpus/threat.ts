/** Every threat that was considered, and what holds it: a test, a later capability that brings it, or why there is nothing to attack. */
export interface Threat {
  readonly id: string
  /** What is tried. */
  readonly what: string
  readonly held: Held
}

export type Held =
  | { readonly by: 'test'; readonly file: string; readonly title: string }
  | { readonly by: 'later'; readonly with: Later; readonly until: string }
  | { readonly by: 'absence'; readonly because: string }

/** Capabilities that are still to come. */
export type Later =
  | 'webhooks'
  | 'notifications'
  | 'dashboard'
  | 'identities'
  | 'policies'
  | 'signatures'
  | 'replicas'
  | 'service'

export interface Chapter {
  readonly name: string
  readonly threats: readonly Threat[]
}

/** What a test holds. */
export const at = (id: string, what: string, file: string, title: string): Threat => ({
  id,
  what,
  held: { by: 'test', file: `test/${file}`, title },
})
/** What a later capability brings. */
export const later = (id: string, what: string, capability: Later, until: string): Threat => ({
  id,
  what,
  held: { by: 'later', with: capability, until },
})
/** What is not there to be attacked. */
export const absent = (id: string, what: string, because: string): Threat => ({
  id,
  what,
  held: { by: 'absence', because },
})

export const NO_WEBHOOKS = 'changes are found by polling only; nothing listens on the network'
export const NO_SIGNATURES =
  'whoever may push to the watched branch decides what is declared; plans and approvals stand between'
