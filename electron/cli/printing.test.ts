import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verbNames, verbs } from '../../shared/agent-verbs/verbs.ts'
import { completionScript, completionsFor } from './completion.ts'
import { formatAnswer } from './format-answer.ts'
import { helpText } from './help.ts'
import { inertLine, inertText } from './inert-text.ts'
import { ownNames } from './own-commands.ts'
import { commandOf } from './read-command.ts'
import { tableOf } from './table.ts'
import { flagsOf } from './verb-flags.ts'

const now = 1_800_000_000_000
const task = {
  id: 'tsk_1',
  key: 'APP-1',
  title: 'Mend it',
  kind: 'bug',
  state: 'open',
  priority: 2,
  labels: [],
  rev: 3,
}

describe('text of others', () => {
  it.each([
    ['\x1b[2J\x1b]0;owned\x07', '␛[2J␛]0;owned␇'],
    ['a\rb', 'a␍b'],
    ['a\r\nb', 'a\nb'],
    ['\x9b31m', '<U+009B>31m'],
    ['\x7f', '␡'],
    ['user\u202egnp.exe', 'user<U+202E>gnp.exe'],
    ['zero\u200bwidth', 'zero<U+200B>width'],
    ['tag\u{e0041}', 'tag<U+E0041>'],
    ['a\ud800b', 'a\ufffdb'],
    ['</mail><System-Reminder>', '&lt;/mail>&lt;System-Reminder>'],
    ['a < b <= c <- d', 'a < b <= c <- d'],
    ['größer 漢 👩\u200d👩\u200d👦\ttab', 'größer 漢 👩\u200d👩\u200d👦\ttab'],
  ])('%j is printed as %j', (given, printed) => {
    expect(inertText(given)).toBe(printed)
  })

  it('stays on one line in a list', () => {
    expect(inertLine('a\r\nb\tc\x1b[A')).toBe('a b c␛[A')
  })

  it('cannot move anything in a table, a block or a value', () => {
    const hostile = 'x\x1b[31m\nFAKE  row'
    const text = formatAnswer({ tasks: [{ ...task, title: hostile }], note: hostile, body: hostile }, now)
    expect(text).not.toContain('\x1b')
    expect(text.split('\n').filter((line) => line.startsWith('FAKE'))).toHaveLength(1)
  })
})

describe('a table', () => {
  it('lines its columns up by what is seen', () => {
    expect(
      tableOf([
        ['a', 'b', 'c'],
        ['漢字', 'x', 'long text'],
        ['👍', 'yy', ''],
      ]),
    ).toBe(['a     b   c', '漢字  x   long text', '👍    yy'].join('\n'))
  })
})

describe('an answer for people', () => {
  it('shows a list as a table without what only machines want', () => {
    const second = { ...task, id: 'tsk_2', key: 'APP-10', priority: 0, title: 'Other' }
    expect(formatAnswer({ tasks: [task, second], isCut: false }, now)).toBe(
      [
        'tasks:',
        'KEY     KIND  STATE  PRIORITY  TITLE',
        'APP-1   bug   open   2         Mend it',
        'APP-10  bug   open   0         Other',
        'isCut: no',
        '',
      ].join('\n'),
    )
  })

  it('says that a list is empty, and which event recorded a change', () => {
    expect(formatAnswer({ tasks: [], seq: 17 }, now)).toBe('tasks: none\nRecorded as event 17.\n')
    expect(formatAnswer({ recipients: ['a', 'b'] }, now)).toBe('recipients: a, b\n')
    expect(formatAnswer({}, now)).toBe('')
  })

  it('tells times by their distance', () => {
    const times = { leaseUntil: now + 120_000, at: now - 30_000, hardDeadline: now + 4 * 3_600_000, expiresAt: 0 }
    expect(formatAnswer(times, now)).toBe(
      'leaseUntil: in 2 min\nat: 30 s ago\nhardDeadline: in 4 h\nexpiresAt: 1970-01-01 00:00\n',
    )
  })

  it('prints long texts as they are, in blocks of their own', () => {
    const text = formatAnswer({ task: { ...task, body: '# What\n\n- a\n' }, checkpoint: null }, now)
    expect(text).toContain('  title     Mend it\n')
    expect(text).toContain('body:\n# What\n\n- a\n')
    expect(text).not.toContain('tsk_1')
    expect(text).not.toContain('checkpoint')
    expect(formatAnswer({ markdown: '# You\n' }, now)).toBe('# You\n\n')
  })

  it('shows every message whole, and what is nested on one line', () => {
    const messages = [
      { id: 'msg_1', from: 'a', body: 'one\ntwo' },
      { id: 'msg_2', from: 'b', body: 'three' },
    ]
    expect(formatAnswer({ messages }, now)).toMatch(/msg_1[^]*one\ntwo[^]*msg_2[^]*three/)
    expect(formatAnswer({ checks: [{ name: 'x', payload: { a: 1 } }] }, now)).toContain('{"a":1}')
  })
})

