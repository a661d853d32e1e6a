import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { browserCommand, openBrowser } from './open-browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'switchyard-browser-'))
const opened = join(folder, 'opened')
const originalPath = process.env['PATH']
beforeAll(() => {
  // A browser that writes down what it was started with.
  writeFileSync(
    join(folder, 'xdg-open'),
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`,
  )
  chmodSync(join(folder, 'xdg-open'), 0o755)
  process.env['PATH'] = `${folder}:${originalPath}`
})
afterAll(() => {
  process.env['PATH'] = originalPath
  rmSync(folder, { recursive: true, force: true })
})

const link = 'http://127.0.0.1:7420/#code=secret-code'
const redirects = () => readdirSync(folder).filter((name) => name.endsWith('.html'))

test('a browser is started only where a window can appear', () => {
  expect(browserCommand('linux', {})).toBeNull()
  expect(browserCommand('linux', { DISPLAY: '' })).toBeNull()
  expect(browserCommand('linux', { DISPLAY: ':0' })).toEqual(['xdg-open'])
  expect(browserCommand('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open'])
  expect(browserCommand('darwin', {})).toEqual(['open'])
  expect(browserCommand('win32', {})?.[0]).toBe('cmd')
})

test.skipIf(process.platform !== 'linux')('the code is in a private file and never on a command line', async () => {
  expect(await openBrowser({ link, dataDir: folder, environment: { DISPLAY: ':0' }, platform: 'linux' })).toBe(true)
  await vi.waitUntil(() => existsSync(opened), { timeout: 30_000 })
  const passedOn = readFileSync(opened, 'utf8')
  expect(passedOn).not.toContain('secret-code')
  const [name] = redirects()
  expect(passedOn.trim()).toBe(`file://${join(folder, name!)}`)
  expect(statSync(join(folder, name!)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, name!), 'utf8')).toContain(`url=${link}"`)
})

test('the files of earlier starts are removed once their code has ended', async () => {
  const old = join(folder, 'open-0123456789abcdef.html')
  const strange = join(folder, 'open-me.html')
  for (const file of [old, strange]) {
    writeFileSync(file, '')
    utimesSync(file, 1, 1)
  }
  await openBrowser({ link, dataDir: folder, environment: { DISPLAY: ':0' }, platform: 'linux' })
  expect(existsSync(old)).toBe(false)
  expect(existsSync(strange)).toBe(true)
})

test('without a display nothing is started and nothing is written', async () => {
  const before = redirects()
  expect(await openBrowser({ link, dataDir: folder, environment: {}, platform: 'linux' })).toBe(false)
  expect(redirects()).toEqual(before)
})
