import type { ExitCode } from '../exit-codes.ts'
import { EXIT } from '../exit-codes.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options {
  readonly config: string
}

export const addControllerRun: AddCommand = (parent, choose) => {
  parent
    .command('run')
    .description('run the controller in the foreground; Ctrl-C stops it, SIGHUP reloads the configuration')
    .requiredOption('-c, --config <file>', 'its configuration')
    .addHelpText('after', '\nExamples:\n  honua controller run --config config/gitops-controller.yaml')
    .action((options: Options) => choose('controller run', { config: options.config }, runController))
}

const KNOWN: readonly ExitCode[] = Object.values(EXIT)

const runController: Run<Options> = async (options) => {
  // Loaded here alone: every other command starts without the controller's libraries.
  const main = await import('../../main.ts')
  const code = await main.runController(options)
  return KNOWN.find((one) => one === code) ?? EXIT.failed
}
