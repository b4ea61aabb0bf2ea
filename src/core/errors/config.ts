import { HonuaError } from './honua-error.ts'

/** What can be wrong with the configuration and the secrets it names. */
export const configErrors = {
  invalid: (p: { readonly problems: readonly string[] }) =>
    new HonuaError(
      'HONUA_CONFIG_INVALID',
      'after-config-change',
      `the configuration cannot be used:\n${p.problems.map((problem) => `  ${problem}`).join('\n')}`,
      'mend the file; check it with: honua controller validate FILE',
    ),
  secretMissing: (p: { readonly name: string }) =>
    new HonuaError(
      'HONUA_SECRET_MISSING',
      'after-config-change',
      `the secret "${p.name}" is not there`,
      'put a file of that name into spec.secretsDir, or set the environment variable of that name in capitals',
    ),
  /** It is there and cannot be used: falling back to something else would hide that. */
  secretUnusable: (p: { readonly name: string; readonly reason: string }, cause?: unknown) =>
    new HonuaError(
      'HONUA_SECRET_MISSING',
      'after-config-change',
      `the secret "${p.name}" cannot be used: ${p.reason}`,
      'mend the file of that name in spec.secretsDir',
      { cause },
    ),
} as const
