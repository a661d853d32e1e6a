import { describe, expect, it } from 'vitest'
import type { CommentPlace, CommentThread } from '../../../shared/contract/comments.ts'
import { changeWords, placeWords, sendWords, sentWords, threadWords } from './comment-words.ts'
import { countByFile, countDrafts, noteOf, shownThreads, threadBeside, type ShownThread } from './note-index.ts'
import { answerRow, commentRow, linesAt, placeRow, sentAt, threadIdAt, threadRow } from './testing.ts'

const kept = (from: number, to = from) => ({ kind: 'kept', from, to }) as const
const gone = { kind: 'outdated', why: 'file-gone' } as const
const shownOf = (threads: readonly CommentThread[], places: readonly CommentPlace[] = [], answers = [answerRow(99)]) =>
  shownThreads({ threads, places: new Map(places.map((place) => [place.threadId, place])), answers })
const one = (thread: CommentThread, place?: CommentPlace, answers = [answerRow(99)]): ShownThread => {
  const [shown] = shownOf([thread], place === undefined ? [] : [place], answers)
  if (!shown) throw new Error('It is not shown.')
  return shown
}
const idsOf = (threads: readonly ShownThread[]) => threads.map(({ thread }) => thread.id)

describe('the threads of a worktree', () => {
  it('are in the order of their files and lines, without those whose comments were deleted', () => {
    const other = threadRow(3, { comments: [commentRow(3, { at: linesAt({ path: 'a.ts', rawPath: 'a.ts' }) })] })
    const threads = shownOf(
      [threadRow(1), threadRow(2), other, threadRow(4, { comments: [] })],
      [placeRow(1, kept(50)), placeRow(2, kept(7))],
    )
    expect(idsOf(threads)).toEqual([threadIdAt(3), threadIdAt(2), threadIdAt(1)])
  })

  it('have their own answers and the state that these make', () => {
    const thread = threadRow(1, { number: 1, comments: [commentRow(1, sentAt(5))] })
    expect(one(thread, placeRow(1, kept(39)), [answerRow(1), answerRow(2)])).toMatchObject({
      state: 'answered',
      answers: [{ body: 'Done.' }],
    })
    expect(one(thread).state).toBe('open')
    expect(one(thread, placeRow(1, gone)).state).toBe('outdated')
  })

  it('count by file while they are not done with, and their drafts while they wait', () => {
    const sent = commentRow(3, sentAt(5))
    const threads = shownOf(
      [
        threadRow(1, { comments: [commentRow(1), commentRow(2)] }),
        threadRow(3, { comments: [sent] }),
        threadRow(4, { comments: [sent], resolvedAt: 9 }),
        threadRow(5),
      ],
      [placeRow(1, kept(1)), placeRow(3, gone), placeRow(4, kept(1)), placeRow(5, gone, { shownRawPath: null })],
    )
    expect([...countByFile(threads)]).toEqual([['src/a.ts', 2]])
    expect(countDrafts(threads)).toBe(3)
  })
})

describe('the place of a thread', () => {
  it('is beneath its last line, on its side', () => {
    expect(noteOf(one(threadRow(1), placeRow(1, kept(4, 6))))).toEqual({
      key: threadIdAt(1),
      rawPath: 'src/a.ts',
      side: 'additions',
      line: 6,
    })
    const old = { rawPath: 'src/b.ts', side: 'old', from: 2, to: 2 } as const
    expect(noteOf(one(threadRow(1), placeRow(1, kept(2), { shown: old })))).toMatchObject({
      rawPath: 'src/b.ts',
      side: 'deletions',
      line: 2,
    })
  })

  it('is where its lines were when they went, the head of its file when nobody knows, and nowhere without the file', () => {
    const removed = placeRow(1, { kind: 'changed', from: 5, to: 4 })
    expect(noteOf(one(threadRow(1), removed))?.line).toBe(4)
    expect(noteOf(one(threadRow(1), placeRow(1, gone)))).toMatchObject({ rawPath: 'src/a.ts', line: 0 })
    expect(noteOf(one(threadRow(1), placeRow(1, gone, { shownRawPath: null })))).toBeNull()
    expect(noteOf(one(threadRow(1)))).toBeNull()
  })
})

describe('the next thread', () => {
  const threads = shownOf([
    threadRow(1),
    threadRow(2, { resolvedAt: 9, comments: [commentRow(2, sentAt(5))] }),
    threadRow(3),
  ])
  it.each<[number | null, 1 | -1, number | null]>([
    [null, 1, 1],
    [1, 1, 3],
    [3, 1, null],
    [3, -1, 1],
    [1, -1, null],
    [null, -1, 3],
    [99, 1, 1],
  ])('after %j by %j is %j: one that is done with is passed by', (from, by, expected) => {
    const next = threadBeside(threads, from === null ? null : threadIdAt(from), by)
    expect(next?.thread.id ?? null).toBe(expected === null ? null : threadIdAt(expected))
  })
})

describe('the words of a thread', () => {
  it.each<[CommentPlace | undefined, string, string | null]>([
    [undefined, 'line 39', null],
    [placeRow(1, kept(39)), 'line 39', null],
    [placeRow(1, kept(44)), 'line 44, was line 39', null],
    [
      placeRow(1, { kind: 'changed', from: 39, to: 40 }),
      'lines 39–40, was line 39',
      'It was said of these lines, which changed since:',
    ],
    [placeRow(1, { kind: 'changed', from: 39, to: 38 }), 'line 39', 'These lines were removed since:'],
    [placeRow(1, gone), 'line 39', 'The file is not there any more. It was said of these lines:'],
    [placeRow(1, { kind: 'outdated', why: 'lines-gone' }), 'line 39', 'These lines are not there any more:'],
  ])('for %o say where it is and what became of it', (place, where, change) => {
    const shown = one(threadRow(1), place)
    expect([placeWords(shown), changeWords(shown)]).toEqual([where, change])
  })

  it('tell removed lines that are there again, and call it by its name', () => {
    const place = placeRow(1, { kind: 'changed', from: 39, to: 39 })
    expect(changeWords(one(threadRow(1, { side: 'old' }), place))).toBe('These lines are there again:')
    expect(threadWords(one(threadRow(1, { number: 2 })))).toBe('c2 src/a.ts, line 39')
    const odd = commentRow(1, { at: linesAt({ path: 'a\u202e.ts' }) })
    expect(threadWords(one(threadRow(1, { comments: [odd] })))).toBe('a⟨U+202E⟩.ts, line 39')
  })

  it('say how much is sent, and what comes of it', () => {
    expect([0, 1, 2].map(sendWords)).toEqual(['Send review', 'Send 1 comment', 'Send 2 comments'])
    expect(sentWords(0, null)).toBe('Sent the review.')
    expect(sentWords(1, null)).toBe('Sent 1 comment.')
    expect(sentWords(3, 'APP-7')).toBe('Sent 3 comments. APP-7 goes back to the session.')
  })
})
