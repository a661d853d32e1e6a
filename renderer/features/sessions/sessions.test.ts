import { describe, expect, it, vi } from 'vitest'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import { activityRow, sessionRow, worktreeRow } from '../../dev/fixtures.ts'
import { hasEnded } from './session-end-bar.tsx'
import { sessionMenu } from './session-menu.ts'
import { beforeIdAfterMove, branchLabel, evidenceText, matchesFilter, stateSince } from './session-text.ts'
import { deletedText, type SessionActions } from './use-session-actions.ts'

describe('branchLabel', () => {
  it('leaves out the prefix that all of ours share, and only there', () => {
    expect(branchLabel('switchyard/retry')).toBe('retry')
    expect(branchLabel('feature/switchyard/retry')).toBe('feature/switchyard/retry')
    expect(branchLabel('main')).toBe('main')
  })
})

describe('stateSince', () => {
  it.each<[string, Partial<Session>, number]>([
    ['activity while it runs', { activity: { ...activityRow('idle', '', 0), at: 50 } }, 50],
    ['loss', { runtime: { kind: 'lost', at: 60, reason: 'r' } }, 60],
    ['end', { lifecycle: 'stopped', runtime: { kind: 'exited', code: 0, signal: null, at: 70, wasAsked: true } }, 70],
    ['creation while it gets ready', { lifecycle: 'preparing', createdAt: 10 }, 10],
    ['creation while it never ran', { lifecycle: 'stopped', runtime: { kind: 'none' }, createdAt: 20 }, 20],
    ['the archive', { lifecycle: 'archived', archivedAt: 80 }, 80],
  ])('counts from its %s', (_, change, at) => {
    expect(stateSince(sessionRow(1, 'One', change))).toBe(at)
  })
})

describe('evidenceText', () => {
  it('says so when nothing is known', () => {
    expect(evidenceText({ activity: activityRow('unknown', '', 0) })).toBe('No sign of its state yet')
    expect(evidenceText({ activity: activityRow('idle', 'Stop hook', 0) })).toBe('Stop hook')
  })
})

describe('matchesFilter', () => {
  const row = { title: 'Retry webhooks', branch: 'switchyard/retry', word: 'Needs you' }
  it.each([
    ['', true],
    ['  ', true],
    ['WEBHOOKS', true],
    ['switchyard/re', true],
    ['needs', true],
    ['ledger', false],
  ])('finds by title, branch or state: %j', (text, isShown) => {
    expect(matchesFilter(row, { text })).toBe(isShown)
  })

  it('finds a session without a branch by its title', () => {
    expect(matchesFilter({ ...row, branch: null }, { text: 'retry' })).toBe(true)
  })
})

describe('beforeIdAfterMove', () => {
  const ids = ['a', 'b', 'c'] as const
  it.each([
    ['b', -1, 'a'],
    ['c', -1, 'b'],
    ['a', 1, 'c'],
    ['b', 1, null],
    ['a', -1, undefined],
    ['c', 1, undefined],
    ['x', 1, undefined],
  ] as const)('moving %s by %i puts it before %s', (id, by, before) => {
    expect(beforeIdAfterMove<string>(ids, id, by)).toBe(before)
  })
})

describe('hasEnded', () => {
  it('is true of a session that ran and does not any more', () => {
    expect(hasEnded(sessionRow(1, 'One'))).toBe(false)
    expect(hasEnded(sessionRow(1, 'One', { runtime: { kind: 'lost', at: 1, reason: 'r' } }))).toBe(true)
    expect(hasEnded(sessionRow(1, 'One', { lifecycle: 'stopped', runtime: { kind: 'none' } }))).toBe(true)
    expect(hasEnded(sessionRow(1, 'One', { lifecycle: 'preparing', runtime: { kind: 'none' } }))).toBe(false)
  })
})

describe('deletedText', () => {
  it('says what stays and what was kept', () => {
    expect(deletedText({ title: 'One' }, false, null)).toBe('Deleted One, its branch stays.')
    expect(deletedText({ title: 'One' }, true, 'refs/switchyard/rescue/1')).toBe(
      'Deleted One and its branch. What was not committed is kept in a rescue ref.',
    )
  })
})

