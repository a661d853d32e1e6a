import { expect, it } from 'vitest'
import type { CommentThread } from '../../../shared/contract/comments.ts'
import type { Attempt, TaskState } from '../../../shared/contract/task-rows.ts'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import { projectIdAt, sessionIdAt } from '../../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { MergeBar } from './merge-bar.tsx'

const sessionId = sessionIdAt(1)
const worktreeId = 'wt_1' as WorktreeId
const oid = 'a'.repeat(40)

const bar = (changes: Partial<Parameters<typeof MergeBar>[0]['branch']> = {}) => (
  <MergeBar
    branch={{
      sessionId,
      worktreeId,
      projectId: projectIdAt(1),
      branch: 'switchyard/fix',
      head: oid,
      base: { ref: 'refs/heads/main', sha: oid, movedBy: 0 },
      commits: 4,
      uncommitted: 0,
      onShowRange: () => undefined,
      ...changes,
    }}
  />
)

it('the bar tells what becomes of the commits, and is not there without a branch to merge into', () => {
  expect(wordsOf(renderMarkup(bar()))).toContain('4 commits become 1')
  expect(renderMarkup(bar({ base: null }))).toBe('')
  expect(renderMarkup(bar({ head: null }))).toBe('')
})

it('merging is the next thing to do unless comments wait to be sent', () => {
  const variant = (data = createMarkupData()) =>
    new RegExp(`<button[^>]*${testId.mergeButton}[^>]*>`).exec(renderMarkup(bar(), data))?.[0].includes('"primary"')
  const data = createMarkupData()
  const thread = { id: 'ct_1', worktreeId, comments: [{ sent: null }] } as unknown as CommentThread
  data.stores.commentThreads.replace([thread])
  expect([variant(), variant(data)]).toEqual([true, false])
})

it('the work of a task can be approved while it is in review', () => {
  const words = (state: TaskState) => {
    const data = createMarkupData()
    const [task] = [...data.stores.tasks.store.getState().byId.values()]
    data.stores.tasks.replace([{ ...task!, state }])
    const attempt = { id: 'att_1', taskId: task!.id, number: 1, state: 'submitted' } as unknown as Attempt
    data.stores.attempts.replace([{ ...attempt, holder: { kind: 'session', sessionId } } as Attempt])
    return wordsOf(renderMarkup(bar(), data))
  }
  expect(words('in_review')).toContain('Approve')
  expect(words('in_progress')).not.toContain('Approve')
})
