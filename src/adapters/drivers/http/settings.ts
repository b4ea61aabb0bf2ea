/** What a target of the http driver is told: which requests list, read and write each kind, and where things stand in the JSON. */
import type { Json } from '../../../core/json.ts'
import type { CheckSettings } from '../checks/settings.ts'

/** How the API is told who calls; `secretRef` names a secret, never holds one. */
export type HttpCredentials =
  | { readonly type: 'bearer'; readonly secretRef: string }
  | { readonly type: 'basic'; readonly username: string; readonly secretRef: string }
  | { readonly type: 'api-key'; readonly header: string; readonly secretRef: string }
  | { readonly type: 'none' }

/** Files are PEM; the key of a client certificate is a secret. */
export interface TlsSettings {
  /** Certificates to trust instead of the machine's own. */
  readonly ca?: string
  /** The client certificate with its chain, and the name of the secret that holds its key. */
  readonly client?: { readonly certificate: string; readonly secretRef: string }
}

/** How a list goes on behind its first answer. */
export type Paging =
  /** `parameter` counts pages from `first`, until one is empty. */
  | { readonly by: 'page'; readonly parameter: string; readonly first: number; readonly size?: PageSize }
  /** `parameter` counts the items already had, until a page is empty. */
  | { readonly by: 'offset'; readonly parameter: string; readonly size?: PageSize }
  /** The answer holds at `next` what `parameter` must be for the next one; absent, null or empty: it was the last. */
  | { readonly by: 'cursor'; readonly parameter: string; readonly next: string }
  /** The header `Link: <…>; rel="next"` (RFC 8288), on the same host. */
  | { readonly by: 'link' }

/** How many items a page is asked to have. */
export interface PageSize {
  readonly parameter: string
  readonly items: number
}

/** A request that changes something. `{name}`, `{namespace}`, `{kind}` and `{environment}` in `path` are filled in, encoded. */
export interface WriteTemplate {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** What is sent; a text that is exactly `{item}` stands for the item. Absent: the item at its place in the envelope. */
  readonly body?: Json
}

/** One kind of resource. All places are JSON Pointers (RFC 6901). */
export interface HttpKind {
  readonly kind: string
  /** What an observed resource is said to be; the API knows no such thing. */
  readonly apiVersion: string
  readonly list: {
    readonly path: string
    /** Where the list stands in the answer. */
    readonly items: string
    /** What stands there, or on the way there, when nothing is listed (GeoServer: `""`). */
    readonly empty?: null | boolean | string
    /** Where a listed item has its name. */
    readonly name: string
    /** Where a listed item has its namespace. Absent: `default`, or the one the list was asked for. */
    readonly namespace?: string
    readonly paging?: Paging
  }
  /** Absent: the list holds the items whole. */
  readonly read?: { readonly path: string }
  readonly create: WriteTemplate
  readonly update: WriteTemplate
  /** Absent: nothing of this kind can be deleted. */
  readonly delete?: WriteTemplate
  /** Where the item stands in what is read and written; empty: it is the whole. */
  readonly item: string
  /** Where the item itself has its name; absent: the name is in the path alone. */
  readonly name?: string
  /** The same for its namespace. */
  readonly namespace?: string
  /** Fields of the item that the API writes by itself. */
  readonly ignore: readonly string[]
  /** A text field of the item where labels, annotations and the places of secrets are kept. */
  readonly remember?: string
  /** Fields of the spec that the API takes and does not give back as they were; each declared one holds `${NAME}`. */
  readonly writeOnly: readonly string[]
  /** Reads answer with an ETag, and writes refuse when it is another. */
  readonly etag: boolean
  /** What an update cannot change: then the item is deleted and created anew, or the plan is refused. `pointer` is below the spec. */
  readonly fixed: readonly { readonly pointer: string; readonly change: 'recreate' | 'refuse'; readonly why: string }[]
}

/** What an answer must be: of one of these statuses (absent: 2xx) and, if said, with this value at this place. */
export interface Expected {
  readonly status?: readonly number[]
  readonly pointer?: string
  readonly equals?: Json
}

/** A question that is asked until the answer tells that the work is done, or has failed. */
export interface LookTemplate {
  readonly path: string
  readonly pointer?: string
  /** Absent: a 2xx answer means done. */
  readonly done?: readonly Json[]
  readonly failed?: readonly Json[]
  readonly interval: number
  readonly within: number
}

/** One request of a step. `{…}` in `path` and `body` are filled in (docs/drivers.md). */
export interface StepRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** Sent once for each changed resource of these kinds; absent: once. */
  readonly each?: readonly string[]
  readonly body?: Json
  /** Instead of `body`. */
  readonly xml?: string
  readonly expect?: Expected
  readonly poll?: LookTemplate
}

/** How an API does a step of a topology. */
export interface ActionTemplate {
  readonly requests: readonly StepRequest[]
  /** Tells whether the step is done already. */
  readonly look?: LookTemplate
  readonly keyHeader: string
}

/** `{environment}` in `url`, in `namespaces` and in paths stands for the environment's name. */
export interface HttpTarget {
  readonly name: string
  readonly driver: 'http'
  readonly url: string
  readonly credentials: HttpCredentials
  readonly tls?: TlsSettings
  readonly kinds: readonly HttpKind[]
  /** By the name of the step. */
  readonly actions: Readonly<Record<string, ActionTemplate>>
  /** Absent: it does no checking steps. */
  readonly checks?: CheckSettings
  /** What `{namespace}` in a list's path stands for, one after the other. */
  readonly namespaces?: readonly string[]
  /** Asked whether the API is well: 2xx and, if named, this value at this place. Absent: the first list answers. */
  readonly health?: { readonly path: string; readonly field?: string; readonly equals?: Json }
  /** For one request, the whole answer included. */
  readonly timeoutMs: number
  /** Requests in flight at once. */
  readonly maxInFlight: number
  /** Requests started in a second at most. */
  readonly requestsPerSecond?: number
}