describe('the menu of a session', () => {
  const actions = Object.fromEntries(
    [
      'rename',
      'pin',
      'move',
      'stop',
      'resume',
      'retry',
      'archive',
      'unarchive',
      'remove',
      'openShell',
      'markSeen',
      'setMailTyped',
      'copy',
    ].map((name) => [name, vi.fn()]),
  ) as unknown as SessionActions
  const onWhy = vi.fn()
  const onReview = vi.fn()
  const menuOf = (session: Session, worktree?: Worktree, takesTypedMail = false) => {
    const entries = sessionMenu({
      session,
      worktree,
      agent: { takesTypedMail },
      actions,
      onOpen: vi.fn(),
      onRename: vi.fn(),
      onShellOpened: vi.fn(),
      onWhy,
      onReview,
    }).filter((entry) => entry.kind === 'item')
    return { ids: entries.map((entry) => entry.id), find: (id: string) => entries.find((entry) => entry.id === id) }
  }

  it('asks why the session is where it is', () => {
    const entry = menuOf(sessionRow(1, 'One')).find('why')
    entry?.onChoose()
    expect(onWhy).toHaveBeenCalledWith({ kind: 'session', id: sessionRow(1, 'One').id })
  })

  it('offers to switch the typing of mail where the agent is told that way', () => {
    const [on, off] = [sessionRow(1, 'One'), sessionRow(1, 'One', { isMailTyped: false })]
    expect(menuOf(on).ids).not.toContain('mail-typed')
    const entry = menuOf(on, undefined, true).find('mail-typed')
    expect(entry?.label).toBe('Type no mail at its prompt')
    entry?.onChoose()
    expect(actions.setMailTyped).toHaveBeenCalledWith(on, false)
    expect(menuOf(off, undefined, true).find('mail-typed')?.label).toBe('Type mail at its prompt')
  })

  it('shows what the session changed once there is a worktree', () => {
    const entry = menuOf(sessionRow(1, 'One'), worktreeRow(1, 'switchyard/one')).find('review')
    entry?.onChoose()
    expect(onReview).toHaveBeenCalledWith(sessionRow(1, 'One').id)
    expect(menuOf(sessionRow(1, 'One')).find('review')?.disabledReason).toBe('It has no worktree yet.')
  })

  it('offers to stop what runs and to resume what does not', () => {
    expect(menuOf(sessionRow(1, 'One')).ids).toContain('stop')
    expect(menuOf(sessionRow(1, 'One')).ids).not.toContain('resume')
    const ended = sessionRow(1, 'One', { lifecycle: 'stopped', runtime: { kind: 'none' } })
    expect(menuOf(ended).ids).toContain('resume')
    expect(menuOf({ ...ended, canResume: false }).find('resume')?.disabledReason).toMatch(/cannot take up/)
  })

  it.each<[string, 'stop' | 'retry', Partial<Session>]>([
    ['stop what waits for its turn', 'stop', { lifecycle: 'planned' }],
    ['stop what gets ready', 'stop', { lifecycle: 'preparing' }],
    [
      'retry what could not be set up',
      'retry',
      { lifecycle: 'preparing', preparation: [{ name: 'agent', state: 'failed', detail: 'no' }] },
    ],
  ])('offers to %s', (_what, id, change) => {
    const menu = menuOf(sessionRow(1, 'One', { runtime: { kind: 'none' }, canResume: false, ...change }))
    expect(menu.ids.filter((one) => ['stop', 'retry', 'resume'].includes(one))).toEqual([id])
    menu.find(id)?.onChoose()
    expect(actions[id]).toHaveBeenCalledWith(sessionRow(1, 'One').id)
  })

  it('offers to delete the branch only when we made it', () => {
    const ours = worktreeRow(1, 'one')
    expect(menuOf(sessionRow(1, 'One'), ours).ids).toContain('delete-branch')
    expect(menuOf(sessionRow(1, 'One'), { ...ours, kind: 'adopted' }).ids).not.toContain('delete-branch')
    expect(menuOf(sessionRow(1, 'One'), { ...ours, kind: 'in-place' }).find('delete')?.label).toBe('Delete session')
  })

  it('says why there is nothing to copy or to open a shell in', () => {
    const menu = menuOf(sessionRow(1, 'One', { worktreeId: null }))
    expect(menu.find('copy-branch')?.disabledReason).toBe('It is on no branch.')
    expect(menu.find('copy-path')?.disabledReason).toBe('It has no folder yet.')
    expect(menu.find('shell')?.disabledReason).toBe('There is no folder to open it in.')
  })

  it('takes an archived session out again instead of archiving it twice', () => {
    const menu = menuOf(sessionRow(1, 'One', { lifecycle: 'archived' }))
    expect(menu.ids).toContain('unarchive')
    expect(menu.ids).not.toContain('archive')
  })
})
