/** The kinds of values that a configuration is made of. */
import { z } from 'zod'
import { DURATION_PATTERN, parseDuration } from '../duration.ts'
import { COMMON } from '../names.ts'
import { SECRET_NAME } from './secret-text.ts'

const ENVIRONMENT_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** A duration as text, in ms once parsed, within bounds that its use can bear. */
export const duration = (about: string, [least, most]: readonly [string, string]) =>
  z
    .string({ error: 'expected a duration such as 30s' })
    .regex(DURATION_PATTERN, { error: 'expected a duration such as 30s, 5m or 1h30m' })
    .transform((text) => parseDuration(text) ?? Number.NaN)
    .refine((ms) => ms >= (parseDuration(least) ?? 0) && ms <= (parseDuration(most) ?? 0), {
      error: `expected a duration from ${least} to ${most}`,
    })
    .describe(`${about} ${least} to ${most}.`)

/** One call over the network; longer, and it could as well hang for ever. */
export const CALL = ['100ms', '1h'] as const
/** What rxjs runs on one timer: timers over 24.8 days fire at once. */
export const POLL = ['100ms', '1d'] as const
/** What a deployment waits for while it runs. */
export const SOON = ['100ms', '1d'] as const
/** What is kept as a deadline in the store, and may be as far away as people plan. */
export const DAYS = ['10ms', '365d'] as const
/** How long something is kept. */
export const KEPT = ['1m', '3650d'] as const
/** What makes the controller look at servers again and again. */
export const LOOKS = ['1s', '365d'] as const

/** A text that is not empty. */
export const text = (about: string) => z.string().min(1).describe(about)
/** A switch. */
export const yesNo = (fallback: boolean, about: string) => z.boolean().default(fallback).describe(about)
/** A text that a check finds no fault with; the fault is the message. */
export const checked = (fault: (text: string) => string | undefined, about: string) =>
  z
    .string()
    .superRefine((value, context) => {
      const message = fault(value)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
    .describe(about)

/** The name of a secret, never the secret. */
export const secretRef = z
  .string()
  .max(253)
  .regex(SECRET_NAME, { error: 'expected the name of a secret: letters, digits, "-" and "_"' })
  .describe(
    'Name of a secret: a file in secretsDir, else the environment variable of that name in capitals, "-" as "_".',
  )

const ENVIRONMENT_NAME_FAULT = 'expected an environment name: lower-case letters, digits and "-", at most 63'
/** The name of an environment, as `isEnvironmentName` of core/names.ts takes it; the pattern stands in the JSON Schema too. */
export const environmentName = z
  .string()
  .regex(ENVIRONMENT_NAME, { error: ENVIRONMENT_NAME_FAULT })
  .refine((name) => name !== COMMON, {
    error: `"${COMMON}" is the base of every environment and cannot be one itself`,
  })
