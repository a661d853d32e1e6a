import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { editorCommand, openInEditor } from './editor.ts'
import { parseHostOptions } from './host-options.ts'
import { createFileCache, readStaticTable } from './static-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'switchyard-common-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("the person's editor", () => {
  const having =
    (...files: string[]) =>
    (file: string) =>
      files.includes(file)
  const command = (environment: Record<string, string>, ...files: string[]) =>
    editorCommand('/w/a b.ts', 7, { PATH: '/opt/bin:/usr/bin', ...environment }, having(...files))

  test('is the one that VISUAL or EDITOR names, and opens at the line', () => {
    expect(command({ VISUAL: 'code --wait' }, '/usr/bin/code')).toEqual(['/usr/bin/code', '--goto', '/w/a b.ts:7'])
    expect(command({ EDITOR: 'subl' }, '/usr/bin/code', '/opt/bin/subl')).toEqual(['/opt/bin/subl', '/w/a b.ts:7'])
    expect(command({ EDITOR: '/opt/idea' }, '/opt/idea')).toEqual(['/opt/idea', '--line', '7', '/w/a b.ts'])
  })

  test('one that needs a terminal is passed over for one with a window', () => {
    expect(command({ EDITOR: 'vim' }, '/usr/bin/vim', '/usr/bin/zed')).toEqual(['/usr/bin/zed', '/w/a b.ts:7'])
  })

  test('is null where none is installed', () => {
    expect(command({ EDITOR: 'vim' }, '/usr/bin/vim')).toBeNull()
    expect(command({ EDITOR: 'code; rm -rf ~' }, '/usr/bin/rm')).toBeNull()
  })

  test('is started without a shell, and one that does not start is told', async () => {
    const real = join(folder, 'code')
    writeFileSync(real, '#!/bin/sh\nexit 0\n')
    expect(await openInEditor('/x', null, { VISUAL: real, PATH: '' })).toBe(false)
    chmodSync(real, 0o755)
    expect(await openInEditor('/x', null, { VISUAL: real, PATH: '' })).toBe(true)
    writeFileSync(join(folder, 'zed'), '#!/no/such/interpreter\n')
    chmodSync(join(folder, 'zed'), 0o755)
    expect(await openInEditor('/x', null, { VISUAL: join(folder, 'zed'), PATH: '' })).toBe(false)
  })
})

describe("a host's command line", () => {
  test('leaves everything at its usual place', () => {
    expect(parseHostOptions([], '/home/ada')).toEqual({
      dataDir: '/home/ada/.switchyard',
      projectDir: null,
      port: null,
      opensBrowser: true,
    })
  })

  test('takes folders, a port and the wish for no browser', () => {
    const args = ['--data', '/d', '--project', '/p', '--port', '0', '--no-open']
    expect(parseHostOptions(args)).toEqual({ dataDir: '/d', projectDir: '/p', port: 0, opensBrowser: false })
  })

  test('refuses what it does not know', () => {
    expect(() => parseHostOptions(['--remote'])).toThrow("'--remote'")
    expect(() => parseHostOptions(['--port', 'x'])).toThrow('--port needs a number')
  })
})

describe('the table of files', () => {
  const dist = join(folder, 'dist')
  mkdirSync(join(dist, 'assets'), { recursive: true })
  writeFileSync(join(dist, 'index.html'), '<!doctype html>')
  writeFileSync(join(dist, 'assets', 'index-abc.js'), 'export {}')
  writeFileSync(join(dist, 'assets', 'index-abc.js.map'), '{}')
  writeFileSync(join(folder, 'secret.json'), '{}')
  symlinkSync(join(folder, 'secret.json'), join(dist, 'assets', 'link'))
  const table = readStaticTable(dist)

  test('holds the page at its root, hashed files for ever, and no source maps', () => {
    expect([...table.keys()].sort()).toEqual(['/', '/assets/index-abc.js'])
    expect(table.get('/')).toMatchObject({ type: 'text/html; charset=utf-8', cacheControl: 'no-store' })
    expect(table.get('/assets/index-abc.js')?.cacheControl).toContain('immutable')
  })

  test('a file is read once', () => {
    const read = createFileCache()
    const first = read(table.get('/')!.file)
    writeFileSync(join(dist, 'index.html'), 'changed')
    expect(read(table.get('/')!.file)).toBe(first)
  })
})
