import { describe, expect, it } from 'vitest'
import type { Activity } from '../../../shared/contract/sessions.ts'
import { costText, evidenceWord, folderText, shellName, shortBranch } from './tile-text.ts'

const activity = (source: Activity['evidence']['source'], detail = ''): Activity => ({
  kind: 'working',
  reason: null,
  evidence: { source, detail },
  at: 0,
})

describe('the evidence of a badge', () => {
  it.each([
    ['hook', 'PreToolUse: Bash', 'Tool hook'],
    ['hook', 'PermissionRequest: Bash', 'Permission hook'],
    ['hook', 'Stop', 'Stop hook'],
    ['hook', 'TeammateIdle: x', 'TeammateIdle hook'],
    ['hook', '', 'Hook'],
    ['status-file', 'waiting', 'Status file'],
    ['title', '✳ name', 'Terminal title'],
    ['notification', 'OSC 9', 'Notification'],
    ['process', 'it runs', 'Process'],
    ['person', 'Escape', 'Your answer'],
    ['none', '', 'No evidence yet'],
  ] as const)('from %s "%s" reads "%s"', (source, detail, word) => {
    expect(evidenceWord(activity(source, detail))).toBe(word)
  })
})

describe('texts of a tile', () => {
  it('shows branches without our prefix and with hidden characters made visible', () => {
    expect(shortBranch('switchyard/retry-webhooks')).toBe('retry-webhooks')
    expect(shortBranch('feature/switchyard/x')).toBe('feature/switchyard/x')
    expect(shortBranch('a\u202Eb')).toContain('U+202E')
  })

  it('calls a shell as it calls itself, and never nothing', () => {
    expect(shellName({ title: 'vim notes' })).toBe('vim notes')
    expect(shellName({ title: '' })).toBe('Shell')
    expect(shellName({ title: null })).toBe('Shell')
    expect(shellName(undefined)).toBe('Shell')
  })

  it('shows costs with cents while they matter', () => {
    expect(costText(1.836)).toBe('$1.84')
    expect(costText(0)).toBe('$0.00')
    expect(costText(1234.5)).toBe('$1235')
  })

  it('shows folders below the worktree by their path', () => {
    expect(folderText('/w/tree', '/w/tree')).toBe('.')
    expect(folderText('/w/tree/src/a', '/w/tree')).toBe('src/a')
    expect(folderText('/w/tree-2', '/w/tree')).toBe('tree-2')
    expect(folderText('/home/me', null)).toBe('me')
    expect(folderText(String.raw`C:\w\t\src`, String.raw`C:\w\t`)).toBe('src')
  })
})
