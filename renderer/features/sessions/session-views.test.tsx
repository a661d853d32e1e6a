import { describe, expect, it, vi } from 'vitest'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import { activityRow, projectIdAt, sessionIdAt, sessionRow, worktreeIdAt, worktreeRow } from '../../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { ArchivedList } from './archived-list.tsx'
import { SessionEndBar } from './session-end-bar.tsx'
import { SessionList } from './session-list.tsx'
import { SessionRow, type SessionRowEvents } from './session-row.tsx'
import { SessionStage } from './session-stage.tsx'
import type { SessionActions } from './use-session-actions.ts'

const events = {} as SessionRowEvents
const actions = {} as SessionActions

const drawRow = (session: Session, worktree?: Worktree) => {
  const data = createMarkupData()
  data.stores.sessions.put([session])
  if (worktree !== undefined) data.stores.worktrees.put([worktree])
  return renderMarkup(
    <SessionRow
      id={session.id}
      isSelected
      isTabStop
      isRenaming={false}
      dropEdge={null}
      actions={actions}
      events={events}
    />,
    data,
  )
}

const alive = { kind: 'alive', pid: 1, since: 0 } as const
const ended = (code: number | null, signal: string | null, wasAsked: boolean) =>
  ({ kind: 'exited', code, signal, at: Date.now() - 60_000, wasAsked }) as const

describe('a session row', () => {
  it.each<[string, string, Partial<Session>]>([
    ['Working', 'working', { runtime: alive, activity: activityRow('working', 'Tool hook', 0) }],
    ['Needs you', 'needs-you', { runtime: alive, activity: activityRow('needs-you', 'Permission', 0) }],
    ['Idle', 'idle', { runtime: alive, activity: activityRow('idle', 'Stop hook', 0) }],
    ['Unknown', 'unknown', { runtime: alive, activity: activityRow('unknown', '', 0) }],
    ['Queued', 'queued', { lifecycle: 'planned', runtime: { kind: 'none' } }],
    ['Setting up', 'setting-up', { lifecycle: 'preparing', runtime: { kind: 'none' } }],
    [
      'Set-up failed',
      'failed',
      { lifecycle: 'preparing', preparation: [{ name: 'agent', state: 'failed', detail: 'no' }] },
    ],
    ['Lost', 'failed', { runtime: { kind: 'lost', at: 0, reason: 'restart' } }],
    ['Stopped', 'stopped', { lifecycle: 'stopped', runtime: ended(143, 'SIGTERM', true) }],
    ['Ended', 'stopped', { lifecycle: 'stopped', runtime: ended(0, null, false) }],
    ['Failed, exit 1', 'failed', { lifecycle: 'stopped', runtime: ended(1, null, false) }],
    ['Killed, SIGKILL', 'failed', { lifecycle: 'stopped', runtime: ended(null, 'SIGKILL', false) }],
  ])('says %s with a shape and a word, never with a colour alone', (word, kind, change) => {
    const markup = drawRow(sessionRow(1, 'One', change))
    expect(markup).toContain(`class="status-mark" data-kind="${kind}"`)
    expect(wordsOf(markup)).toContain(word)
  })

  it('shows branch and changed lines, and no zeros', () => {
    expect(wordsOf(drawRow(sessionRow(1, 'One'), worktreeRow(1, 'retry', 212, 38)))).toContain('retry +212 −38')
    expect(wordsOf(drawRow(sessionRow(1, 'One'), worktreeRow(1, 'retry', 7, 0)))).toMatch(/retry \+7$/)
    expect(wordsOf(drawRow(sessionRow(1, 'One'), worktreeRow(1, 'retry', 0, 7)))).toMatch(/retry −7$/)
    expect(wordsOf(drawRow(sessionRow(1, 'One'), worktreeRow(1, 'retry')))).not.toContain('+0')
  })

  it('says in words what is unread or pinned', () => {
    const words = wordsOf(drawRow(sessionRow(1, 'One', { isUnread: true, isPinned: true })))
    expect(words).toContain('pinned')
    expect(words).toContain('unread')
    expect(wordsOf(drawRow(sessionRow(1, 'One')))).not.toMatch(/pinned|unread/)
  })

  it('writes out characters that would reorder its title', () => {
    expect(wordsOf(drawRow(sessionRow(1, 'a\u202Eb')))).toContain('a⟨U+202E⟩b')
  })

  it('is an option that is selected and can be reached by Tab', () => {
    const markup = drawRow(sessionRow(1, 'One'))
    expect(markup).toMatch(/role="option"[^>]*aria-selected="true"[^>]*tabindex="0"/i)
  })

  it('draws nothing for a session that is gone', () => {
    const missing = renderMarkup(
      <SessionRow
        id={sessionIdAt(999)}
        isSelected={false}
        isTabStop={false}
        isRenaming={false}
        dropEdge={null}
        actions={actions}
        events={events}
      />,
    )
    expect(missing).toBe('')
  })

  it('becomes a field with the title while it is renamed', () => {
    const markup = renderMarkup(
      <SessionRow
        id={sessionIdAt(1)}
        isSelected={false}
        isTabStop={false}
        isRenaming
        dropEdge={null}
        actions={actions}
        events={events}
      />,
    )
    expect(markup).toContain(`data-testid="${testId.sessionRename}"`)
    expect(markup).toContain('value="Retry webhooks with backoff"')
  })
})

