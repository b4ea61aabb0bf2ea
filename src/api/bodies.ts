import { z } from 'zod'
import type {
  AcceptRewriteBody,
  ApproveBody,
  HoldBody,
  ReasonBody,
  RestoreBody,
  RollbackBody,
  RollbackPlanBody,
} from './contract.ts'

/** A reason is a sentence or two, in characters. */
const REASON_MAX = 2_000

const reason = z.string().max(REASON_MAX)
const givenReason = reason.refine((text) => text.trim() !== '', { error: 'a reason is needed' })
const instant = z.int().nonnegative()

const planDigest = z
  .string()
  .regex(/^[0-9a-f]{8,64}$/, { error: 'expected 8 to 64 characters of a plan digest' })
  .nullable()

/** What each order takes; a key that is not listed is refused. */
export const syncBody: z.ZodType<{ readonly [key: string]: never }> = z.strictObject({})
export const holdBody: z.ZodType<HoldBody> = z.strictObject({ reason: givenReason, until: instant.nullable() })
export const reasonBody: z.ZodType<ReasonBody> = z.strictObject({ reason })
export const rejectBody: z.ZodType<ReasonBody> = z.strictObject({ reason: givenReason })
export const approveBody: z.ZodType<ApproveBody> = z.strictObject({ reason, plan: planDigest })
const rollbackTo = z
  .string()
  .regex(/^[A-Za-z0-9-]{7,128}$/, { error: 'expected a deployment id or at least 7 characters of a commit id' })
  .nullable()
/** Programs of before the plan could be named send none. */
export const rollbackBody: z.ZodType<RollbackBody> = z.strictObject({
  reason,
  to: rollbackTo,
  plan: planDigest.default(null),
})
export const rollbackPlanBody: z.ZodType<RollbackPlanBody> = z.strictObject({ to: rollbackTo })
export const restoreBody: z.ZodType<RestoreBody> = z.strictObject({
  reason: givenReason,
  target: z.string().min(1).max(128),
  backup: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, { error: 'expected the id of a backup' }),
})
export const acceptRewriteBody: z.ZodType<AcceptRewriteBody> = z.strictObject({
  reason,
  commit: z.string().regex(/^[0-9a-f]{7,64}$/, { error: 'expected at least 7 characters of a commit id' }),
})

/** The first thing wrong with a body, as `field: what`. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return 'it is not valid'
  const where = issue.path.map(String).join('.')
  return where === '' ? issue.message : `${where}: ${issue.message}`
}
