import { describe, expect, it } from 'vitest'
import { verbNames, verbs } from '../../shared/agent-verbs/verbs.ts'
import { nearestName } from './nearest-name.ts'
import { commandOf, commonFlags, readCommand } from './read-command.ts'
import { ownNames } from './own-commands.ts'
import { flagsOf } from './verb-flags.ts'

const read = (line: string) => readCommand(line === '' ? [] : line.split(' '))
const inputOf = (argv: readonly string[]) => {
  const command = readCommand(argv)
  return command.kind === 'verb' ? command.input : command
}
const messageOf = (argv: readonly string[]) => {
  const command = readCommand(argv)
  return command.kind === 'mistake' ? command.message : command
}

describe('a command line', () => {
  it.each(verbNames.map((name) => [name]))('finds the verb %s by its words', (name) => {
    const required = flagsOf(verbs[name])
      .filter((flag) => flag.isRequired)
      .map((flag) => `--${flag.name}=x`)
    expect(readCommand([...commandOf(name).split(' '), ...required])).toMatchObject({ kind: 'verb', name })
  })

  it.each([
    ['claim', 'claim', {}],
    ['claim APP-1', 'claim', { task: 'APP-1' }],
    ['claim --task APP-1', 'claim', { task: 'APP-1' }],
    [
      'tasks list --state open --state blocked --limit 5 --mine',
      'tasks.list',
      { state: ['open', 'blocked'], limit: 5, mine: true },
    ],
    ['tasks list --no-mine', 'tasks.list', { mine: false }],
    [
      'lease acquire src/** docs/** --mode shared --wait',
      'lease.acquire',
      { targets: ['src/**', 'docs/**'], mode: 'shared', wait: true },
    ],
    ['tasks depend APP-2', 'tasks.depend', { on: 'APP-2' }],
    ['tasks depend APP-1 APP-2', 'tasks.depend', { task: 'APP-1', on: 'APP-2' }],
    ['tasks comment Text', 'tasks.comment', { body: 'Text' }],
    ['tasks comment Text APP-1', 'tasks.comment', { body: 'Text', task: 'APP-1' }],
    ['tasks comment APP-1 --body Text', 'tasks.comment', { task: 'APP-1', body: 'Text' }],
    ['tasks comment Text --task APP-1', 'tasks.comment', { task: 'APP-1', body: 'Text' }],
    ['mail send @a @b --body Hi --needs-ack', 'mail.send', { to: ['@a', '@b'], body: 'Hi', needsAck: true }],
    ['ask-human Which? a b', 'ask-human', { question: 'Which?', options: ['a', 'b'] }],
    ['tasks update --role=', 'tasks.update', { role: null }],
    ['report -- --loud', 'report', { text: '--loud' }],
    ['report --text=--loud', 'report', { text: '--loud' }],
  ])('%s', (line, name, input) => {
    expect(read(line)).toMatchObject({ kind: 'verb', name, input })
    expect(inputOf(line.split(' '))).toEqual(input)
  })

  it('keeps the words of one argument together, whatever is in it', () => {
    expect(inputOf(['report', 'a  "b" $(c)\nd'])).toEqual({ text: 'a  "b" $(c)\nd' })
  })

  it('says which input comes from the standard input, for verbs that read one', () => {
    expect(read('submit -')).toMatchObject({ fromStdin: 'summary' })
    expect(read('tasks create Title --body -')).toMatchObject({ fromStdin: 'body' })
    expect(read('claim -')).toMatchObject({ fromStdin: null, input: { task: '-' } })
  })

  it('takes --json before and after the verb, and a request id', () => {
    expect(read('--json whoami')).toMatchObject({ isJson: true, requestId: null })
    expect(read('claim --json --request-id work-00001')).toMatchObject({ isJson: true, requestId: 'work-00001' })
    expect(messageOf(['claim', '--request-id', 'short'])).toContain('8 to 64')
  })

  it.each([
    ['', { kind: 'help', topic: null, group: null }],
    ['--help', { kind: 'help', topic: null, group: null }],
    ['help tasks', { kind: 'help', topic: null, group: 'tasks' }],
    ['tasks --help', { kind: 'help', topic: null, group: 'tasks' }],
    ['help tasks list', { kind: 'help', topic: 'tasks.list', group: null }],
    ['tasks list --help', { kind: 'help', topic: 'tasks.list', group: null }],
    ['claim -h', { kind: 'help', topic: 'claim', group: null }],
    ['install --help', { kind: 'help', topic: 'install', group: null }],
    ['help completion', { kind: 'help', topic: 'completion', group: null }],
    ['--version', { kind: 'version' }],
    ['completion zsh', { kind: 'own', name: 'completion', args: ['zsh'] }],
  ])('%j asks for what it says', (line, command) => {
    expect(read(line)).toEqual(command)
  })
})

