import type { Command } from 'commander'
import { defineCommand, type CommandDeps } from '../define-command.ts'
import { UsageError } from '../exit-codes.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** The words that can follow each command: its subcommands and its long options. */
function completionWords(root: Command): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>()
  const visit = (command: Command, path: string): void => {
    const names = command.commands.map((one) => one.name())
    const options = command.options.flatMap(({ long }) => long ?? [])
    words.set(path, [...names, ...options, '--help'])
    for (const one of command.commands) visit(one, path === '' ? one.name() : `${path} ${one.name()}`)
  }
  visit(root, '')
  return words
}

/** Prints a script that completes the commands and options of this version. */
export function completionCommand(root: Command, deps: CommandDeps): void {
  defineCommand(root, deps, {
    usage: 'completion <shell>',
    summary: 'Print a completion script for bash, zsh or fish.',
    example: 'completion bash > ~/.local/share/bash-completion/completions/ghostpost',
    run: async ({ stdout }, shell) => {
      const known = shells.find((one) => one === shell)
      if (known === undefined) throw new UsageError(`There is a script for ${shells.join(', ')}.`)
      stdout.write(`${scripts[known](completionWords(root))}\n`)
    },
  })
}

type Words = ReadonlyMap<string, readonly string[]>

const scripts: Readonly<Record<(typeof shells)[number], (words: Words) => string>> = {
  bash: bashScript,
  zsh: (words) => `autoload -U +X bashcompinit && bashcompinit\n${bashScript(words)}`,
  fish: fishScript,
}

function bashScript(words: Words): string {
  const cases = [...words].map(([path, next]) => `    "${path}") words="${next.join(' ')}" ;;`)
  return `_ghostpost() {
  local path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; esac
    path="\${path:+$path }$word"
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _ghostpost ghostpost`
}

function fishScript(words: Words): string {
  const lines = [...words].map(([path, next]) => {
    const isHere = `test (string join ' ' (commandline -opc)[2..]) = '${path}'`
    return `complete -c ghostpost -f -n "${isHere}" -a '${next.join(' ')}'`
  })
  return lines.join('\n')
}
