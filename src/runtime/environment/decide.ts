import type { EnvironmentContext, EnvironmentFact } from '../../../machines/environment/types.ts'
import { decide as decideGates } from '../../core/gates/index.ts'
import type { Decision, Instant, PlanSummary } from '../../core/vocabulary.ts'
import { settingsOf } from './world.ts'

/** Asks all gates whether the plan may be deployed at `now`. */
export function decisionFor(context: EnvironmentContext, plan: PlanSummary, now: Instant, approved: boolean): Decision {
  const quarantine = context.quarantine.find((one) => one.release === plan.release)
  const series = context.series?.release === plan.release ? context.series : null
  const by = context.attempt?.initiatedBy ?? context.requestedBy
  return decideGates({
    plan,
    settings: settingsOf(context),
    facts: {
      now,
      hold:
        context.hold === null ? null : { reason: context.hold.reason, by: context.hold.by, until: context.hold.until },
      quarantine: quarantine?.reason ?? null,
      series: series === null ? null : { count: series.count, nextAt: series.nextAt },
      heals: context.heals ?? null,
      requested: by !== null && by.how !== 'controller',
      approved,
    },
  })
}

/** Carries out a `decide`. */
export function decide(context: EnvironmentContext, effect: { readonly id: string }, now: Instant): EnvironmentFact {
  if (context.plan === null) throw new TypeError('there is no plan to decide on')
  return { type: 'decision.made', effect: effect.id, decision: decisionFor(context, context.plan, now, false) }
}
