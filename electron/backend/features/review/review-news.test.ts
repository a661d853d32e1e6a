import { readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Activity, Session } from '../../../../shared/contract/sessions.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createReviewLab, fileOf, inWords, type ReviewLab } from '../../testing/review-lab.ts'
import { codeOf, valueOf } from '../worktrees/testing.ts'
import type { ReviewService } from './review-service.ts'

let lab: ReviewLab
beforeEach(async () => {
  lab = await createReviewLab()
})
afterEach(async () => {
  await lab.review.close()
  await lab[Symbol.asyncDispose]()
})

/** What a session's row says it does, as the sessions tell it. */
const say = async (kind: Activity['kind'], review: ReviewService = lab.review, id = 'ses_1'): Promise<void> => {
  const row = { id, worktreeId: lab.worktree.id, activity: { kind } } as unknown as Session
  await lab.yard.kernel.runCommand({ name: 'observe-session', by }, async ({ emit }) => {
    await emit('sessions.changed', id, row)
    return ok(undefined)
  })
  await review.whenSettled()
}
const turn = async (work: () => Promise<unknown>): Promise<void> => {
  await say('working')
  await work()
  await say('idle')
}
const look = async (): Promise<void> => {
  valueOf(await lab.yard.worktrees.refresh(lab.worktree.id))
  await lab.review.whenSettled()
}
const told = () =>
  lab.yard.kernel.changes.flatMap((change) => (change.topic === 'review.changed' ? [change.payload.snapshot] : []))
const idle = new AbortController().signal

test('a turn shows what changed between its beginning and its end, committed or not', async () => {
  await lab.write('mine.txt', 'written by hand\n')
  await turn(async () => {
    await lab.write('first.txt', 'first\n')
    await lab.commit('first')
  })
  await lab.write('mine.txt', 'by hand again\n')
  await say('working')
  await say('needs-you')
  await lab.write('second.txt', 'second\n')
  await say('working')
  await lab.write('first.txt', 'changed\n')
  await say('idle')
  // Nothing came of it.
  await turn(async () => undefined)
  const listing = await lab.open()
  expect(listing.turns.map(({ number, files }) => `${number}: ${files}`)).toEqual(['1: 1', '2: 2'])
  expect(inWords(await lab.open({ kind: 'turn', number: 1 }))).toEqual(['added first.txt +1 −0 [committed unstaged]'])
  const second = { kind: 'turn', number: 2 } as const
  expect(inWords(await lab.open(second))).toEqual([
    'modified first.txt +1 −1 [committed unstaged]',
    'added second.txt +1 −0 [untracked]',
  ])
  await lab.write('second.txt', 'later\n')
  expect((await lab.patch(await lab.open(second), 'second.txt', second)).patch).toContain('\n+second\n')
  const gone = { worktreeId: lab.worktree.id, view: { kind: 'turn', number: 3 }, whitespace: 'show' } as const
  expect(codeOf(await lab.review.open(gone))).toBe('NOT_FOUND')
})

test('a turn that begins as soon as the one before it ended leaves that one its own beginning', async () => {
  await lab.write('mine.txt', 'written by hand\n')
  await say('working')
  await lab.write('first.txt', 'first\n')
  await Promise.all([say('idle'), say('working')])
  await lab.write('second.txt', 'second\n')
  await say('idle')
  expect(inWords(await lab.open({ kind: 'turn', number: 1 }))).toEqual(['added first.txt +1 −0 [untracked]'])
  expect(inWords(await lab.open({ kind: 'turn', number: 2 }))).toEqual(['added second.txt +1 −0 [untracked]'])
})

test('what is kept in memory of a worktree goes with it: versions that were listed, and the beginning of a turn', async () => {
  await lab.write('a.txt', 'one\n')
  const oid = fileOf(await lab.open(), 'a.txt').newOid ?? ''
  await say('working')
  await lab.write('b.txt', 'two\n')
  const textOf = async () => codeOf(await lab.review.text(lab.worktree.id, oid))
  expect(await textOf()).toBe('ok')
  await lab.yard.kernel.runCommand({ name: 'delete-worktree', by }, async ({ emit, now }) => {
    const state = { kind: 'deleted', rescueRef: null, at: now } as const
    await emit('worktrees.changed', lab.worktree.id, { ...lab.worktree, state })
    return ok(undefined)
  })
  await lab.review.whenSettled()
  expect(await textOf()).toBe('NOT_FOUND')
  await say('idle')
  // Without its beginning it counts from the base.
  expect((await lab.open()).turns.map(({ files }) => files)).toEqual([2])
})

