import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LaunchRequest } from './agent-adapter.ts'
import { plainShellAdapter } from './plain-shell.ts'

let home: string
let command: string

beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-it's a shell-")))
  mkdirSync(join(home, 'its bin'))
  command = join(home, 'its bin', 'switchyard')
  writeFileSync(command, '#!/bin/sh\necho found\n')
  chmodSync(command, 0o755)
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** What these lines print, typed into the shell as a session starts it. */
const type = (lines: string, profile: string, environment: Readonly<Record<string, string>> = {}): string => {
  writeFileSync(join(home, '.bash_profile'), profile)
  const request = { executable: '/bin/bash', environment } as unknown as LaunchRequest
  const launch = plainShellAdapter.launch(request)
  const [program, ...args] = launch.argv
  return execFileSync(program, [...args, '-i'], {
    input: `${lines}\nexit\n`,
    encoding: 'utf8',
    env: { HOME: home, PATH: '/usr/bin:/bin', SWITCHYARD_COMMAND: command, ...environment, ...launch.environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
}

const resetsPath = 'PATH=/usr/bin:/bin\n'

describe('the command in a plain bash', () => {
  it('is found although start-up files set PATH anew, and stands there once', () => {
    expect(type('switchyard', resetsPath)).toContain('found')
    const path = type('true\ntrue\necho "<$PATH>"', resetsPath)
    expect(path.split(join(home, 'its bin'))).toHaveLength(2)
  })

  it('takes nothing from what the person has before each prompt', () => {
    expect(type('switchyard', resetsPath, { PROMPT_COMMAND: 'echo own-$((40+2))' })).toMatch(/own-42[^]*found/)
    expect(type('true', `${resetsPath}PROMPT_COMMAND='echo own-$((40+2))'\n`)).toContain('own-42')
  })

  it('is left alone in other shells', () => {
    const request = { executable: '/bin/zsh', environment: {} } as unknown as LaunchRequest
    expect(plainShellAdapter.launch(request).environment).toEqual({})
  })
})