describe('the list of sessions', () => {
  const draw = (text: string) =>
    renderMarkup(
      <SessionList
        projectId={projectIdAt(1)}
        projectName="ledger-api"
        selectedId={sessionIdAt(4)}
        filter={{ text }}
        onOpen={vi.fn()}
        onShellOpened={vi.fn()}
      />,
    )
  const idsIn = (markup: string) => [...markup.matchAll(/data-session="(\w+)"/g)].map((match) => match[1])

  it('shows pinned sessions first and leaves out archived ones and those of other projects', () => {
    expect(idsIn(draw(''))).toEqual([2, 1, 3, 4, 5].map(sessionIdAt))
  })

  it('shows what a filter finds', () => {
    expect(idsIn(draw('settlement'))).toEqual([sessionIdAt(3)])
    expect(idsIn(draw('set-up'))).toEqual([sessionIdAt(5)])
    expect(idsIn(draw('nothing like this'))).toEqual([])
  })

  it('is one tab stop, at the selected session', () => {
    const stops = [...draw('').matchAll(/<div[^>]*data-session="(\w+)"[^>]*>/g)].filter((row) =>
      /tabindex="0"/i.test(row[0]),
    )
    expect(stops.map((row) => row[1])).toEqual([sessionIdAt(4)])
  })

  it('is named after its project', () => {
    expect(draw('')).toContain('aria-label="Sessions of ledger-api"')
  })
})

describe('what was archived', () => {
  const archived = (project: number, filterText: string) =>
    wordsOf(renderMarkup(<ArchivedList projectId={projectIdAt(project)} filterText={filterText} />))
  const visibleTitleOfArchived = () => {
    const rows = [...createMarkupData().stores.sessions.store.getState().byId.values()]
    return rows.find((row) => row.lifecycle === 'archived')?.title ?? ''
  }

  it('is folded up under its number', () => {
    expect(archived(1, '')).toBe('1 archived')
  })

  it('is found unfolded by its title, by its branch and by the word of its state', () => {
    const title = visibleTitleOfArchived()
    for (const text of [title.slice(2, 8).toUpperCase(), 'archiv']) {
      expect(archived(1, text)).toContain('1 in the archive')
      expect(archived(1, text)).toContain(title)
    }
    expect(archived(1, 'no such words')).toBe('')
  })

  it('takes no room when there is nothing', () => {
    expect(archived(2, '')).toBe('')
  })
})

