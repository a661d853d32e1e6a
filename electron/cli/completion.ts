import { isVerbName, verbNames, verbs } from '../../shared/agent-verbs/verbs.ts'
import { isOwnName, ownNames } from './own-commands.ts'
import { commandOf, commonFlags } from './read-command.ts'
import { flagsOf } from './verb-flags.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** What may stand for the last of these words, which is begun or empty; the program's own name is not among them. */
export const completionsFor = (words: readonly string[]): readonly string[] => {
  const begun = words.at(-1) ?? ''
  return candidates(words.slice(0, -1)).filter((word) => word.startsWith(begun))
}

const candidates = (before: readonly string[]): readonly string[] => {
  const said = before[0] === 'help' ? before.slice(1) : before
  const [first, second] = said
  if (first === undefined)
    return unique([...verbNames.map((name) => commandOf(name).split(' ')[0] ?? ''), ...ownNames, 'help'])
  const pair = `${first}.${second}`
  const name = isVerbName(pair) ? pair : isVerbName(first) ? first : null
  if (name === null) return second === undefined ? afterWord(first) : []
  const flags = flagsOf(verbs[name])
  const open = flags.find((flag) => `--${flag.name}` === said.at(-1) && flag.type !== 'switch')
  if (open) return open.choices ?? []
  return [...flags.map((flag) => `--${flag.name}`), ...commonFlags.map((flag) => `--${flag}`)]
}

const afterWord = (word: string): readonly string[] => {
  if (word === 'completion') return shells
  if (isOwnName(word)) return ['--help']
  return verbNames.filter((name) => name.startsWith(`${word}.`)).map((name) => name.slice(word.length + 1))
}

const unique = (words: readonly string[]) => [...new Set(words)]

/** The script for a shell; null when it is none of those known. It asks the command itself, so it never grows old. */
export const completionScript = (shell: string): string | null => {
  switch (shell) {
    case 'bash':
      return `# Put this into ~/.bashrc:   source <(switchyard completion bash)
_switchyard() {
  local IFS=$'\\n'
  COMPREPLY=($(switchyard __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _switchyard switchyard
`
    case 'zsh':
      return `#compdef switchyard
# Put this into ~/.zshrc, after compinit:   source <(switchyard completion zsh)
_switchyard() {
  local -a candidates
  candidates=("\${(@f)$(switchyard __complete "\${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}")
  compadd -a candidates || _files
}
compdef _switchyard switchyard
`
    case 'fish':
      return `# Run once:   switchyard completion fish > ~/.config/fish/completions/switchyard.fish
function __switchyard_complete
    set -l words (commandline -opc) (commandline -ct)
    switchyard __complete $words[2..-1] 2>/dev/null
end
complete -c switchyard -a '(__switchyard_complete)'
`
    default:
      return null
  }
}
