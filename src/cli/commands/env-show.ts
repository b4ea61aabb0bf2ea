import type { EnvironmentView } from '../../api/contract.ts'
import { visible } from '../../core/render/index.ts'
import type { Verdict } from '../../core/vocabulary.ts'
import { driftLines } from '../drift-text.ts'
import { EXIT } from '../exit-codes.ts'
import { factLines } from '../facts.ts'
import type { Output } from '../output.ts'
import type { AddCommand, Run } from '../session.ts'
import { nextStep, problemWords, short, summaryWords, waitWords } from '../words.ts'

interface Options {
  readonly environment: string
}

export const addEnvShow: AddCommand = (parent, choose) => {
  parent
    .command('show')
    .argument('<environment>')
    .description('one environment: what is deployed, what waits, and why')
    .addHelpText('after', '\nExamples:\n  honua env show production')
    .action((environment: string) => choose('env show', { environment }, showEnvironment))
}

const showEnvironment: Run<Options> = async ({ environment }, { api, out }) => {
  const view = await api.environment(environment)
  out.result(view, () => environmentLines(view, out))
  return EXIT.ok
}

function environmentLines(view: EnvironmentView, out: Output): readonly string[] {
  const told = view.problems.map(problemWords)
  const why = waitWords(view)
  const until = view.hold?.until ?? view.waiting?.until ?? null
  const step = nextStep(view)
  return [
    ...factLines(
      [
        ['Environment', view.name],
        ['State', view.path],
        ['Why', told.length > 0 && why.startsWith(told[0] ?? '') ? '' : why],
        ['Until', why === '' || until === null ? '' : out.when(until)],
        [
          'Deployed',
          view.deployedCommit === null ? 'nothing yet' : `${short(view.deployedCommit)}, ${out.when(view.deployedAt)}`,
        ],
        ['Latest', view.latestCommit === null ? 'no commit yet' : short(view.latestCommit)],
        ['Looked at', out.when(view.observedAt)],
        ['Next look', out.when(view.nextLookAt, 'none due')],
        ['Deployment', view.deployment ?? ''],
        ['Plan', view.plan === null ? '' : `${summaryWords(view.plan)} (${short(view.plan.digest)})`],
        ['Automatic', view.autoSync ? 'yes' : 'no, by approval'],
        ['Drift', DRIFT_WORDS[view.driftMode]],
        ['Prune', view.prune ? 'yes' : 'no'],
        ['Targets', view.targets.join(', ')],
      ],
      out,
    ),
    ...section('Problems', told, out),
    ...section('Drift', view.drift === null ? [] : driftLines(view.drift, out), out),
    ...section('Gates', view.decision?.verdicts.map(verdictWords) ?? [], out),
    ...section(
      'Quarantined',
      view.quarantine.map((one) => `${short(one.commit)}  ${visible(one.reason)}, ${out.when(one.since)}`),
      out,
    ),
    ...(view.plan === null ? [] : ['', `  honua env diff ${view.name}`]),
    ...(step === null ? [] : [`${view.plan === null ? '\n' : ''}  ${step}`]),
  ]
}

/** What happens to drift, in words. */
const DRIFT_WORDS: Readonly<Record<EnvironmentView['driftMode'], string>> = {
  heal: 'healed',
  warn: 'told, and left alone',
  ignore: 'not looked for',
}

function section(title: string, lines: readonly string[], out: Output): readonly string[] {
  return lines.length === 0 ? [] : ['', out.paint.bold(title), ...lines.map((line) => `  ${line}`)]
}

function verdictWords(verdict: Verdict): string {
  const gate = visible(verdict.gate)
  return verdict.answer === 'allow'
    ? `allow  ${gate}`
    : `${verdict.answer.padEnd(5)}  ${gate}: ${visible(verdict.reason)}`
}
