import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLog, redactText } from './log.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'switchyard-log-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it('hides secrets by name and by shape, and keeps the rest', () => {
  const path = join(directory, 'logs', 'switchyard.log')
  const { log, close } = openLog(path)
  const hex = 'ab'.repeat(32)
  log.info(
    { token: 'plain', hook: { prompt: 'do it' }, note: `Bearer abcdefghijklmnop and ${hex}`, kept: 42 },
    'sk-ant-api03-abcdefghijklmnop',
  )
  log.warn('cloned https://me:secret@example.invalid/x and #code=12345678')
  close()
  const text = readFileSync(path, 'utf8')
  for (const secret of ['plain', 'do it', 'abcdefghijklmnop', hex, 'sk-ant', 'me:secret', '12345678'])
    expect(text).not.toContain(secret)
  expect(text).toContain('"kept":42')
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('takes what comes after its end for too late, and throws nothing', () => {
  const path = join(directory, 'switchyard.log')
  const { log, close } = openLog(path)
  log.info('before')
  close()
  // Something that nobody waits for, such as the search for agents, may end after the app was closed.
  log.child({ part: 'x' }).error('after')
  close()
  expect(readFileSync(path, 'utf8').match(/before|after/g)).toEqual(['before'])
})

it('starts a new file when the old one is long, and keeps that beside it', () => {
  const path = join(directory, 'switchyard.log')
  writeFileSync(path, 'x'.repeat(11 * 1024 * 1024))
  const { log, close } = openLog(path)
  log.info('fresh')
  close()
  expect(readFileSync(path, 'utf8')).toContain('fresh')
  expect(statSync(`${path}.1`).size).toBe(11 * 1024 * 1024)
})

it.each([
  ['a word', 'a word'],
  ['ghp_abcdefghijklmnop1234', '[hidden]'],
  ['?token=abc&x=1', '[hidden]&x=1'],
])('redacts %s', (text, expected) => {
  expect(redactText(text)).toBe(expected)
})
