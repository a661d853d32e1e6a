import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withDirect, type DirectOptions } from './open-direct.ts'

// Others wait for each turn of a command that works without the app, so a turn does nothing but what was asked.

let folder: string
let dataDir: string
let gitMark: string
let options: DirectOptions
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-open-direct-'))
  dataDir = join(folder, 'data')
  gitMark = join(folder, 'git-was-run')
  const programs = join(folder, 'programs')
  mkdirSync(programs)
  writeFileSync(join(programs, 'git'), `#!/bin/sh\necho "$@" >> '${gitMark}'\necho git version 2.45.0\n`)
  chmodSync(join(programs, 'git'), 0o755)
  const entries = { ptyHost: '/nowhere/pty-host.ts', cli: '/nowhere/cli.ts', resources: '/nowhere/resources' }
  options = { dataDir, home: folder, version: '0.0.0', environment: { PATH: programs, HOME: folder }, entries }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('asks and answers without a look at git', async () => {
  const who = { kind: 'person', folder, pid: process.pid } as const
  const call = { name: 'tasks.list', input: {}, requestId: 'a-request', signal: AbortSignal.abort() }
  const answers = await withDirect(options, async (direct) => [
    await direct.findTokenHolder('nobody'),
    await direct.runPersonVerb(who, call),
  ])
  expect(answers).toEqual([null, expect.objectContaining({ ok: false })])
  expect(existsSync(gitMark)).toBe(false)
})

it('leaves the files that start the command to the app', async () => {
  const launcher = join(dataDir, 'bin', 'switchyard')
  mkdirSync(join(dataDir, 'bin'), { recursive: true })
  writeFileSync(launcher, 'of another Switchyard')
  await withDirect(options, (direct) => direct.findTokenHolder('nobody'))
  expect(readFileSync(launcher, 'utf8')).toBe('of another Switchyard')
  expect(existsSync(join(dataDir, 'bin', 'git-hooks'))).toBe(false)
})
