import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { childEnvironment, matchesPattern, withCommand } from './child-environment-rules.ts'
import {
  findSessionProcess,
  hasEnvironmentMark,
  isProcessAlive,
  isSameProcess,
  readBootId,
  readProcessStart,
} from './processes.ts'
import { resolveShellEnvironment } from './shell-environment.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-env-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a process', () => {
  it('is known by pid and start, carries its mark, and is gone when it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], {
      env: { SWITCHYARD_SESSION: 'ses_1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const pid = child.pid ?? 0
    const start = await readProcessStart(pid)
    expect(start).toMatch(/./)
    expect(await isSameProcess({ pid, start })).toBe(true)
    expect(await isSameProcess({ pid, start: 'another' })).toBe(false)
    expect(await hasEnvironmentMark(pid, 'SWITCHYARD_SESSION', 'ses_1')).toBe(true)
    if (process.platform === 'linux') expect(await hasEnvironmentMark(pid, 'SWITCHYARD_SESSION', 'ses_2')).toBe(false)
    const known = { sessionId: 'ses_1', pid, processStart: start, bootId: 'b' }
    expect(await findSessionProcess(known, 'b')).toBe(pid)
    expect(await findSessionProcess(known, 'another start of the computer')).toBeNull()
    expect(await findSessionProcess({ ...known, processStart: 'another' }, 'b')).toBeNull()
    expect(await findSessionProcess({ ...known, pid: null }, 'b')).toBeNull()
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
    expect(isProcessAlive(pid)).toBe(false)
    expect(await isSameProcess({ pid, start })).toBe(false)
  })

  it('lives as long as its boot, whose name stays the same', async () => {
    expect(await readBootId()).toBe(await readBootId())
    expect(isProcessAlive(process.pid)).toBe(true)
  })
})

describe('the environment of a child', () => {
  it.each([
    ['PATH', ['PATH'], true],
    ['PATHX', ['PATH'], false],
    ['LC_ALL', ['LC_*'], true],
    ['BASH_DEFAULT_TIMEOUT_MS', ['BASH_*_TIMEOUT_MS'], true],
    ['BASH_MAX', ['BASH_*_TIMEOUT_MS'], false],
    ['ANYTHING', ['*'], true],
  ])('%s against %j: %s', (name, patterns, expected) => {
    expect(matchesPattern(name, patterns)).toBe(expected)
  })

  it('holds what is allowed and what is added, and nothing of the app or of the session it was started from', () => {
    const person = {
      PATH: '/bin',
      ANTHROPIC_API_KEY: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      DATABASE_URL: 'postgres://me:secret@db',
      CLAUDECODE: '1',
      CLAUDE_CODE_SESSION_ID: 'x',
      CLAUDE_CODE_MESSAGING_TOKEN: 'x',
      SWITCHYARD_TOKEN: 'of another session',
      ELECTRON_RUN_AS_NODE: '1',
      TERM_PROGRAM_VERSION: '1',
      TMUX: '/tmp/x',
    }
    const added = { SWITCHYARD_TOKEN: 'its own' }
    const terminal = { TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'Switchyard' }
    expect(childEnvironment(person, ['ANTHROPIC_*', 'CLAUDE_CODE_*'], added)).toEqual({
      PATH: '/bin',
      ANTHROPIC_API_KEY: 'key',
      ...terminal,
      ...added,
    })
    expect(childEnvironment(person, ['*'], {})).toMatchObject({ DATABASE_URL: 'postgres://me:secret@db', ...terminal })
    expect(childEnvironment(person, ['*'], {})).not.toHaveProperty('CLAUDECODE')
    expect(childEnvironment(person, ['*'], {})).not.toHaveProperty('TMUX')
  })

  it.each([
    [
      { PATH: '/bin:/usr/bin', HOME: '/h' },
      { PATH: '/yard:/bin:/usr/bin', HOME: '/h' },
    ],
    [{ PATH: '/bin:/yard:' }, { PATH: '/yard:/bin' }],
    [{ Path: '/bin' }, { Path: '/yard:/bin' }],
    [{}, { PATH: '/yard' }],
  ])('%j has our command first: %j', (given, made) => {
    expect(withCommand(given, '/yard', ':')).toEqual(made)
  })
})

describe('the environment of the login shell', () => {
  const node = { path: process.execPath, needsRunAsNode: false }
  const shellOf = (script: string) => {
    const path = join(folder, 'shell with space')
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
    return path
  }
  // What a real shell does with the last argument, after start-up files that print and set.
  const runsIt = 'while [ $# -gt 1 ]; do shift; done; exec /bin/sh -c "$1"'
  /** Only a hang is to meet the limit: a loaded machine may take seconds for a shell and a Node. */
  const patience = { node, timeoutMs: 50_000 }
  const own = (SHELL: string) => ({ SHELL, HOME: folder, PATH: '/usr/bin:/bin', ONLY_HERE: '1', UNSET: undefined })

  it('is what a new terminal would have, whatever start-up files print', async () => {
    const shell = shellOf(`echo "Welcome {}"; export FROM_SHELL='a b'; export PATH=/from/shell:/bin; ${runsIt}`)
    const found = await resolveShellEnvironment({ own: own(shell), ...patience })
    expect(found).toMatchObject({ shell, problem: null })
    expect(found.variables).toMatchObject({ FROM_SHELL: 'a b', ONLY_HERE: '1' })
    expect(found.variables['PATH']).toBe(['/from/shell', '/bin', '/usr/bin'].join(delimiter))
    expect(found.variables).not.toHaveProperty('ELECTRON_RUN_AS_NODE')
    expect(found.variables).not.toHaveProperty('SWITCHYARD_RESOLVING_ENVIRONMENT')
  })

  it('works with a real bash', async () => {
    writeFileSync(join(folder, '.bash_profile'), 'echo hello; export FROM_PROFILE=yes\n')
    const found = await resolveShellEnvironment({ own: own('/bin/bash'), ...patience })
    expect(found.problem).toBeNull()
    expect(found.variables).toMatchObject({ FROM_PROFILE: 'yes', ONLY_HERE: '1' })
  })

  it.each([
    ['hangs', 'sleep 600', 300, 'did not answer within 0.3 s'],
    ['ends without an answer', 'exit 3', patience.timeoutMs, 'ended with code 3'],
  ])('is the own one, with a message, when the shell %s', async (_name, script, timeoutMs, message) => {
    const found = await resolveShellEnvironment({ own: own(shellOf(script)), node, timeoutMs })
    expect(found.problem).toContain(message)
    expect(found.variables).toMatchObject({ ONLY_HERE: '1', PATH: '/usr/bin:/bin' })
    expect(found.variables).not.toHaveProperty('UNSET')
  })

  it('is the own one, with a message, when the shell is not there', async () => {
    const found = await resolveShellEnvironment({ own: own('/no/such/shell'), ...patience })
    expect(found.problem).toContain('could not be started')
  })
})
