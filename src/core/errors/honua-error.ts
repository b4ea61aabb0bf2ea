import type { SourceLocation } from '../vocabulary.ts'

/** May the same call succeed later? `never`: a person must act. `later`: by itself. `after-config-change`: when the configuration changes. */
export type RetryClass = 'never' | 'later' | 'after-config-change'

/**
 * Every failure the product names. `code` is stable and documented in docs/operating.md; `message` says what failed, where,
 * why; `remedy` says what to do next. Never holds a secret, a URL with credentials or file content.
 */
export class HonuaError extends Error {
  readonly code: string
  readonly retry: RetryClass
  readonly remedy: string
  readonly location: SourceLocation | null

  constructor(
    code: string,
    retry: RetryClass,
    message: string,
    remedy: string,
    options: { readonly cause?: unknown; readonly location?: SourceLocation | null } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'HonuaError'
    this.code = code
    this.retry = retry
    this.remedy = remedy
    this.location = options.location ?? null
  }
}
