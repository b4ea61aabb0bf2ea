/** argv → the one command it names, with plain options. Runs nothing and knows no controller. */
import { Command, CommanderError, Option } from 'commander'
import { cliErrors } from '../core/errors/cli.ts'
import type { HonuaError } from '../core/errors/honua-error.ts'
import { addAdminExport } from './commands/admin-export.ts'
import { addAdminImport } from './commands/admin-import.ts'
import { addAdminVerify } from './commands/admin-verify.ts'
import { addAuditList, addAuditVerify } from './commands/audit.ts'
import { addCompletion } from './commands/completion.ts'
import { addControllerRun } from './commands/controller-run.ts'
import { addControllerStatus } from './commands/controller-status.ts'
import { addControllerSync } from './commands/controller-sync.ts'
import { addControllerValidate } from './commands/controller-validate.ts'
import { addDeploymentApprove, addDeploymentCancel, addDeploymentReject } from './commands/deployment-answer.ts'
import { addDeploymentList } from './commands/deployment-list.ts'
import { addDeploymentShow } from './commands/deployment-show.ts'
import { addDriverTest } from './commands/driver-test.ts'
import { addEnvDiff } from './commands/env-diff.ts'
import { addEnvHistory } from './commands/env-history.ts'
import { addEnvHold, addEnvUnhold } from './commands/env-hold.ts'
import { addEnvList } from './commands/env-list.ts'
import { addEnvShow } from './commands/env-show.ts'
import { addEvents } from './commands/events.ts'
import { addReplay } from './commands/replay.ts'
import { addRestore } from './commands/restore.ts'
import { addRollback } from './commands/rollback.ts'
import { addSchema } from './commands/schema.ts'
import { addAcceptRewrite, addSourceShow } from './commands/source.ts'
import { addVersion } from './commands/version.ts'
import { EXIT_HELP, type ExitCode } from './exit-codes.ts'
import type { Format } from './output.ts'
import type { AddCommand, Choose, Session } from './session.ts'

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  readonly socket: string | undefined
  readonly output: Format
  readonly color: boolean
}

export type Parsed =
  | {
      readonly kind: 'command'
      readonly name: string
      readonly options: object
      readonly global: GlobalOptions
      readonly run: (session: Session) => Promise<ExitCode>
    }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'usage'; readonly error: HonuaError; readonly global: GlobalOptions }

const GROUPS: readonly (readonly [name: string, about: string, commands: readonly AddCommand[]])[] = [
  [
    'controller',
    'the controller itself',
    [addControllerRun, addControllerStatus, addControllerSync, addControllerValidate],
  ],
  ['env', 'environments', [addEnvList, addEnvShow, addEnvDiff, addEnvHistory, addEnvHold, addEnvUnhold]],
  [
    'deployment',
    'attempts to bring an environment to a commit',
    [addDeploymentList, addDeploymentShow, addDeploymentApprove, addDeploymentReject, addDeploymentCancel],
  ],
  ['source', 'the Git repository', [addSourceShow, addAcceptRewrite]],
  ['audit', 'the tamper-evident log', [addAuditList, addAuditVerify]],
  ['driver', 'programs that drive targets', [addDriverTest]],
  ['admin', 'backups and the data directory', [addAdminExport, addAdminImport, addAdminVerify]],
]
const SINGLE: readonly AddCommand[] = [
  addRollback,
  addRestore,
  addReplay,
  addEvents,
  addSchema,
  addCompletion,
  addVersion,
]

/** Parses arguments without the program's name. */
export function parseArguments(argv: readonly string[], screen: { readonly columns: number }): Parsed {
  let chosen: Parsed | undefined
  let help = ''
  let complaint = ''
  const program = new Command('honua')
  const global = (): GlobalOptions => {
    const { socket, output, color } = program.opts<{ socket?: string; output: Format; color: boolean }>()
    return { socket, output, color }
  }
  program
    .description('Deploys what Git declares to Honua servers, and shows why.')
    .option(
      '--socket <path>',
      'the controller’s socket (HONUA_SOCKET; default ./data/honua.sock, then /var/lib/honua/honua.sock)',
    )
    .addOption(
      new Option('-o, --output <format>', 'how to print results').choices(['text', 'json', 'yaml']).default('text'),
    )
    .option('--no-color', 'no colours (also NO_COLOR)')
    .addHelpText('after', afterHelp())
    .exitOverride()
    .configureOutput({
      getOutHelpWidth: () => screen.columns,
      getErrHelpWidth: () => screen.columns,
      writeOut: (text) => {
        help += text
      },
      writeErr: (text) => {
        complaint += text
      },
    })
  const choose: Choose = (name, options, run) => {
    chosen = { kind: 'command', name, options, global: global(), run: (session) => run(options, session) }
  }
  for (const [name, about, commands] of GROUPS) {
    const group = program.command(name).description(about)
    for (const add of commands) add(group, choose)
  }
  for (const add of SINGLE) add(program, choose)
  try {
    program.parse([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (help !== '') return { kind: 'help', text: help }
    if (argv.length === 0) return { kind: 'help', text: complaint }
    return { kind: 'usage', global: global(), error: usageError(error, program, argv) }
  }
  return (
    chosen ?? {
      kind: 'usage',
      global: global(),
      error: cliErrors.usage({ message: 'no command is named', help: 'honua --help' }),
    }
  )
}

/** commander's complaint as a sentence of ours: `unknown command 'evn' (did you mean env?)`. */
function usageError(error: CommanderError, program: Command, argv: readonly string[]): HonuaError {
  const group = program.commands.find((command) => argv.includes(command.name()) && command.commands.length > 0)
  const help = `honua ${group === undefined ? '' : `${group.name()} `}--help`
  if (error.code === 'commander.help')
    return cliErrors.usage({
      message: `which one? ${(group ?? program).commands.map((one) => one.name()).join(', ')}`,
      help,
    })
  const text = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*\(Did you mean (.+?)\??\)$/s, ' (did you mean $1?)')
  return cliErrors.usage({ message: text.trim(), help })
}

function afterHelp(): string {
  const codes = EXIT_HELP.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')
  return `
Examples:
  honua controller run --config config/gitops-controller.yaml
  honua controller status
  honua controller sync production --wait
  honua env diff production
  honua deployment approve production-20251004-153344

Environment variables:
  HONUA_SOCKET   the controller’s socket
  HONUA_TOKEN    who you are, where the controller cannot tell it from your login
  NO_COLOR       no colours

Exit codes:
${codes}`
}
