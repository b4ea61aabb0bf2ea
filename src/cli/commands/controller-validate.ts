import { resolve } from 'node:path'
import { environmentsOf, formatProblem, loadConfig } from '../../core/config/index.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT } from '../exit-codes.ts'
import { readText } from '../files.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options {
  readonly file: string
}

export const addControllerValidate: AddCommand = (parent, choose) => {
  parent
    .command('validate')
    .argument('<file>')
    .description('check a configuration file; says what is wrong and where, and what is not active yet')
    .addHelpText('after', '\nExamples:\n  honua controller validate config/gitops-controller.yaml')
    .action((file: string) => choose('controller validate', { file }, validate))
}

const validate: Run<Options> = async ({ file }, { io, out }) => {
  const { config, problems, notes } = loadConfig(await readText(resolve(io.cwd, file)), file)
  if (config === null) {
    if (out.format === 'text') for (const problem of problems) out.note(visible(formatProblem(problem)))
    out.result({ valid: false, problems, notes }, () => [])
    return EXIT.usage
  }
  const environments = environmentsOf(config)
  out.result({ valid: true, problems, notes, environments }, () => [
    `${visible(file)} is valid: ${count(environments.length, 'environment')} (${environments.join(', ')}), ${count(config.spec.targets.length, 'target')}`,
    ...notes.map((sentence) => `${out.paint.yellow('note:')} ${visible(sentence)}`),
  ])
  return EXIT.ok
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