test('a turn that began before the app did counts from the one before it', async () => {
  await turn(() => lab.write('a.txt', 'one\n'))
  const row = { id: 'ses_1', worktreeId: lab.worktree.id, activity: { kind: 'working' } } as unknown as Session
  await lab.review.close()
  await lab.write('b.txt', 'while nobody looked\n')
  const after = lab.restart({ sessions: { list: async () => [row] } })
  await after.reconcile()
  await say('idle', after)
  expect((await lab.open()).turns.map(({ number, files }) => `${number}: ${files}`)).toEqual(['1: 1', '2: 1'])
  expect(inWords(await lab.open({ kind: 'turn', number: 2 }))).toEqual(['added b.txt +1 −0 [untracked]'])
  await after.close()
})

test('what was kept of a worktree goes with it, also when that was not heard', async () => {
  const rows = () =>
    lab.yard.kernel.database.read(async (tx) => {
      const count = async (table: string) => (await tx.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))?.n
      return Promise.all(['review_turns', 'review_looks', 'review_marks'].map(count))
    })
  const keep = async () => {
    await turn(() => lab.write('a.txt', `${Math.random()}\n`))
    const listing = await lab.open()
    await lab.mark(fileOf(listing, 'a.txt'))
    valueOf(await lab.review.looked(lab.worktree.id, listing.snapshot, by))
    expect(await rows()).toEqual([1, 1, 1])
  }
  await keep()
  await lab.yard.kernel.runCommand({ name: 'delete-worktree', by }, async ({ emit, now }) => {
    const state = { kind: 'deleted', rescueRef: null, at: now } as const
    await emit('worktrees.changed', lab.worktree.id, { ...lab.worktree, state })
    return ok(undefined)
  })
  await lab.review.whenSettled()
  expect(await rows()).toEqual([0, 0, 0])
  await keep()
  await lab.review.close()
  const after = lab.restart()
  await after.reconcile()
  expect(await rows()).toEqual([1, 1, 1])
  await after.close()
  const late = lab.restart({ worktrees: { ...lab.yard.worktrees, find: async () => undefined } })
  await late.reconcile()
  expect(await rows()).toEqual([0, 0, 0])
  await late.close()
})

test('a turn counts the bytes that were stored while it ran, and large ones leave no room for old ones', async () => {
  await turn(() => lab.write('a.txt', 'x'.repeat(5000)))
  await turn(() => lab.write('a.txt', 'y'.repeat(7000)))
  const read = () =>
    lab.yard.kernel.database.read((tx) =>
      tx.all<{ number: number; bytes: number }>('SELECT number, bytes FROM review_turns'),
    )
  expect(await read()).toEqual([
    { number: 1, bytes: 5000 },
    { number: 2, bytes: 7000 },
  ])
  await lab.yard.kernel.runCommand({ name: 'large-turn', by }, async ({ tx }) => {
    await tx.run('UPDATE review_turns SET bytes = ? WHERE number = 2', 500 * 1024 * 1024 - 100)
    return ok(undefined)
  })
  await turn(() => lab.write('b.txt', 'z'.repeat(100)))
  expect((await read()).map(({ number }) => number)).toEqual([2, 3])
  await turn(() => lab.write('b.txt', 'w'))
  expect((await lab.open()).turns.map(({ number }) => number)).toEqual([3, 4])
})

test('only the last 50 turns are kept, under their own numbers', async () => {
  await turn(() => lab.write('a.txt', 'one\n'))
  await lab.yard.kernel.runCommand({ name: 'many-turns', by }, async ({ tx }) => {
    await tx.run('UPDATE review_turns SET number = 60')
    for (let number = 1; number < 60; number++)
      await tx.run(
        `INSERT INTO review_turns (worktree_id, number, project_id, session_id, before_tree, tree, files, at)
         SELECT worktree_id, ?, project_id, session_id, before_tree, tree, files, at FROM review_turns WHERE number = 60`,
        number,
      )
    return ok(undefined)
  })
  await turn(() => lab.write('a.txt', 'two\n'))
  const numbers = (await lab.open()).turns.map(({ number }) => number)
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 12))
})

test('a listing that is not so any more is told once, and again after the next one', async () => {
  await lab.write('a.txt', 'one\n')
  await look()
  expect(told()).toEqual([])
  await lab.open()
  await look()
  expect(told()).toEqual([])
  await lab.write('a.txt', 'two\n')
  await look()
  expect(told()).toHaveLength(1)
  await lab.write('a.txt', 'three\n')
  await look()
  expect(told()).toHaveLength(1)
  const { snapshot } = await lab.open()
  expect(told()).not.toContain(snapshot)
  await lab.git('add', 'a.txt')
  await look()
  const again = await lab.open()
  expect(told()).toEqual([expect.any(String), again.snapshot])
  await lab.commit('work')
  await look()
  expect(told()).toHaveLength(3)
})

