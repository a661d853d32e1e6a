import { describe, expect, it } from 'vitest'
import { bundleEvents } from './bundle-events.ts'
import { eventLine } from './event-line.ts'
import type { LoggedEvent } from './logged-event.ts'
import { event, names, sessionId, worktreeId } from './testing.ts'

const person = 'person:desktop'
const lineOf = (one: LoggedEvent) => bundleEvents([one]).flatMap((bundle) => eventLine(bundle, names) ?? [])[0] ?? null
const told = (one: LoggedEvent): string | null => {
  const line = lineOf(one)
  return line && `${line.who} ${line.what}${line.reason === null ? '' : ` — ${line.reason}`}`
}

describe('the line of what the person does to a worktree', () => {
  const staging = (change: object = {}) =>
    event(
      'stagings.changed',
      {
        worktreeId: worktreeId(1),
        kind: 'discard',
        paths: ['a.ts', 'b.ts', 'c.ts'],
        files: 1,
        isPartial: false,
        state: 'done',
        rescueRef: null,
        ...change,
      },
      { by: person },
    )
  it.each([
    [{ kind: 'stage' }, 'You staged a.ts'],
    [{ kind: 'unstage', isPartial: true }, 'You unstaged lines of a.ts'],
    [{ files: 2 }, 'You discarded a.ts and b.ts'],
    [{ kind: 'revert', files: 5 }, 'You reverted a.ts and 4 more to the base'],
    [{ kind: 'replace', isPartial: true }, 'You took over a suggestion into a.ts'],
    [{ rescueRef: 'refs/x' }, 'You discarded a.ts — What it took away is kept under refs/x.'],
    [{ state: 'undone', rescueRef: 'refs/x' }, 'You took back: discarded a.ts'],
    [{ state: 'begun' }, null],
  ])('%j says %j', (change, line) => {
    expect(told(staging(change))).toBe(line)
  })

  it('leads to the session of the worktree', () => {
    expect(lineOf(staging())?.object).toMatchObject({ kind: 'session', id: sessionId(1) })
    expect(lineOf(staging({ worktreeId: worktreeId(2) }))?.object).toBeNull()
  })

  it('of a commit names it', () => {
    const commit = (isAmend: boolean) =>
      event(
        'commits.recorded',
        { worktreeId: worktreeId(1), sha: 'a'.repeat(40), subject: 'Fix it', isAmend },
        { by: person },
      )
    expect(told(commit(false))).toBe('You committed “Fix it” — aaaaaaaaaa')
    expect(told(commit(true))).toBe('You amended the last commit “Fix it” — aaaaaaaaaa')
  })
})
