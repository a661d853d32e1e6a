import { describe, expect, it } from 'vitest'
import { commentState, hasDraft, isAnswered, lineWords, linesOf, nameOfThread } from './comment-state.ts'
import {
  commentBodySchema,
  newCommentSchema,
  newThreadSchema,
  suggestionSchema,
  type Anchor,
  type CommentAnswer,
  type CommentThread,
} from './comments.ts'

const thread = (sentAt: readonly (number | null)[], resolvedAt: number | null = null) =>
  ({
    id: 'cth_1',
    resolvedAt,
    comments: sentAt.map((at, line) => ({ at: { from: line + 1, to: line + 1 }, sent: at === null ? null : { at } })),
  }) as unknown as CommentThread
const answer = (at: number, threadId = 'cth_1') => ({ threadId, at }) as CommentAnswer
const kept: Anchor = { kind: 'kept', from: 1, to: 1 }
const changed: Anchor = { kind: 'changed', from: 1, to: 1 }
const gone: Anchor = { kind: 'outdated', why: 'file-gone' }

describe('a thread', () => {
  it.each<[string, CommentThread, Anchor | null, CommentAnswer[], string]>([
    ['a draft', thread([null]), kept, [], 'open'],
    ['one that was sent', thread([5]), null, [], 'open'],
    ['one whose lines are others', thread([5]), changed, [], 'changed'],
    ['one that was answered', thread([5]), kept, [answer(6)], 'answered'],
    ['one that was answered and changed', thread([5]), changed, [answer(6)], 'answered'],
    ['one that was answered before it was asked again', thread([5, 8]), kept, [answer(6)], 'open'],
    ['one that is being written to after its answer', thread([5, null]), kept, [answer(6)], 'answered'],
    ['one beside which another was answered', thread([5]), kept, [answer(6, 'cth_2')], 'open'],
    ['one whose file is gone', thread([5]), gone, [answer(6)], 'outdated'],
    ['one that is done with', thread([5], 9), gone, [answer(6)], 'resolved'],
  ])('%s is as it is', (_name, row, anchor, answers, state) => {
    expect(commentState(row, anchor, answers)).toBe(state)
  })

  it('that was never sent cannot be answered', () => {
    expect(isAnswered(thread([null]), [answer(6)])).toBe(false)
  })

  it('knows whether something of it waits, and which lines it is about', () => {
    expect([hasDraft(thread([5])), hasDraft(thread([5, null]))]).toEqual([false, true])
    expect(linesOf(thread([5, null]))).toMatchObject({ from: 2 })
    expect(linesOf(thread([]))).toBeUndefined()
  })

  it('is called by its number, and its lines by theirs', () => {
    expect(nameOfThread(3)).toBe('c3')
    expect([lineWords({ from: 3, to: 3 }), lineWords({ from: 3, to: 5 }), lineWords({ from: 3, to: 2 })]).toEqual([
      'line 3',
      'lines 3–5',
      'line 3',
    ])
  })
})

describe('what is written', () => {
  const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
  const seen = { snapshot: 'one', view: { kind: 'scope', scope: 'all' }, requestId: 'request-1' }
  const place = { worktreeId: `wt_${ulid}`, rawPath: 'a', side: 'new', from: 3, to: 4 }
  const issue = (part: object) =>
    newThreadSchema.safeParse({ ...seen, ...place, body: 'x', suggestion: null, ...part }).error?.issues[0]?.message

  it.each<[object, string | undefined]>([
    [{}, undefined],
    [{ body: '', suggestion: '' }, undefined],
    [{ body: ' \n' }, 'Write something, or suggest a change.'],
    [{ to: 2 }, 'Choose 1 to 500 lines.'],
    [{ to: 503 }, 'Choose 1 to 500 lines.'],
    [{ to: 502 }, undefined],
    [{ body: 'ä'.repeat(16 * 1024) }, undefined],
    [{ body: `${'ä'.repeat(16 * 1024)}x` }, 'Use at most 32 KB.'],
    [{ body: 'a\u0000' }, 'Leave out the NUL characters.'],
    [{ suggestion: 'x'.repeat(16 * 1024 + 1) }, 'Suggest at most 16 KB; say in words what to do.'],
  ])('with %o is judged', (part, message) => {
    expect(issue(part)).toBe(message)
  })

  it('into a thread needs words or a suggestion too', () => {
    const more = { threadId: `cth_${ulid}`, snapshot: 'one', requestId: 'request-1' }
    expect(newCommentSchema.safeParse({ ...more, body: '', suggestion: null }).success).toBe(false)
    expect(newCommentSchema.safeParse({ ...more, body: '', suggestion: 'x' }).success).toBe(true)
    expect([commentBodySchema.safeParse('').success, suggestionSchema.safeParse(null).success]).toEqual([true, true])
  })
})