describe('the stage of a session without a terminal', () => {
  const draw = (change: Partial<Session>) => {
    const data = createMarkupData()
    data.stores.sessions.put([sessionRow(1, 'One', { terminalId: null, ...change })])
    return renderMarkup(<SessionStage sessionId={sessionIdAt(1)} onStartAgain={vi.fn()} />, data)
  }
  const none = { kind: 'none' } as const

  it('says that it waits, and for what', () => {
    const words = wordsOf(draw({ lifecycle: 'planned', runtime: none, lifecycleReason: 'Two others start first.' }))
    expect(words).toBe('One waits for its turn Two others start first. Stop Why?')
  })

  it('shows each step with its state and detail', () => {
    const words = wordsOf(
      draw({
        lifecycle: 'preparing',
        runtime: none,
        preparation: [
          { name: 'worktree', state: 'done', detail: 'switchyard/one' },
          { name: 'agent', state: 'running', detail: '' },
        ],
      }),
    )
    expect(words).toBe('Getting One ready Worktree switchyard/one , done Agent in progress , in progress Stop Why?')
  })

  it('offers to retry the step that failed, with its message', () => {
    const markup = draw({
      lifecycle: 'preparing',
      runtime: none,
      preparation: [{ name: 'worktree', state: 'failed', detail: 'The disk is full. Free 212 MB.' }],
    })
    expect(wordsOf(markup)).toContain('One could not be started')
    expect(wordsOf(markup)).toContain('The disk is full. Free 212 MB.')
    expect(markup).toContain(`data-testid="${testId.sessionRetry}"`)
    expect(wordsOf(markup)).toContain('Retry Start another way Archive')
    expect(markup).not.toContain(`data-testid="${testId.sessionResume}"`)
  })

  it('offers to resume what ended, when its agent can', () => {
    const change = { lifecycle: 'stopped', runtime: ended(0, null, true) } as const
    expect(draw(change)).toContain(`data-testid="${testId.sessionResume}"`)
    expect(draw({ ...change, canResume: false })).not.toContain(`data-testid="${testId.sessionResume}"`)
  })

  it('draws nothing for a session that is gone', () => {
    expect(renderMarkup(<SessionStage sessionId={sessionIdAt(999)} onStartAgain={vi.fn()} />)).toBe('')
  })
})

describe('the bar beneath an ended session', () => {
  const draw = (change: Partial<Session>, state?: Worktree['state'], kind: Worktree['kind'] = 'new-branch') => {
    const data = createMarkupData()
    data.stores.sessions.put([sessionRow(1, 'One', change)])
    if (state !== undefined) data.stores.worktrees.put([{ ...worktreeRow(1, 'one'), id: worktreeIdAt(1), state, kind }])
    return renderMarkup(<SessionEndBar sessionId={sessionIdAt(1)} />, data)
  }
  const lost = { runtime: { kind: 'lost', at: Date.now() - 120_000, reason: 'The computer was restarted.' } } as const

  it('is not there while the agent runs or gets ready', () => {
    expect(draw({})).toBe('')
    expect(draw({ lifecycle: 'preparing', runtime: { kind: 'none' } })).toBe('')
    expect(draw({ lifecycle: 'archived', runtime: { kind: 'none' } })).toBe('')
  })

  it('says what happened, when, and how to go on', () => {
    const words = wordsOf(draw(lost))
    expect(words).toBe('Lost 2 min ago . The computer was restarted. Why? Archive Resume')
  })

  it('says why it cannot be resumed', () => {
    expect(draw({ ...lost, canResume: false })).toContain('aria-disabled="true"')
  })

  it('offers to restore a folder that is gone instead of resuming without it', () => {
    const markup = draw(lost, { kind: 'missing', message: 'Its folder is gone.' })
    expect(wordsOf(markup)).toContain('Its folder is gone.')
    expect(wordsOf(markup)).toContain('Choose where it is now… Restore the folder')
    expect(markup).not.toContain(`data-testid="${testId.sessionResume}"`)
  })
  it('leaves the folder of the project itself to the project', () => {
    const words = wordsOf(draw(lost, { kind: 'missing', message: 'Put it back.' }, 'in-place'))
    expect(words).toContain('Put it back.')
    expect(words).not.toMatch(/Restore|Choose where/)
  })
})
