import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Change } from '../../../../shared/contract/changes.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { createPlaceIndex } from './place-index.ts'

let root: string
let reads = 0
let worktrees: Worktree[]
let index: ReturnType<typeof createPlaceIndex>

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-places-')))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const worktreeRow = (n: number, change: object = {}) =>
  ({
    id: `wt_${n}`,
    projectId: 'prj_1',
    kind: 'created',
    path: join(root, `${n}`),
    branch: `branch-${n}`,
    state: { kind: 'ok' },
    added: 0,
    ...change,
  }) as unknown as Worktree
const session = { id: 'ses_1', projectId: 'prj_1', title: 'One', worktreeId: 'wt_1' } as unknown as Session
const ask = async () => index.placesOf('ses_1' as SessionId)
const tell = (...changes: readonly object[]) => index.follow(changes as unknown as readonly Change[])
const worktreeChanged = (n: number, change: object = {}) => ({
  topic: 'worktrees.changed',
  payload: worktreeRow(n, change),
})

beforeEach(() => {
  reads = 0
  worktrees = [worktreeRow(1), worktreeRow(2)]
  const deps = {
    database: {
      read: async (work: (tx: unknown) => Promise<unknown>) => {
        reads += 1
        return work(null)
      },
    },
    sessions: { list: async () => [session] },
    worktrees: { list: async () => worktrees },
    projects: { find: async () => ({ id: 'prj_1', rootPath: root, defaultBranch: 'main' }) },
    home: root,
    ignoresCase: false,
  }
  index = createPlaceIndex(deps as unknown as Parameters<typeof createPlaceIndex>[0])
})

it('is read once, and not again because an edit changed the numbers of a worktree', async () => {
  const before = await ask()
  expect(before?.own.path).toBe(join(root, '1'))
  tell(worktreeChanged(1, { added: 5 }), worktreeChanged(2, { added: 1 }))
  expect(await ask()).toBe(before)
  expect(reads).toBe(1)
})

it.each([
  ['moved', worktreeRow.bind(null, 2, { path: '/elsewhere' })],
  ['on another branch', worktreeRow.bind(null, 2, { branch: 'other' })],
  ['deleted', worktreeRow.bind(null, 2, { state: { kind: 'deleted' } })],
])('is read again once a worktree is %s', async (_what, changed) => {
  await ask()
  worktrees = [worktreeRow(1), changed()]
  tell({ topic: 'worktrees.changed', payload: changed() })
  await ask()
  expect(reads).toBe(2)
  // The same word once more is no news.
  tell({ topic: 'worktrees.changed', payload: changed() })
  await ask()
  expect(reads).toBe(2)
})

it('is read again for a worktree that it never heard of, and for sessions of another name', async () => {
  await ask()
  tell(worktreeChanged(3))
  await ask()
  expect(reads).toBe(2)
  tell({ topic: 'sessions.changed', payload: { ...session, title: 'Two' } })
  await ask()
  expect(reads).toBe(3)
  tell({ topic: 'projects.changed', payload: {} })
  await ask()
  expect(reads).toBe(4)
})
