import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import { openRouterLab, refusalOf, unknown, type RouterLab } from './testing.ts'

let lab: RouterLab
let worktree: Worktree
const view = { kind: 'scope', scope: 'all' } as const
const none = 'f'.repeat(40)

beforeAll(async () => {
  lab = await openRouterLab()
  const project = await lab.full.projects.open({ path: await lab.repository('work'), initialise: false })
  const made = await lab.full.sessions.create({
    projectId: project.id,
    title: 'Review me',
    prompt: null,
    agentId: 'demo',
    model: null,
    permissionMode: null,
    worktree: { kind: 'new-branch', baseRef: null, branch: null },
    requestId: 'request-review',
  })
  const { worktreeId } = await lab.when(made.id, ({ runtime }) => runtime.kind === 'alive')
  worktree = await lab.full.worktrees.refresh({ worktreeId: worktreeId ?? unknown.worktree })
})
afterAll(() => lab.close())

it('is opened, read, marked and looked at over the contract, and by who may only view as far as that goes', async () => {
  writeFileSync(join(worktree.path, 'readme.md'), 'hello\nmore\n')
  const worktreeId = worktree.id
  const viewer = lab.as('view')
  const query = { worktreeId, view, whitespace: 'show' } as const
  const listing = await viewer.review.open(query)
  expect(listing.files).toMatchObject([{ path: 'readme.md', change: 'modified', added: 1, where: ['unstaged'] }])
  const { snapshot } = listing
  const patches = await viewer.review.patches({ ...query, snapshot, rawPaths: ['readme.md'] })
  expect(patches).toMatchObject([{ rawPath: 'readme.md', tooLarge: false }])
  expect(patches[0]?.patch).toContain('@@ -1 +1,2 @@\n hello\n+more\n')
  const [file] = listing.files
  expect(await viewer.review.text({ worktreeId, oid: file?.newOid ?? '' })).toEqual({ text: 'hello\nmore\n' })
  const mark = { worktreeId, rawPath: 'readme.md', oldOid: file?.oldOid ?? '', newOid: file?.newOid ?? '', hunk: null }
  expect((await refusalOf(viewer.review.mark({ ...mark, isViewed: true })))?.code).toBe('FORBIDDEN')
  await lab.as('answer').review.mark({ ...mark, isViewed: true })
  expect((await viewer.review.open(query)).files[0]?.mark).toBe('viewed')
  await lab.as('answer').review.looked({ worktreeId, snapshot })
  expect((await viewer.review.open({ ...query, view: { kind: 'since-looked' } })).files).toEqual([])
})

it('refuses in the words of the contract', async () => {
  const worktreeId = worktree.id
  const query = { worktreeId, view, whitespace: 'show' } as const
  const stale = await refusalOf(lab.full.review.patches({ ...query, snapshot: 'old', rawPaths: ['a'] }))
  expect(stale).toMatchObject({
    code: 'STALE',
    status: 409,
    message: 'The files changed meanwhile. They are read again.',
  })
  expect(await refusalOf(lab.full.review.text({ worktreeId, oid: none }))).toMatchObject({
    code: 'NOT_FOUND',
    status: 404,
  })
  expect(await refusalOf(lab.full.review.image({ worktreeId, oid: none }))).toMatchObject({ code: 'NOT_FOUND' })
  expect((await refusalOf(lab.full.review.text({ worktreeId, oid: 'HEAD' })))?.code).toBe('BAD_REQUEST')
  const nowhere = { ...query, worktreeId: unknown.worktree as Worktree['id'] }
  expect((await refusalOf(lab.full.review.open(nowhere)))?.code).toBe('NOT_FOUND')
  expect((await refusalOf(lab.full.review.looked({ ...nowhere, snapshot: 'old' })))?.code).toBe('NOT_FOUND')
})

it('is commented on and sent over the contract, by who may do everything alone', async () => {
  writeFileSync(join(worktree.path, 'readme.md'), 'hello\nmore\n')
  const worktreeId = worktree.id
  const { snapshot } = await lab.full.review.open({ worktreeId, view, whitespace: 'show' })
  const seen = { worktreeId, snapshot, view }
  const words = { body: 'Why?', suggestion: null }
  const place = { rawPath: 'readme.md', side: 'new', from: 2, to: 2 } as const
  const draft = { ...seen, ...words, ...place, requestId: 'request-comment' }
  expect((await refusalOf(lab.as('answer').comments.write(draft)))?.code).toBe('FORBIDDEN')
  const { thread } = await lab.full.comments.write(draft)
  const commentId = thread.comments[0]?.id ?? unknown.comment
  await lab.full.comments.edit({ commentId, ...words, suggestion: 'less' })
  await lab.full.comments.remove({ commentId })
  await lab.full.comments.restore({ commentId })
  const more = { threadId: thread.id, snapshot, ...words, requestId: 'request-more' }
  expect((await lab.full.comments.add(more)).thread.comments).toHaveLength(2)
  const wish = { worktreeId, sessionId: null, body: '', requestId: 'request-send' }
  expect((await refusalOf(lab.as('view').comments.send(wish)))?.code).toBe('FORBIDDEN')
  const sent = await lab.full.comments.send(wish)
  expect(sent.threads).toMatchObject([{ id: thread.id, number: 1 }])
  const listed = await lab.as('view').comments.list(seen)
  expect(listed).toMatchObject({ places: [{ threadId: thread.id, now: { kind: 'kept', from: 2 } }], answers: [] })
  expect(listed.mailThreadIds).toEqual([sent.threadId])
  expect((await refusalOf(lab.full.comments.edit({ commentId, ...words })))?.code).toBe('SENT')
  expect((await refusalOf(lab.full.comments.send({ ...wish, requestId: 'request-again' })))?.code).toBe(
    'NOTHING_TO_SEND',
  )
  await lab.full.comments.resolve({ threadId: thread.id, isResolved: true })
  expect((await lab.full.comments.list(seen)).threads[0]?.resolvedAt).not.toBeNull()
})
