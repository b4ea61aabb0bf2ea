import { Option } from 'commander'
import type { EnvironmentView } from '../../api/contract.ts'
import { visible } from '../../core/render/index.ts'
import { driftLines } from '../drift-text.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { isPlanFormat, PLAN_FORMATS, type PlanFormat, planText } from '../plan-text.ts'
import type { AddCommand, Run, Session } from '../session.ts'
import { isUnderWay } from '../settling.ts'
import { nextStep, problemWords, waitWords } from '../words.ts'

interface Options {
  readonly environment: string
  readonly format: PlanFormat
}

export const addEnvDiff: AddCommand = (parent, choose) => {
  parent
    .command('diff')
    .argument('<environment>')
    .description('what would change, field by field; exit code 1 when there are differences')
    .addOption(new Option('--format <format>', 'how to show it').choices(PLAN_FORMATS).default('table'))
    .addHelpText(
      'after',
      '\nExamples:\n  honua env diff production\n  honua env diff production --format unified | less -R',
    )
    .action((environment: string, { format }: { readonly format: string }) =>
      choose('env diff', { environment, format: isPlanFormat(format) ? format : 'table' }, diff),
    )
}

const diff: Run<Options> = async ({ environment, format }, session) => {
  const { api, out } = session
  const view = await api.environment(environment)
  const { plan } = await api.environmentPlan(environment)
  if (plan === null) return withoutPlan(view, session)
  if (format === 'json' && out.format === 'text') out.line(planText(plan, 'json', out))
  else
    out.result({ ...plan, drift: view.drift }, () => [
      planText(plan, format, out),
      ...(format === 'unified' ? [] : sinceWhen(view, out)),
    ])
  const step = nextStep(view)
  if (out.format === 'text' && out.isTerminal && step !== null) out.note(`\n  ${step}`)
  return plan.plan.changes.length === 0 ? EXIT.ok : EXIT.differs
}

/** Since when what is to be put back is adrift; nothing where Git asks for the change. */
function sinceWhen({ drift }: EnvironmentView, out: Output): readonly string[] {
  return drift === null ? [] : ['', out.paint.bold('Drift'), ...driftLines(drift, out).map((line) => `  ${line}`)]
}

/** No plan is either no difference, not yet, or not possible: three things that must not look alike. */
function withoutPlan(view: EnvironmentView, { out }: Session): ExitCode {
  const { code, words } = whyNoPlan(view)
  if (out.format === 'text') out.line(words)
  else out.result({ plan: null, state: view.path, reason: words }, () => [])
  return code

  function whyNoPlan({ state, name }: EnvironmentView): { readonly code: ExitCode; readonly words: string } {
    if (state === 'Synced')
      return { code: EXIT.ok, words: `${name}: no differences (looked ${out.when(view.observedAt)})` }
    if (isUnderWay(view)) return { code: EXIT.busy, words: `${name} is being looked at; try again in a moment` }
    if (view.problems.length > 0)
      return {
        code: EXIT.blocked,
        words: [`${name} cannot be planned:`, ...view.problems.map((one) => `  ${problemWords(one)}`)].join('\n'),
      }
    return { code: EXIT.blocked, words: `${name} cannot be planned: ${waitWords(view) || visible(view.path)}` }
  }
}
