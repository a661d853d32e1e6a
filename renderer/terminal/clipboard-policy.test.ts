import { describe, expect, it } from 'vitest'
import { judgeClipboard, maxClipboardBytes } from './clipboard-policy.ts'

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

describe('what a program may do to the clipboard', () => {
  it('sets it from the focused terminal, in any script', () => {
    expect(judgeClipboard(`c;${base64('Grüße 😀')}`, true)).toEqual({ kind: 'write', text: 'Grüße 😀' })
    expect(judgeClipboard(`;${base64('x').replace(/=+$/, '')}`, true)).toEqual({ kind: 'write', text: 'x' })
  })

  it('never reads it', () => {
    for (const data of ['c;?', ';?', 'c;', 'c', '']) expect(judgeClipboard(data, true)).toEqual({ kind: 'ignored' })
  })

  it('refuses a terminal without focus, and says so', () => {
    expect(judgeClipboard(`c;${base64('x')}`, false)).toMatchObject({ kind: 'refused' })
  })

  it('takes 100 KB and not a byte more', () => {
    expect(judgeClipboard(`c;${btoa('x'.repeat(maxClipboardBytes))}`, true).kind).toBe('write')
    expect(judgeClipboard(`c;${btoa('x'.repeat(maxClipboardBytes + 1))}`, true).kind).toBe('refused')
    expect(judgeClipboard(`c;${'A'.repeat(10_000_000)}`, true).kind).toBe('refused')
  })

  it('ignores what is no base64', () => {
    for (const payload of ['!!!!', 'a', 'ab=c', '\u{1F600}'])
      expect(judgeClipboard(`c;${payload}`, true)).toEqual({ kind: 'ignored' })
  })
})