test('what changes while a listing is made is told after it', async () => {
  let during: (() => Promise<void>) | null = async () => {
    during = null
    await lab.write('late.txt', 'late\n')
    valueOf(await lab.yard.worktrees.refresh(lab.worktree.id))
  }
  const review = lab.restart({
    git: {
      ...lab.yard.lab.git,
      run: async (request) => {
        const result = await lab.yard.lab.git.run(request)
        if (request.args[0] === 'write-tree' && request.indexFile?.endsWith('work')) await during?.()
        return result
      },
    },
  })
  const query = { worktreeId: lab.worktree.id, view: { kind: 'scope', scope: 'all' }, whitespace: 'show' } as const
  expect(valueOf(await review.open(query)).files).toEqual([])
  await review.whenSettled()
  expect(told()).toHaveLength(1)
  await review.close()
})

test('a base that moves on and a folder that goes are told', async () => {
  await lab.open()
  await lab.review.lookAfter(idle)
  await lab.review.whenSettled()
  expect(told()).toEqual([])
  await lab.yard.lab.write(join(lab.yard.repo, 'new.txt'), 'new\n')
  await lab.yard.lab.commitAll(lab.yard.repo, 'the base goes on')
  await lab.review.lookAfter(idle)
  await lab.review.whenSettled()
  expect(told()).toHaveLength(1)
  const { base, snapshot } = await lab.open()
  expect(base?.movedBy).toBe(1)
  await rm(lab.worktree.path, { recursive: true })
  await look()
  expect(told()).toEqual([expect.any(String), null])
  expect(codeOf(await lab.review.looked(lab.worktree.id, snapshot, by))).toBe('ok')
})

const objectsBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(name))

test('a start drops what nothing refers to, and keeps turns, looks and versions that were viewed', async () => {
  const folder = join(lab.yard.lab.root, 'review', lab.yard.project.id)
  await lab.write('a.txt', 'viewed\n')
  const viewed = fileOf(await lab.open(), 'a.txt')
  await lab.mark(viewed)
  await turn(() => lab.write('b.txt', 'of the turn\n'))
  await lab.write('c.txt', 'looked at\n')
  const seen = await lab.open()
  valueOf(await lab.review.looked(lab.worktree.id, seen.snapshot, by))
  for (const round of ['one', 'two', 'three']) {
    await lab.write('a.txt', `${round}\n`)
    await lab.open()
  }
  await lab.review.close()
  const old = new Date(Date.now() - 3_600_000)
  const objects = join(folder, 'objects')
  const before = await objectsBelow(objects)
  const after = lab.restart()
  const prune = async () => {
    await after.reconcile()
    await after.lookAfter(idle)
  }
  await prune()
  // What was just written may be about to be referred to.
  expect(await objectsBelow(objects)).toEqual(before)
  for (const name of before) await utimes(join(objects, name), old, old)
  await after.lookAfter(idle)
  // It is due at a start, or after many snapshots.
  expect(await objectsBelow(objects)).toEqual(before)
  await prune()
  expect((await objectsBelow(objects)).length).toBeLessThan(before.length - 5)
  expect(await readdir(folder)).toEqual(['objects'])
  const query = { worktreeId: lab.worktree.id, whitespace: 'show' } as const
  const open = async (view: 'turn' | 'since-looked' | 'all') => {
    const asked =
      view === 'turn' ? { kind: view, number: 1 } : view === 'all' ? { kind: 'scope', scope: view } : { kind: view }
    return valueOf(await after.open({ ...query, view: asked as { kind: 'since-looked' } }))
  }
  expect(inWords(await open('turn'))).toEqual(['added b.txt +1 −0 [untracked]'])
  expect(inWords(await open('since-looked'))).toEqual(['modified a.txt +1 −1 [untracked]'])
  expect(fileOf(await open('all'), 'a.txt')).toMatchObject({ mark: 'stale', viewedOid: viewed.newOid })
  expect(valueOf(await after.text(lab.worktree.id, viewed.newOid ?? '')).text).toBe('viewed\n')
  await after.close()
})

test('the folder of a project that is not there any more goes at the next start', async () => {
  await lab.open()
  const folder = join(lab.yard.lab.root, 'review')
  expect(await readdir(folder)).toEqual([lab.yard.project.id])
  const after = lab.restart({ projects: { find: async () => undefined } })
  await after.reconcile()
  await after.lookAfter(idle)
  expect(await readdir(folder)).toEqual([])
  await after.close()
})
