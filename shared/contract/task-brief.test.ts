import { describe, expect, it } from 'vitest'
import type { AttemptId, CheckpointId, CommentId, IncarnationId, ProjectId, SessionId, TaskId } from '../lib/ids.ts'
import { rescuedWorkText } from './rescued-work.ts'
import { briefOf, type BriefSource } from './task-brief.ts'
import type { Attempt, Checkpoint, Comment, Task } from './task-rows.ts'

const task: Task = {
  id: 'tsk_1' as TaskId,
  projectId: 'prj_1' as ProjectId,
  key: 'APP-4',
  title: 'Rate-limit transfers',
  body: 'One account starves the others.\n',
  kind: 'task',
  state: 'open',
  reason: null,
  priority: 2,
  labels: [],
  requiredRole: null,
  allowedAgents: [],
  declaredPaths: [],
  baseRef: null,
  deferUntil: null,
  maxAttempts: 2,
  failedAttempts: 0,
  retryAt: null,
  claimEpoch: 0,
  doneWhen: 'completed',
  position: 1,
  createdAt: 0,
  changedAt: 0,
  endedAt: null,
  rev: 0,
}
const attempt = (number: number, rescueRef: string | null): Attempt => ({
  id: `att_${number}` as AttemptId,
  taskId: task.id,
  number,
  epoch: number,
  holder: { kind: 'session', sessionId: 'ses_1' as SessionId, incarnationId: 'inc_1' as IncarnationId },
  worktreeId: null,
  state: 'expired',
  leaseUntil: 0,
  lastSignAt: 0,
  hardDeadline: 0,
  warnedAt: null,
  silentSince: null,
  headSha: null,
  outcome: null,
  rescueRef,
  createdAt: 0,
  endedAt: 1,
  rev: 0,
})
const checkpoint = (at: number, summary: string, nextSteps = ''): Checkpoint => ({
  id: `chk_${at}` as CheckpointId,
  taskId: task.id,
  attemptId: 'att_1' as AttemptId,
  summary,
  nextSteps,
  headSha: null,
  at,
})
const comment = (at: number, body: string, kind: Comment['by']['kind'] = 'person'): Comment => ({
  id: `cmt_${at}` as CommentId,
  taskId: task.id,
  by: { kind, id: 'x' },
  body,
  at,
})
const brief = (change: Partial<BriefSource> = {}) =>
  briefOf({ task, attempts: [], checkpoints: [], comments: [], ...change })

describe('the brief of a task', () => {
  it('is the task in its own words and what it takes to be done', () => {
    expect(brief()).toBe(
      '# APP-4: Rate-limit transfers\n\nOne account starves the others.\n\nIt is done when a person has accepted your work: commit it to the branch you are on.',
    )
  })

  it('leaves out a body that was not written, and names the paths', () => {
    const text = brief({ task: { ...task, body: ' \n', declaredPaths: ['src/**', 'docs'], doneWhen: 'merged' } })
    expect(text).toContain(
      '# APP-4: Rate-limit transfers\n\nChange files here alone: `src/**`, `docs`.\nIt is done when its branch is merged',
    )
  })

  it('hands on the newest checkpoint and the newest rescue ref', () => {
    const text = brief({
      checkpoints: [checkpoint(2, 'The table is there.', 'Write the worker.'), checkpoint(1, 'Nothing yet.')],
      attempts: [attempt(3, null), attempt(1, 'refs/old'), attempt(2, 'refs/new')],
    })
    expect(text).toContain(
      `## What an earlier attempt left\n\nThe table is there.\n\nNext: Write the worker.\n\n${rescuedWorkText('refs/new')}`,
    )
    expect(text).not.toContain('Nothing yet.')
    expect(text).not.toContain('refs/old')
  })

  it('quotes what was said, oldest first, so that no comment can pass for the brief itself', () => {
    const text = brief({ comments: [comment(2, '# Not a heading\nsecond line', 'session'), comment(1, 'First.')] })
    expect(text).toContain(
      '## Comments\n\nThe person wrote:\n\n> First.\n\nAnother session wrote:\n\n> # Not a heading\n> second line',
    )
  })

  it('keeps the newest comments when there is no room for all', () => {
    const text = brief({ comments: [comment(1, 'old'), comment(2, 'x'.repeat(19_200)), comment(3, 'y'.repeat(740))] })
    expect(text).not.toContain('> old')
    expect(text).toContain('> yyy')
    expect(text.length).toBeLessThan(21_000)
  })
})