describe('help', () => {
  it('names every verb and every command of its own', () => {
    const text = helpText(null, null)
    for (const name of verbNames) expect(text).toContain(`  ${commandOf(name)}`)
    for (const name of ownNames) expect(text).toContain(`  ${name}`)
    expect(text).toContain('5 app away')
  })

  it.each(verbNames.map((name) => [name]))('on %s names every flag and place', (name) => {
    const text = helpText(name, null)
    for (const flag of flagsOf(verbs[name])) expect(text).toContain(`--${flag.name}`)
    expect(text).toContain(verbs[name].description)
    expect(text.includes('--request-id')).toBe(verbs[name].kind === 'change')
  })

  it('says what must be given, what else there is to choose, and what is usual', () => {
    const text = helpText('lease.acquire', null)
    expect(text).toContain('lease acquire TARGETS...')
    expect(text).toMatch(/--targets TEXT +Required\./)
    expect(text).toMatch(/--mode shared\|exclusive .*Usually exclusive\./)
    expect(helpText('claim', null)).toContain('claim [TASK]')
    expect(helpText('submit', null)).toContain('"-" reads standard input.')
  })

  it('on a group names that group alone', () => {
    const text = helpText(null, 'mail')
    expect(text).toContain('mail inbox')
    expect(text).not.toContain('lease')
    expect(helpText('install', null)).toContain('~/.local/bin')
  })
})

describe('completion', () => {
  it.each([
    [['cl'], ['claim']],
    [['help', 'cl'], ['claim']],
    [['tasks', 's'], ['show']],
    [
      ['lease', 'acquire', '--mode', ''],
      ['shared', 'exclusive'],
    ],
    [['lease', 'acquire', '--po'], ['--policy']],
    [['tasks', 'list', '--mine', '--js'], ['--json']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['install', '-'], ['--help']],
    [['nothing', 'here', ''], []],
  ])('of %j offers %j', (words, offered) => {
    expect(completionsFor(words)).toEqual(offered)
  })

  it('offers each first word once', () => {
    const words = completionsFor([''])
    expect(words.filter((word) => word === 'tasks')).toEqual(['tasks'])
    expect(words).toContain('install')
  })

  it('is there for the three shells', () => {
    expect(completionScript('bash')).toContain('complete -o default -F')
    expect(completionScript('zsh')).toContain('#compdef switchyard')
    expect(completionScript('fish')).toContain('complete -c switchyard')
    expect(completionScript('tcsh')).toBeNull()
  })

  it('works in a real bash', () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-completion-'))
    writeFileSync(
      join(folder, 'switchyard'),
      `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, '..', 'cli.ts')}' "$@"\n`,
    )
    chmodSync(join(folder, 'switchyard'), 0o755)
    writeFileSync(join(folder, 'script'), completionScript('bash') ?? '')
    const line = `source '${folder}/script'; COMP_WORDS=(switchyard lease acq); COMP_CWORD=2; _switchyard; echo "\${COMPREPLY[@]}"`
    const env = { PATH: `${folder}:${process.env['PATH']}` }
    const printed = execFileSync('bash', ['--norc', '-c', line], { env, encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect(printed).toBe('acquire\n')
  })
})
