/** Where checks look, in a target's configuration. */
export interface CheckSettings {
  /** Where what is served is seen; absent: the target's own address. `{environment}` stands for the environment's name. */
  readonly url?: string
  /** The target's credentials are sent along; else checks see what everybody sees. */
  readonly signIn: boolean
  /** `host` or `host:port` whose certificates `verify-ssl` looks at, beside that of `url`. */
  readonly certificates: readonly string[]
}
