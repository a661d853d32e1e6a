import { describe, expect, it } from 'vitest'
import type { AskDetail } from '../../../shared/contract/asks.ts'
import { activityRow, askRow, sessionIdAt, sessionRow } from '../../dev/fixtures.ts'
import { emptyDraft } from './ask-drafts.tsx'
import { askKindText, askQuestionText, editPreview, pathWithin } from './ask-text.ts'
import { needsYouGroups, nextEntry, nextSessionEntry, silenceMs } from './needs-you-entries.ts'
import { answersOf } from './question-form.tsx'

type Permission = Extract<AskDetail, { kind: 'permission' }>
const permission = (change: Partial<Permission> = {}): Permission => ({
  kind: 'permission',
  toolName: 'Bash',
  subject: 'ls',
  description: null,
  edit: null,
  wider: [],
  ...change,
})
const edit = (before: string) => permission({ toolName: 'Edit', edit: { path: 'a.ts', before, after: 'b' } })

describe('the words of an ask', () => {
  it.each<[AskDetail, string, string]>([
    [permission(), 'Permission to run a command', 'Allow this command?'],
    [permission({ toolName: 'Read' }), 'Permission to read a file', 'Allow reading this file?'],
    [permission({ toolName: 'WebFetch' }), 'Permission to fetch a page', 'Allow fetching this page?'],
    [permission({ toolName: 'mcp__db__query' }), 'Permission to use mcp__db__query', 'Allow mcp__db__query?'],
    [edit('a'), 'Permission to edit a file', 'Allow this edit?'],
    [edit(''), 'Permission to write a file', 'Allow this new file?'],
    [{ kind: 'plan', plan: 'p' }, 'Plan to approve', 'Go ahead with this plan?'],
    [{ kind: 'terminal', what: 'It waits for a login.' }, 'Waits in its terminal', 'It waits for a login.'],
  ])('%#: %j', (detail, kind, question) => {
    expect(askKindText(detail)).toBe(kind)
    expect(askQuestionText(detail)).toBe(question)
  })

  it('counts the questions when there are several', () => {
    const question = { question: 'Which?', header: 'h', multiSelect: false, options: [] }
    expect(askKindText({ kind: 'question', questions: [question] })).toBe('Question')
    expect(askKindText({ kind: 'question', questions: [question, question] })).toBe('2 questions')
    expect(askQuestionText({ kind: 'question', questions: [question] })).toBe('Which?')
  })
})

describe('pathWithin', () => {
  it('leaves out the way to the worktree, and only that', () => {
    expect(pathWithin('/w/one/src/a.ts', '/w/one')).toBe('src/a.ts')
    expect(pathWithin('/w/one-more/a.ts', '/w/one')).toBe('/w/one-more/a.ts')
    expect(pathWithin('/etc/passwd', '/w/one')).toBe('/etc/passwd')
    expect(pathWithin('a.ts', null)).toBe('a.ts')
  })
})

