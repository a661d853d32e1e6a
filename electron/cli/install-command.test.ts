import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { launcherMark, launcherText } from '../../shared/launcher/launcher-text.ts'
import { writeLaunchers } from '../backend/adapters/launchers.ts'
import { installCommand } from './install-command.ts'
import { createWorld } from './testing.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard it's a home-"))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const cli = join(import.meta.dirname, '..', 'cli.ts')
const install = (args: readonly string[] = [], path = '') =>
  installCommand(args, createWorld({ PATH: path }, home).world)
const installed = () => join(home, '.local', 'bin', 'switchyard')

describe('installing the command', () => {
  it('puts a file into ~/.local/bin that runs, and says what it did', async () => {
    const result = await install()
    expect(result.ok && result.value).toContain(installed())
    expect(result.ok && result.value).toContain('not on your PATH yet')
    expect(execFileSync(installed(), ['help', 'claim'], { encoding: 'utf8' })).toContain('claim [TASK]')
  })

  it('says nothing of the PATH when the folder is on it', async () => {
    const result = await install([], `/usr/bin:${join(home, '.local', 'bin')}`)
    expect(result.ok && result.value).not.toContain('PATH')
  })

  it('takes another folder, and writes over its own file', async () => {
    const folder = join(home, 'tools')
    expect((await install(['--folder', folder])).ok).toBe(true)
    expect((await install([`--folder=${folder}`])).ok).toBe(true)
    expect(readdirSync(folder)).toEqual(['switchyard'])
  })

  it('never writes over what is not its own, nor through a link', async () => {
    mkdirSync(join(home, '.local', 'bin'), { recursive: true })
    writeFileSync(installed(), 'mine\n')
    expect(await install()).toMatchObject({ ok: false, refusal: { code: 'EXISTS' } })
    rmSync(installed())
    writeFileSync(join(home, 'target'), launcherMark)
    symlinkSync(join(home, 'target'), installed())
    expect(await install()).toMatchObject({ ok: false, refusal: { code: 'EXISTS' } })
    expect(readFileSync(join(home, 'target'), 'utf8')).toBe(launcherMark)
  })

  it.each([[['--fodler', 'x']], [['here']], [['--folder']]])('refuses %j', async (args) => {
    expect(await install(args)).toMatchObject({ ok: false, refusal: { code: 'MALFORMED' } })
  })
})

describe('the launchers of the app', () => {
  it('start the command with all its words and its exit code, from a folder of any name', async () => {
    const folder = join(home, 'data $(x) "y"', 'bin')
    await writeLaunchers(folder, { path: process.execPath, needsRunAsNode: false }, cli)
    await writeLaunchers(folder, { path: process.execPath, needsRunAsNode: false }, cli)
    expect(readdirSync(folder).sort()).toEqual(['git-hooks', 'switchyard', 'switchyard.cmd'])
    expect(statSync(join(folder, 'switchyard')).mode & 0o777).toBe(0o700)
    const failed = (() => {
      // Expects the exit code 1 of the command, which execFileSync throws.
      try {
        return execFileSync(join(folder, 'switchyard'), ['report', 'a b', 'c d'], { encoding: 'utf8', stdio: 'pipe' })
      } catch (error) {
        return error as { status: number; stderr: string }
      }
    })()
    expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining('"c d" is one word too many') })
  })

  it('make a Node of Electron, for that one process', () => {
    const target = { node: '/opt/Switch Yard/switchyard', script: "/opt/it's/cli.js", needsRunAsNode: true }
    const text = launcherText(target, 'sh')
    expect(text).toContain(`ELECTRON_RUN_AS_NODE=1 exec '/opt/Switch Yard/switchyard'`)
    const echo = join(home, 'echo.sh')
    writeFileSync(echo, launcherText({ ...target, node: '/bin/echo' }, 'sh'))
    chmodSync(echo, 0o700)
    expect(execFileSync(echo, ['$HOME', '*'], { encoding: 'utf8' })).toBe("/opt/it's/cli.js $HOME *\n")
  })

  it('have the line ends and the signs of Windows where they are for it', () => {
    const text = launcherText({ node: 'C:\\100%\\node.exe', script: 'C:\\cli.js', needsRunAsNode: true }, 'cmd')
    expect(text).toBe(
      `@echo off\r\nrem ${launcherMark}\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n"C:\\100%%\\node.exe" "C:\\cli.js" %*\r\n`,
    )
  })
})
