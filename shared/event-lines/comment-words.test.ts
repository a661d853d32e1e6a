import { describe, expect, it } from 'vitest'
import type { Topic } from '../contract/changes.ts'
import { eventLine } from './event-line.ts'
import { event, names, sessionId, threadId, worktreeId } from './testing.ts'

describe('a review', () => {
  const at = { path: 'src/a.ts', from: 3, to: 5 }
  const thread = { id: 'cth_1', worktreeId: worktreeId(1), number: 2, comments: [{ at }] }
  const told = (topic: Topic, payload: object, command: string) =>
    eventLine([event(topic, payload, { command, by: 'person:desktop' })], names)

  it('is told once with how much was said, and not again as its messages', () => {
    const review = { sessionId: sessionId(1), threadId: threadId(1), comments: 3 }
    expect(told('sentreviews.recorded', review, 'send-review')).toMatchObject({
      group: 'mail',
      who: 'You',
      what: 'sent a review with 3 comments to “Fix the parser”',
      object: { kind: 'session', id: sessionId(1) },
    })
    expect(told('sentreviews.recorded', { ...review, comments: 1 }, 'send-review')?.what).toContain('with 1 comment to')
    expect(told('sentreviews.recorded', { ...review, comments: 0 }, 'send-review')?.what).toContain('sent a review to')
    expect(told('messages.changed', { id: 'msg_1', to: [], threadId: threadId(1) }, 'send-review')).toBeNull()
  })

  it('tells what was resolved or opened again; drafts are nobody’s news', () => {
    expect(told('commentthreads.changed', thread, 'resolve-thread')).toMatchObject({
      what: 'resolved c2 of src/a.ts, lines 3–5',
      object: { kind: 'session', label: 'Fix the parser' },
    })
    const draft = { ...thread, number: null, worktreeId: worktreeId(2) }
    expect(told('commentthreads.changed', draft, 'reopen-thread')).toMatchObject({
      what: 'opened again what was said of src/a.ts, lines 3–5',
      object: null,
    })
    expect(told('commentthreads.changed', thread, 'write-comment')).toBeNull()
    expect(told('commentthreads.changed', { ...thread, comments: [] }, 'resolve-thread')).toBeNull()
  })
})
