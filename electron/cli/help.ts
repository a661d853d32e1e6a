import type { Verb } from '../../shared/agent-verbs/verb.ts'
import { exitCodes } from '../../shared/agent-verbs/exit-codes.ts'
import { isVerbName, verbNames, verbs, type VerbName } from '../../shared/agent-verbs/verbs.ts'
import { isOwnName, ownCommands, ownNames, type OwnName } from './own-commands.ts'
import { commandOf } from './read-command.ts'
import { tableOf } from './table.ts'
import { flagsOf, type Flag } from './verb-flags.ts'

/** Help on one verb, on a group of them ("tasks"), or on all. */
export const helpText = (topic: VerbName | OwnName | null, group: string | null): string => {
  if (topic !== null && isVerbName(topic)) return verbHelp(topic)
  if (topic !== null && isOwnName(topic))
    return `Usage: switchyard ${ownCommands[topic].usage}\n\n${ownCommands[topic].description}\n`
  const shown = verbNames.filter((name) => group === null || name.startsWith(`${group}.`))
  const rows = shown.map((name) => [`  ${usageWords(name)}`, summaryOf(verbs[name])])
  const own =
    group === null ? ownNames.map((name) => [`  ${ownCommands[name].usage}`, ownCommands[name].description]) : []
  return [
    `Usage: switchyard ${group ?? 'VERB'} ... [--json]`,
    '',
    tableOf([...rows, ...own]),
    '',
    'More on each: switchyard VERB --help. Answers as JSON: --json. Long texts from standard input: "-".',
    `Exit codes: ${exitWords}.`,
    '',
  ].join('\n')
}

const exitWords = [
  `${exitCodes.ok} done`,
  `${exitCodes.failed} mistake in the call`,
  `${exitCodes.refused} refused by a rule`,
  `${exitCodes.conflict} conflict`,
  `${exitCodes.staleEpoch} stale epoch`,
  `${exitCodes.unavailable} app away`,
].join(', ')

const summaryOf = ({ description }: Verb) => description.split(/(?<=\.)\s/)[0] ?? ''

const verbHelp = (name: VerbName): string => {
  const verb: Verb = verbs[name]
  const flags = flagsOf(verb)
  const rows = flags.map((flag) => [`  --${flag.name}${valueWord(flag)}`, aboutFlag(flag, verb)])
  const common = [
    ['  --json', 'Print the answer as one line of JSON.'],
    ...(verb.kind === 'change'
      ? [['  --request-id KEY', 'The same key for a repeat: it changes nothing and gets the first answer.']]
      : []),
  ]
  return [
    `Usage: switchyard ${usageWords(name)}${rows.length > 0 ? ' [FLAGS]' : ''}`,
    '',
    verb.description,
    '',
    tableOf([...rows, ...common]),
    '',
  ].join('\n')
}

const usageWords = (name: VerbName): string => {
  const verb: Verb = verbs[name]
  const flags = flagsOf(verb)
  const places = verb.command.positional.map((key) => {
    const flag = flags.find((one) => one.key === key)
    const word = `${key.toUpperCase()}${flag?.isList ? '...' : ''}`
    return flag?.isRequired ? word : `[${word}]`
  })
  return [commandOf(name), ...places].join(' ')
}

const valueWord = ({ type, choices }: Flag) => {
  if (type === 'switch') return ''
  return choices && choices.length <= 4 ? ` ${choices.join('|')}` : type === 'number' ? ' N' : ' TEXT'
}

const aboutFlag = (flag: Flag, { command }: Verb): string =>
  [
    flag.isRequired ? 'Required.' : '',
    flag.description,
    flag.choices && flag.choices.length > 4 ? `One of ${flag.choices.join(', ')}.` : '',
    flag.isList ? 'May be repeated.' : '',
    command.fromStdin === flag.key ? '"-" reads standard input.' : '',
    flag.fallback === null ? '' : `Usually ${flag.fallback}.`,
  ]
    .filter((part) => part !== '')
    .join(' ')
