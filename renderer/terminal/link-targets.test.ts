import { describe, expect, it } from 'vitest'
import { judgeAddress, judgePath } from './link-targets.ts'

const roots = { cwd: '/w/tree/src', root: '/w/tree' }

describe('where a link may lead', () => {
  it('opens http and https', () => {
    expect(judgeAddress('https://example.com/a?b=c', roots)).toEqual({
      kind: 'web',
      url: 'https://example.com/a?b=c',
      shown: 'https://example.com/a?b=c',
    })
    expect(judgeAddress('http://localhost:5173/', roots).kind).toBe('web')
  })

  it('opens files inside the worktree, at their line', () => {
    expect(judgeAddress('file:///w/tree/a%20b.ts#L12', roots)).toEqual({
      kind: 'file',
      path: '/w/tree/a b.ts',
      line: 12,
      shown: '/w/tree/a b.ts:12',
    })
    expect(judgePath('x.ts', null, roots)).toMatchObject({ kind: 'file', path: '/w/tree/src/x.ts' })
  })

  it.each([
    ['javascript:alert(1)', 'javascript:'],
    ['vscode://file/etc/passwd', 'vscode:'],
    ['data:text/html,x', 'data:'],
    ['file:///etc/passwd', 'outside the worktree'],
    ['file:///w/tree/../../etc/passwd', 'outside the worktree'],
    ['file:///w/tree/%2e%2e/%2e%2e/etc/passwd', 'outside the worktree'],
    ['file://server/share/x', 'another computer'],
    ['file:///w/tree/%zz', 'no path'],
    ['file:///w/tree/%ff', 'no path'],
    ['https://example.com@evil.test/', 'user name'],
    ['no address', 'no address'],
  ])('refuses %s and says why', (address, why) => {
    const target = judgeAddress(address, roots)
    expect(target.kind).toBe('refused')
    expect(target.kind === 'refused' && target.why).toContain(why)
  })

  it('shows characters that hide or reorder, and clips what is long', () => {
    expect(judgeAddress(`https://example.com/${'a'.repeat(900)}`, roots).shown).toHaveLength(301)
    expect(judgePath('a\u202Ets.exe', null, roots).shown).toContain('U+202E')
  })
})
