import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanPaste, pathsOfUriList, preparePaste, quotePaths } from './paste.ts'

describe('pasting', () => {
  it('brackets text for a program that understands it', () => {
    expect(preparePaste('ls\npwd\n', true)).toEqual({ kind: 'send', data: '\x1b[200~ls\rpwd\r\x1b[201~' })
  })

  it('takes out the sequence that ends a paste, however it is nested', () => {
    expect(cleanPaste('a\x1b[201~b')).toBe('ab')
    expect(cleanPaste('a\x1b[20\x1b[201~1~b')).toBe('ab')
    expect(cleanPaste('a\x9b201~b')).toBe('ab')
    expect(cleanPaste('a\x1b[2\x9b201~01~; rm -rf ~')).toBe('a; rm -rf ~')
  })

  it('shows other escapes and drops control characters that would act as keys', () => {
    expect(cleanPaste('\x1b[31mred')).toBe('␛[31mred')
    expect(cleanPaste('a\x03b\x04c\x7fd\x00e\x9bf')).toBe('abcdef')
    expect(cleanPaste('tab\tstays')).toBe('tab\tstays')
  })

  it('leaves no way to end a bracketed paste early', () => {
    const part = fc.constantFrom('\x1b', '[', '2', '0', '1', '~', '\x9b', '\x1b[201~', 'x', '\n')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const paste = preparePaste(parts.join(''), true)
        const inside = paste.data.slice('\x1b[200~'.length, -'\x1b[201~'.length)
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        expect(inside).not.toMatch(/[\x1b\x9b\n]/)
      }),
      { numRuns: 2000 },
    )
  })

  it('asks before several lines run one after the other', () => {
    expect(preparePaste('cd /tmp\nrm -rf x\n', false)).toEqual({
      kind: 'confirm',
      data: 'cd /tmp\rrm -rf x\r',
      asOneLine: 'cd /tmp rm -rf x',
      lines: 2,
    })
  })

  it('does not run a single line that was copied with its newline', () => {
    expect(preparePaste('git status\r\n', false)).toEqual({ kind: 'send', data: 'git status' })
  })
})

describe('dropped files', () => {
  it('quotes paths for the shell of the platform', () => {
    expect(quotePaths(['/a/b.ts', "/a b/it's $HOME.ts"], false)).toBe(String.raw`/a/b.ts '/a b/it'\''s $HOME.ts'`)
    expect(quotePaths(['C:\\x\\y.ts', 'C:\\My Files\\z.ts'], true)).toBe('C:\\x\\y.ts "C:\\My Files\\z.ts"')
  })

  it('reads the local paths of a list of addresses', () => {
    const list = [
      '# comment',
      'file:///home/me/a%20b/%C3%BC.ts',
      'https://example.com/x',
      'file://server/share/x',
      'file:///C:/Users/x.ts',
      'file:///bad%zz',
      'not an address',
    ].join('\r\n')
    expect(pathsOfUriList(list)).toEqual(['/home/me/a b/ü.ts', 'C:\\Users\\x.ts'])
  })
})
