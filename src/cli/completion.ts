/** Completion scripts, made from the commands themselves. They ask the running controller for names of environments. */

/** A command as a shell needs to know it. */
export interface Tree {
  readonly name: string
  readonly about: string
  /** Long options, `--wait`. */
  readonly options: readonly string[]
  /** What its first argument is, where names can be offered. */
  readonly takes: 'environment' | null
  readonly children: readonly Tree[]
}

const ENVIRONMENTS = 'honua env list 2>/dev/null </dev/null | cut -f1'

/** Every command with the words that lead to it: `controller status`. */
function paths(tree: Tree, before: readonly string[] = []): readonly { readonly words: string; readonly tree: Tree }[] {
  return [{ words: before.join(' '), tree }, ...tree.children.flatMap((child) => paths(child, [...before, child.name]))]
}

export function bashScript(root: Tree): string {
  const cases = paths(root).map(({ words, tree }) => {
    const offered = [...tree.children.map((child) => child.name), ...tree.options, ...globalOptions(root, tree)].join(
      ' ',
    )
    const names = tree.takes === 'environment' ? ` $(${ENVIRONMENTS})` : ''
    return `    '${words}') words="${offered}${names}" ;;`
  })
  return `# bash completion for honua
_honua() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in -*) ;; *) path="\${path:+$path }\${COMP_WORDS[i]}" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _honua honua`
}

/** zsh runs the bash script through its own compatibility layer. */
export function zshScript(root: Tree): string {
  return `#compdef honua\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(root)}`
}

export function fishScript(root: Tree): string {
  const lines = paths(root).flatMap(({ words, tree }) => {
    const condition =
      words === ''
        ? '__fish_use_subcommand'
        : `string match -qr '^honua ${words}( -|$| *$)' -- (string join ' ' (commandline -opc))`
    return [
      ...tree.children.map((child) => `complete -c honua -n "${condition}" -a ${child.name} -d ${quoted(child.about)}`),
      ...tree.options.map((option) => `complete -c honua -n "${condition}" -l ${option.slice(2)}`),
      ...(tree.takes === 'environment' ? [`complete -c honua -n "${condition}" -a "(${ENVIRONMENTS})"`] : []),
    ]
  })
  return ['# fish completion for honua', 'complete -c honua -f', ...lines].join('\n')
}

function globalOptions(root: Tree, tree: Tree): readonly string[] {
  return tree === root ? [] : root.options
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
