import { Option } from 'commander'
import { formatDuration } from '../../core/duration.ts'
import { visible } from '../../core/render/index.ts'
import type { Deed, Deployment } from '../../core/vocabulary.ts'
import { byWords } from '../deployment-table.ts'
import { EXIT } from '../exit-codes.ts'
import { factLines } from '../facts.ts'
import { leftLines } from '../left-text.ts'
import type { Output } from '../output.ts'
import { isPlanFormat, PLAN_FORMATS, type PlanFormat, planText } from '../plan-text.ts'
import type { AddCommand, Run } from '../session.ts'
import { progressWords, short, summaryWords } from '../words.ts'

interface Options {
  readonly id: string
  readonly format: PlanFormat
}

export const addDeploymentShow: AddCommand = (parent, choose) => {
  parent
    .command('show')
    .argument('<deployment>')
    .description('one deployment: its plan, its way through the states, its end')
    .addOption(new Option('--format <format>', 'how to show the plan').choices(PLAN_FORMATS).default('table'))
    .addHelpText('after', '\nExamples:\n  honua deployment show production-20251004-153344')
    .action((id: string, { format }: { readonly format: string }) =>
      choose('deployment show', { id, format: isPlanFormat(format) ? format : 'table' }, showDeployment),
    )
}

const showDeployment: Run<Options> = async ({ id, format }, { api, out }) => {
  const [deployment, { plan }] = await Promise.all([api.deployment(id), api.deploymentPlan(id)])
  const progress = deployment.completedAt === null ? (await api.environment(deployment.environment)).progress : []
  out.result({ ...deployment, progress, fullPlan: plan }, () => [
    ...deploymentLines(deployment, progressWords(progress), out),
    ...(plan === null ? [] : ['', planText(plan, format, out)]),
    ...(deployment.state === 'AwaitingApproval'
      ? ['', `  honua deployment approve ${visible(id)}`, `  honua deployment reject ${visible(id)} -m "why"`]
      : []),
  ])
  return EXIT.ok
}

function deploymentLines(one: Deployment, written: string, out: Output): readonly string[] {
  return [
    ...factLines(
      [
        ['Deployment', one.id],
        ['Environment', one.environment],
        ['State', one.outcome === null ? one.state : `${one.state} (${one.outcome})`],
        ['Written', written],
        ['Error', one.error === null ? '' : `${one.error.message} (${one.error.code})`],
        ['Commit', short(one.commit)],
        ['By', byWords(one)],
        ['Started', out.when(one.startedAt)],
        ['Ended', out.when(one.completedAt, '')],
        ['Expires', one.state === 'AwaitingApproval' ? out.when(one.expiresAt, '') : ''],
        ['Plan', `${summaryWords(one.plan)} (${short(one.plan.digest)})`],
        ['Undo', one.plan.rollback],
      ],
      out,
    ),
    '',
    ...out.table(
      ['WHEN', 'STATE', 'BECAUSE'],
      one.history.map((move) => [out.when(move.at), move.to, move.message]),
    ),
    ...deedLines(one.deeds ?? [], out),
    ...(one.left === undefined ? [] : leftLines(one.left, out)),
  ]
}

/** Steps of the topology as they were done, and below each what it looked at. */
function deedLines(deeds: readonly Deed[], out: Output): readonly string[] {
  if (deeds.length === 0) return []
  const rows = deeds.flatMap(({ step, target, ok, ms, message, checks = [] }) => [
    [step, target, resultOf(ok), formatDuration(ms), message],
    ...checks.map((check) => [`  ${check.name}`, '', resultOf(check.ok), formatDuration(check.ms), check.message]),
  ])
  return ['', ...out.table(['STEP', 'TARGET', 'RESULT', 'TOOK', 'DETAILS'], rows)]
}

function resultOf(ok: boolean): string {
  return ok ? 'ok' : 'failed'
}
