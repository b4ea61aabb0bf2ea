import type { Command, Option } from 'commander'
import { bashScript, fishScript, type Tree, zshScript } from '../completion.ts'
import { EXIT } from '../exit-codes.ts'
import type { AddCommand, Run } from '../session.ts'

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const
type Shell = keyof typeof SHELLS

interface Options {
  readonly shell: Shell
  readonly tree: Tree
}

export const addCompletion: AddCommand = (parent, choose) => {
  const add = (shell: Shell, how: string) =>
    completion
      .command(shell)
      .description(`for ${shell}: ${how}`)
      .action(() => choose('completion', { shell, tree: treeOf(parent) }, showCompletion))
  const completion = parent
    .command('completion')
    .description('a script that lets your shell complete commands, options and environments')
  add('bash', 'source <(honua completion bash)')
  add('zsh', 'honua completion zsh > ~/.zfunc/_honua (a folder in your fpath)')
  add('fish', 'honua completion fish > ~/.config/fish/completions/honua.fish')
}

const showCompletion: Run<Options> = async ({ shell, tree }, { out }) => {
  out.line(SHELLS[shell](tree))
  return EXIT.ok
}

function treeOf(command: Command): Tree {
  const ofEnvironment = command.registeredArguments.some((argument) => argument.name() === 'environment')
  return {
    name: command.name(),
    about: command.description(),
    options: command.options.filter((option: Option) => option.long !== undefined).map((option) => option.long ?? ''),
    takes: ofEnvironment ? 'environment' : null,
    children: command.commands.map(treeOf),
  }
}
