import { describe, expect, it } from 'vitest'
import { stateFromHost, steadyTitle, titleOf, type HostedTerminal, type TerminalState } from './terminals-rules.ts'

const starting: TerminalState = { kind: 'starting' }
const alive: TerminalState = { kind: 'alive', pid: 7 }
const exited: TerminalState = { kind: 'exited', code: 0, signal: null, at: 1 }
const lost: TerminalState = { kind: 'lost', at: 1 }

describe('the state of a terminal after asking the PTY host', () => {
  it.each([
    ['is alive once it runs', starting, { pid: 7, runtime: { kind: 'alive' } }, alive],
    ['takes a new pid', alive, { pid: 8, runtime: { kind: 'alive' } }, { kind: 'alive', pid: 8 }],
    [
      'has exited when the host saw its end',
      alive,
      { pid: 7, runtime: { kind: 'exited', code: 3, signal: null, at: 2 } },
      { ...exited, code: 3, at: 9 },
    ],
    [
      'was killed when the host saw a signal',
      starting,
      { pid: 7, runtime: { kind: 'exited', code: null, signal: 'SIGKILL', at: 2 } },
      { kind: 'exited', code: null, signal: 'SIGKILL', at: 9 },
    ],
    ['is lost when the host does not know it', alive, undefined, { kind: 'lost', at: 9 }],
    ['is lost when it was never started', starting, undefined, { kind: 'lost', at: 9 }],
  ] as const)('%s', (_, state, hosted, expected) => {
    expect(stateFromHost(state, hosted, 9)).toEqual(expected)
  })

  it.each([exited, lost])('never changes after its end: $kind', (state) => {
    const answers: readonly (HostedTerminal | undefined)[] = [
      undefined,
      { pid: 1, runtime: { kind: 'alive' } },
      { pid: 1, runtime: { kind: 'exited', code: 5, signal: null, at: 2 } },
    ]
    for (const hosted of answers) {
      expect(stateFromHost(state, hosted, 9)).toBe(state)
    }
  })

  it('is the same object when nothing changed, so that nothing is written', () => {
    expect(stateFromHost(alive, { pid: 7, runtime: { kind: 'alive' } }, 9)).toBe(alive)
  })
})

describe('a title', () => {
  it.each([
    ['✳ fix the tests', 'fix the tests'],
    ['◐ fix the tests', 'fix the tests'],
    ['◑ fix the tests', 'fix the tests'],
    ['[ ! ] Action Required | dir', '[ ! ] Action Required | dir'],
    ['~/code', '~/code'],
    ['größer', 'größer'],
    ['⠋', ''],
    ['', ''],
  ])('%j is shown as %j', (title, expected) => {
    expect(steadyTitle(title)).toBe(expected)
  })

  it('is the last part of the folder while the program has given none', () => {
    expect(titleOf({ title: '', cwd: '/home/me/a repo/' })).toBe('a repo')
    expect(titleOf({ title: '', cwd: '/' })).toBe('/')
    expect(titleOf({ title: 'vim', cwd: '/' })).toBe('vim')
  })
})
