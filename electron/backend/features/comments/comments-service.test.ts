import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CommentThread, NewThread } from '../../../../shared/contract/comments.ts'
import { createCommentsLab, type CommentsLab } from '../../testing/comments-lab.ts'
import { person } from '../../testing/mail-lab.ts'
import { createCommentsService } from './comments-service.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'

let lab: CommentsLab
const clock = { ahead: 0 }
const base = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map(
  (word) => `the ${word} line`,
)
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`
/** The file with some of its lines, counted from 1, put for others. */
const withLines = (change: Readonly<Record<number, string | null>>) =>
  text(base.flatMap((line, at) => change[at + 1] ?? (change[at + 1] === null ? [] : line)))

beforeEach(async () => {
  clock.ahead = 0
  lab = await createCommentsLab(
    async ({ lab: { write, commitAll }, repo }) => {
      for (const name of ['a.txt', 'b.txt']) await write(join(repo, name), text(base))
      await write(join(repo, 'picture.bin'), Buffer.from([1, 0, 2]))
      await commitAll(repo, 'files')
    },
    () => Date.now() + clock.ahead,
  )
})
afterEach(() => lab[Symbol.asyncDispose]())
const put: CommentsLab['review']['write'] = (...file) => lab.review.write(...file)

describe('a draft', () => {
  test('is kept with its lines and three around them, and is there after a restart', async () => {
    await put('a.txt', withLines({ 5: 'FIVE', 6: 'SIX' }))
    const thread = await lab.write('a.txt', 5, { to: 6, body: 'Louder?', suggestion: 'five!\nsix!' })
    const [comment] = thread.comments
    expect(thread).toMatchObject({ side: 'new', number: null, resolvedAt: null })
    expect(comment).toMatchObject({ body: 'Louder?', suggestion: 'five!\nsix!', sent: null, editedAt: null })
    expect(comment?.at).toMatchObject({
      path: 'a.txt',
      from: 5,
      to: 6,
      lines: ['FIVE', 'SIX'],
      before: base.slice(1, 4),
      after: base.slice(6, 9),
    })
    const reopened = createCommentsService(lab.deps)
    const { snapshot } = await lab.review.open()
    const query = { worktreeId: lab.review.worktree.id, snapshot, view: { kind: 'scope', scope: 'all' } } as const
    expect(valueOf(await reopened.list(query)).threads).toEqual([thread])
  })

  test('is edited, deleted and put back; a day later it is gone for good', async () => {
    await put('a.txt', withLines({ 5: 'FIVE' }))
    const { comments: service } = lab
    const thread = await lab.write('a.txt', 5)
    const commentId = thread.comments[0]?.id ?? never()
    const edited = valueOf(await service.edit({ commentId, body: 'Better', suggestion: null }, person)).thread
    expect(edited.comments).toMatchObject([{ body: 'Better', editedAt: expect.any(Number) }])
    expect(valueOf(await service.remove(commentId, person)).thread.comments).toEqual([])
    expect((await lab.list()).threads).toEqual([])
    expect(codeOf(await service.edit({ commentId, body: 'Too late', suggestion: null }, person))).toBe('NOT_FOUND')
    expect(valueOf(await service.restore(commentId, person)).thread.comments).toMatchObject([{ body: 'Better' }])
    valueOf(await service.remove(commentId, person))
    const { kernel } = lab.review.yard
    const purge = (ahead: number) => lab.sessions.command(({ tx, now }) => service.dropOld(tx, now + ahead))
    await purge(23 * 3_600_000)
    valueOf(await service.restore(commentId, person))
    valueOf(await service.remove(commentId, person))
    await purge(25 * 3_600_000)
    const refused = await service.restore(commentId, person)
    expect(messageOf(refused)).toBe('This draft was deleted for good. Write it again.')
    expect(await kernel.database.read((tx) => tx.all('SELECT * FROM comment_threads'))).toEqual([])
  })

  test('goes on in a thread on the lines as they are by then', async () => {
    await put('a.txt', withLines({ 5: 'FIVE' }))
    const thread = await lab.write('a.txt', 5)
    await put('a.txt', text(['new', ...withLines({ 5: 'Five' }).trimEnd().split('\n')]))
    const { snapshot } = await lab.review.open()
    const more = { threadId: thread.id, body: 'And now?', suggestion: null, requestId: 'request-1' }
    const gone = { ...more, snapshot: 'gone', requestId: 'request-2' }
    const added = valueOf(await lab.comments.add({ ...more, snapshot }, person)).thread
    expect(added.comments.map(({ at }) => [at.from, at.lines])).toEqual([
      [5, ['FIVE']],
      [6, ['Five']],
    ])
    expect(await lab.place(added)).toBe('kept 6–6; new 6–6 in a.txt')
    expect(valueOf(await lab.comments.add({ ...more, snapshot }, person)).thread).toEqual(added)
    // A snapshot that nobody knows any more is no reason to lose words.
    expect(valueOf(await lab.comments.add(gone, person)).thread.comments[2]?.at).toEqual(added.comments[1]?.at)
  })

  test('is refused where there are no such lines, with what to do', async () => {
    await put('a.txt', withLines({ 5: 'FIVE' }))
    await put('picture.bin', Buffer.from([3, 0, 4]))
    await put('min.js', `${'x'.repeat(70_000)}\n`)
    const refused = async (part: Partial<NewThread>) => {
      const { snapshot } = await lab.review.open()
      const common = { worktreeId: lab.review.worktree.id, snapshot, view: { kind: 'scope', scope: 'all' } } as const
      const words = {
        body: 'x',
        suggestion: null,
        requestId: 'request-1',
        rawPath: 'a.txt',
        side: 'new',
        from: 1,
        to: 1,
      } as const
      const result = await lab.comments.write({ ...common, ...words, ...part }, person)
      return `${codeOf(result)}: ${messageOf(result)}`
    }
    expect(await refused({ snapshot: 'another' })).toMatch(/^STALE: /)
    expect(await refused({ rawPath: 'b.txt' })).toMatch(/^INVALID: The file has no such version/)
    expect(await refused({ rawPath: 'min.js', side: 'old' })).toMatch(/^INVALID: The file has no such version/)
    expect(await refused({ from: 10, to: 11 })).toBe('INVALID: The file has 10 lines. Choose some of them.')
    expect(await refused({ rawPath: 'picture.bin' })).toMatch(/^INVALID: This file is too large, or is no text/)
    expect(await refused({ rawPath: 'min.js' })).toMatch(/^INVALID: These lines are too long/)
    expect((await lab.list()).threads).toEqual([])
    const gone = lab.comments.resolve({ threadId: 'cth_01ARZ3NDEKTSV4RRFFQ69G5FAV' as never, isResolved: true }, person)
    expect(codeOf(await gone)).toBe('NOT_FOUND')
  })
})

describe('a thread', () => {
  test('follows its lines, and knows when they are others', async () => {
    await put('a.txt', withLines({ 5: 'FIVE' }))
    const thread = await lab.write('a.txt', 5)
    expect(await lab.place(thread)).toBe('kept 5–5; new 5–5 in a.txt')
    await put('a.txt', text(['a', 'b', ...withLines({ 5: 'FIVE' }).trimEnd().split('\n')]))
    expect(await lab.place(thread)).toBe('kept 7–7; new 7–7 in a.txt')
    await put('a.txt', withLines({ 5: 'Five' }))
    expect(await lab.place(thread)).toBe('changed 5–5; new 5–5 in a.txt')
    await put('a.txt', withLines({ 5: null, 9: 'NINE' }))
    expect(await lab.place(thread)).toBe('changed 5–4; new 5–4 in a.txt')
    await put('a.txt', 'nothing is as it was\n')
    expect(await lab.place(thread)).toMatch(/^changed 1–1; /)
    await rm(join(lab.review.worktree.path, 'a.txt'))
    expect(await lab.place(thread)).toBe('outdated, file-gone; nowhere in a.txt')
    await put('a.txt', withLines({ 5: 'FIVE' }))
    expect(await lab.place(thread)).toBe('kept 5–5; new 5–5 in a.txt')
  })

  test('goes with its file to another name, also when that is new and was changed on the way', async () => {
    await put('a.txt', withLines({ 5: 'FIVE' }))
    await put('new.txt', text(base.map((line) => `${line}, newly`)))
    const [known, fresh] = [await lab.write('a.txt', 5), await lab.write('new.txt', 3)]
    const { path } = lab.review.worktree
    await rename(join(path, 'a.txt'), join(path, 'moved.txt'))
    await rename(join(path, 'new.txt'), join(path, 'same.txt'))
    expect(await lab.place(known)).toBe('kept 5–5; new 5–5 in moved.txt')
    expect(await lab.place(fresh)).toBe('kept 3–3; new 3–3 in same.txt')
    await put('same.txt', text(['first', ...base.map((line) => `${line}, newly`)]))
    expect(await lab.place(fresh)).toBe('kept 4–4; new 4–4 in same.txt')
  })

  test('is shown in each scope where that has its lines', async () => {
    await put('a.txt', withLines({ 5: 'FIVE' }))
    await lab.review.commit('five')
    await put('a.txt', withLines({ 5: 'FIVE', 8: 'EIGHT' }))
    const [five, eight] = [await lab.write('a.txt', 5), await lab.write('a.txt', 8)]
    expect(await lab.place(five, 'committed')).toBe('kept 5–5; new 5–5 in a.txt')
    expect(await lab.place(eight, 'committed')).toBe('kept 8–8; new 8–8 in a.txt')
    expect(await lab.place(five, 'staged')).toBe('kept 5–5; nowhere in no file')
    expect(await lab.place(eight, 'unstaged')).toBe('kept 8–8; new 8–8 in a.txt')
  })

  test('on a removed line is changed once the line is there again, and is shown where it is', async () => {
    await put('a.txt', withLines({ 3: null, 8: 'EIGHT' }))
    const thread = await lab.write('a.txt', 3, { side: 'old' })
    expect(thread.comments[0]?.at.lines).toEqual(['the three line'])
    expect(await lab.place(thread)).toBe('kept 3–3; old 3–3 in a.txt')
    await put('a.txt', text(['new', ...withLines({ 8: 'EIGHT' }).trimEnd().split('\n')]))
    expect(await lab.place(thread)).toBe('changed 4–4; new 4–4 in a.txt')
    await put('a.txt', text(base))
    expect(await lab.place(thread)).toBe('changed 3–3; nowhere in no file')
    await rm(join(lab.review.worktree.path, 'a.txt'))
    expect(await lab.place(thread)).toBe('kept 3–3; old 3–3 in a.txt')
  })

  test('is found by its text where its version is lost', async () => {
    await put('a.txt', withLines({ 5: 'this very line' }))
    const thread = await lab.write('a.txt', 5)
    await put('a.txt', text(['x', ...withLines({ 5: 'this very line' }).trimEnd().split('\n')]))
    await rm(objectFile(thread))
    expect(await lab.place(thread)).toBe('kept 6–6; new 6–6 in a.txt')
    await put('a.txt', withLines({ 5: 'another' }))
    expect(await lab.place(thread)).toBe('outdated, lines-gone; nowhere in a.txt')
  })

  test('keeps its version from being dropped with old snapshots', async () => {
    await put('a.txt', withLines({ 5: 'this very line' }))
    const thread = await lab.write('a.txt', 5)
    clock.ahead = 3_600_000
    const isThereAfter = async (listKept: CommentsLab['comments']['listKept']) => {
      const review = lab.review.restart({ listKept })
      await review.reconcile()
      await review.lookAfter(new AbortController().signal)
      await review.close()
      return existsSync(objectFile(thread))
    }
    expect(await isThereAfter(lab.comments.listKept)).toBe(true)
    expect(await isThereAfter(async () => [])).toBe(false)
  })

  test('goes with its project', async () => {
    await put('a.txt', withLines({ 5: 'FIVE' }))
    const thread = await lab.write('a.txt', 5)
    await lab.sessions.command((context) => lab.comments.forgetProject(context, thread.projectId))
    expect((await lab.list()).threads).toEqual([])
    expect(lab.review.yard.kernel.changes.at(-1)).toMatchObject({
      topic: 'commentthreads.removed',
      payload: { id: thread.id },
    })
  })
})

const objectFile = ({ comments: [comment] }: CommentThread): string => {
  const { oid } = comment?.at ?? never()
  const { yard } = lab.review
  return join(yard.lab.root, 'review', yard.project.id, 'objects', oid.slice(0, 2), oid.slice(2))
}
const never = (): never => {
  throw new Error('It is not there.')
}