describe('a mistake', () => {
  it.each([
    [['cliam'], 'Did you mean "claim"?'],
    [['tasks', 'lst'], 'Did you mean "tasks list"?'],
    [['task', 'list'], 'Did you mean "tasks list"?'],
    [['mail'], 'send, inbox, read, ack, thread'],
    [['mail', '--json'], 'send, inbox, read, ack, thread'],
    [['zzzzzzzzzzzz'], '"switchyard help" lists all'],
    [['help', 'cliam'], 'Did you mean "claim"?'],
    [['toString'], 'There is no "toString"'],
    [['tasks', 'create', 'x', '--priorty', '2'], 'Did you mean --priority?'],
    [['claim', '--jsn'], 'Did you mean --json?'],
    [['claim', '--qqqqqqqq'], 'See --help'],
    [['claim', 'APP-1', 'APP-2'], '"APP-2" is one word too many'],
    [['report', 'two', 'words'], 'in quotes'],
    [['tasks', 'list', '--limit', 'many'], '--limit needs a number'],
    [['tasks', 'list', '--limit='], '--limit needs a number'],
    [['tasks', 'list', '--label', '--mine'], '--label needs a value'],
    [['tasks', 'list', '--label'], '--label needs a value'],
    [['tasks', 'list', '--mine=yes'], '--mine takes no value'],
    [['claim', 'APP-1', '--task', 'APP-2'], '--task was given twice'],
    [['whoami', '--no-text'], 'There is no --no-text'],
  ])('%j is answered with what to do', (argv, part) => {
    expect(messageOf(argv)).toContain(part)
  })

  it('is told as JSON where that was asked for', () => {
    expect(
      [
        ['claim', '--jsn', '--json'],
        ['--json', 'cliam'],
        ['cliam', '--json'],
      ].map(readCommand),
    ).toMatchObject([
      { kind: 'mistake', isJson: true },
      { kind: 'mistake', isJson: true },
      { kind: 'mistake', isJson: true },
    ])
  })
})

describe('the nearest name', () => {
  it.each([
    ['cliam', 'claim'],
    ['CLAIM', 'claim'],
    ['clam', 'claim'],
    ['reprot', 'report'],
    ['report2', 'report'],
    ['', null],
    ['something', null],
    ['c'.repeat(5000), null],
  ])('to %j is %j', (given, nearest) => {
    expect(nearestName(given, ['claim', 'report', 'submit'])).toBe(nearest)
  })
})

describe('the flags of a verb', () => {
  const flag = (verb: keyof typeof verbs, name: string) => flagsOf(verbs[verb]).find((one) => one.name === name)

  it('are read off its input', () => {
    expect(flag('lease.acquire', 'mode')).toMatchObject({ choices: ['shared', 'exclusive'], fallback: 'exclusive' })
    expect(flag('lease.acquire', 'wait')).toMatchObject({ type: 'switch', isList: false, fallback: null })
    expect(flag('tasks.create', 'depends-on')).toMatchObject({ key: 'dependsOn', isList: true, type: 'text' })
    expect(flag('tasks.create', 'title')).toMatchObject({ isRequired: true, isNullable: false })
    expect(flag('submit', 'epoch')).toMatchObject({ type: 'number', isNullable: true, isRequired: false })
  })

  it('never have the name of a flag that all have, nor a verb that of a command of its own', () => {
    const names = verbNames.flatMap((name) => flagsOf(verbs[name]).map((one) => one.name))
    expect(names.filter((name) => (commonFlags as readonly string[]).includes(name))).toEqual([])
    expect(verbNames.filter((name) => (ownNames as readonly string[]).includes(name))).toEqual([])
  })
})