describe('editPreview', () => {
  const kinds = (before: string, after: string) => editPreview(before, after).map((line) => `${line.kind}:${line.text}`)

  it('shows what changed with one line around it', () => {
    expect(kinds('a\nb\nc\nd\ne', 'a\nb\nX\nd\ne')).toEqual(['same:b', 'removed:c', 'added:X', 'same:d'])
  })

  it('shows a new file as added lines, and an emptied one as removed', () => {
    expect(kinds('', 'a\nb\n')).toEqual(['added:a', 'added:b'])
    expect(kinds('a\n', '')).toEqual(['removed:a'])
  })

  it('shows pure insertions and deletions as such', () => {
    expect(kinds('a\nc', 'a\nb\nc')).toEqual(['same:a', 'added:b', 'same:c'])
    expect(kinds('a\nb\nb\nc', 'a\nb\nc')).toEqual(['same:b', 'removed:b', 'same:c'])
  })

  it('cuts a long edit and says how much is left out', () => {
    const lines = editPreview('', Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n'))
    expect(lines).toHaveLength(14)
    expect(lines.at(-1)).toEqual({ kind: 'more', text: '27 more lines' })
  })
})

describe('answersOf', () => {
  const one = {
    question: 'Which?',
    header: '',
    multiSelect: false,
    options: ['a', 'b'].map((label) => ({ label, description: '' })),
  }
  const many = { ...one, question: 'What all?', multiSelect: true }

  it('is nothing while a question is unanswered', () => {
    expect(answersOf([one, many], { ...emptyDraft, choices: { 'Which?': ['a'] } })).toBeNull()
  })

  it('joins several labels in the order of the options', () => {
    const draft = { ...emptyDraft, choices: { 'Which?': ['b'], 'What all?': ['b', 'a'] } }
    expect(answersOf([one, many], draft)).toEqual({ 'Which?': 'b', 'What all?': 'a, b' })
  })

  it('takes what was typed before what was chosen', () => {
    const draft = { ...emptyDraft, choices: { 'Which?': ['b'] }, others: { 'Which?': '  neither ' } }
    expect(answersOf([one], draft)).toEqual({ 'Which?': 'neither' })
  })
})

describe('needsYouGroups', () => {
  const now = Date.now()
  const talkative = new Set(['claude-code'] as const)
  const waiting = (n: number, ageMs: number) =>
    sessionRow(n, `S${n}`, { activity: activityRow('needs-you', 'Notification', ageMs, 'A login') })
  const keysOf = (entries: readonly { sessionId: string }[]) => entries.map((entry) => entry.sessionId)

  it('lists open asks oldest first', () => {
    const sessions = [sessionRow(1, 'One'), sessionRow(2, 'Two')]
    const asks = [askRow(1, sessionIdAt(1), permission(), 10), askRow(2, sessionIdAt(2), permission(), 90)]
    const { blocking } = needsYouGroups({ sessions, asks, talkative }, now)
    expect(keysOf(blocking)).toEqual([2, 1].map(sessionIdAt))
  })

  it('lists a session that waits without an ask of its own, once', () => {
    const asks = [askRow(1, sessionIdAt(1), permission(), 10)]
    const { blocking } = needsYouGroups({ sessions: [waiting(1, 10), waiting(2, 20)], asks, talkative }, now)
    expect(blocking.map((entry) => entry.kind)).toEqual(['session', 'ask'])
    expect(keysOf(blocking)).toEqual([2, 1].map(sessionIdAt))
  })

  it('leaves out answered asks and archived sessions', () => {
    const answered = { ...askRow(1, sessionIdAt(1), permission(), 1), state: { kind: 'gone', why: '', at: 1 } as const }
    const archived = sessionRow(2, 'Two', { lifecycle: 'archived' })
    const asks = [answered, askRow(2, archived.id, permission(), 1)]
    const groups = needsYouGroups({ sessions: [sessionRow(1, 'One'), archived], asks, talkative }, now)
    expect(groups).toEqual({ blocking: [], canWait: [] })
  })

  it('puts what failed under what can wait', () => {
    const lost = sessionRow(1, 'One', { runtime: { kind: 'lost', at: now - 5, reason: 'r' } })
    const { canWait } = needsYouGroups({ sessions: [lost], asks: [], talkative }, now)
    expect(canWait).toMatchObject([{ kind: 'session', why: 'failed', sessionId: lost.id }])
  })

  it('speaks of silence only after a while, and only of agents that talk', () => {
    const silent = (ageMs: number, agentId: 'claude-code' | 'aider') =>
      sessionRow(1, 'One', { agentId, activity: { ...activityRow('unknown', '', 0), at: now - ageMs } })
    const listed = (ageMs: number, agentId: 'claude-code' | 'aider') =>
      needsYouGroups({ sessions: [silent(ageMs, agentId)], asks: [], talkative }, now).canWait.length
    expect(listed(silenceMs - 1, 'claude-code')).toBe(0)
    expect(listed(silenceMs, 'claude-code')).toBe(1)
    expect(listed(silenceMs, 'aider')).toBe(0)
  })

  it('goes on to the next one and round again', () => {
    const asks = [1, 2, 3].map((n) => askRow(n, sessionIdAt(n), permission(), 10 - n))
    const sessions = [1, 2, 3].map((n) => sessionRow(n, `S${n}`))
    const { blocking } = needsYouGroups({ sessions, asks, talkative }, now)
    expect(nextEntry(blocking, null)?.sessionId).toBe(sessionIdAt(1))
    expect(nextSessionEntry(blocking, sessionIdAt(1))?.sessionId).toBe(sessionIdAt(2))
    expect(nextSessionEntry(blocking, sessionIdAt(3))?.sessionId).toBe(sessionIdAt(1))
    expect(nextSessionEntry(blocking, sessionIdAt(9))?.sessionId).toBe(sessionIdAt(1))
    expect(nextEntry([], null)).toBeNull()
  })
})
