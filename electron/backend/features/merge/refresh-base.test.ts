import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { ThreadId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createMergeLab, type MergeLab } from '../../testing/merge-lab.ts'
import { codeOf, messageOf, newBranch, valueOf } from '../worktrees/testing.ts'
import { conflictsOf, type MergeService } from './merge-service.ts'

let lab: MergeLab
let merge: MergeService
let told: string[]
beforeAll(async () => {
  lab = await createMergeLab()
})
afterAll(() => lab[Symbol.asyncDispose]())

/** A worktree with a commit of its own, and a base that has moved on since. */
const makeBehind = async (name: string, own: string = name): Promise<Worktree> => {
  const worktree = await lab.yard.make(newBranch, name)
  await lab.yard.lab.write(join(worktree.path, `${own}.txt`), `${name}\n`)
  await lab.yard.lab.commitAll(worktree.path, `own ${name}`)
  await lab.commit({ [`main-${name}.txt`]: 'main\n' })
  told = []
  const session = { id: 'ses_1', projectId: lab.yard.project.id, worktreeId: worktree.id, lifecycle: 'running' }
  merge = lab.restart({
    sessions: { list: async () => [session as unknown as Session] },
    mail: {
      post: async (_, { sessionId, bodies }) => {
        told.push(`${sessionId}: ${bodies.join(' ')}`)
        return { threadId: 'thr_1' as ThreadId, messages: [] }
      },
    },
  })
  return worktree
}
const plain = ({ path }: Worktree, ...args: string[]): Promise<string> => lab.yard.lab.plain(path, ...args)
const baseOf = async ({ id }: Worktree) => (await lab.yard.row(id))?.base?.sha

describe('a branch that is brought onto its base', () => {
  it('by rebase: its commits anew on the base, its files too, and its agent is told', async () => {
    const worktree = await makeBehind('one')
    const before = await plain(worktree, 'rev-parse', 'HEAD')
    const row = valueOf(await merge.refreshBase({ worktreeId: worktree.id, strategy: 'rebase' }, by))
    expect(row).toMatchObject({
      target: worktree.branch,
      source: { branch: 'main', sha: await lab.head() },
      before,
      state: 'landed',
      refresh: { worktreeId: worktree.id, baseWas: worktree.base?.sha },
    })
    expect(await plain(worktree, 'log', '--format=%s', 'main..HEAD')).toBe('own one')
    expect(await plain(worktree, 'status', '--porcelain')).toBe('')
    expect(await readFile(join(worktree.path, 'main-one.txt'), 'utf8')).toBe('main\n')
    expect(await lab.head(row.backupRef)).toBe(before)
    expect(told).toEqual([
      `ses_1: I rebased your branch ${worktree.branch} onto main. Look at your files again before you go on. What the branch was before is kept under ${row.backupRef}.`,
    ])
    // What the worktree changed is counted from the new base on.
    expect(await baseOf(worktree)).toBe(await lab.head())

    valueOf(await merge.undo(row.id, by))
    expect(await plain(worktree, 'rev-parse', 'HEAD')).toBe(before)
    expect(await plain(worktree, 'status', '--porcelain')).toBe('')
    expect(await baseOf(worktree)).toBe(worktree.base?.sha)
  })

  it('by merge: a commit with the base as its second parent', async () => {
    const worktree = await makeBehind('two')
    const before = await plain(worktree, 'rev-parse', 'HEAD')
    valueOf(await merge.refreshBase({ worktreeId: worktree.id, strategy: 'merge' }, by))
    expect(await plain(worktree, 'log', '-1', '--format=%P %s')).toBe(
      `${before} ${await lab.head()} Merge branch 'main' into ${worktree.branch}`,
    )
    expect(told).toEqual([expect.stringContaining(`I merged main into your branch ${worktree.branch}.`)])
  })

  it.each(['rebase', 'merge'] as const)(
    'without commits of its own by %s: it goes on to where the base is',
    async (strategy) => {
      const worktree = await lab.yard.make(newBranch, `behind ${strategy}`)
      await lab.commit({ [`${strategy}.txt`]: 'x\n' })
      valueOf(await merge.refreshBase({ worktreeId: worktree.id, strategy }, by))
      expect(await plain(worktree, 'rev-parse', 'HEAD')).toBe(await lab.head())
      expect(await plain(worktree, 'status', '--porcelain')).toBe('')
    },
  )

  it('leaves out what the base has by now in other commits', async () => {
    const worktree = await makeBehind('three')
    await lab.git('cherry-pick', worktree.branch ?? '')
    valueOf(await merge.refreshBase({ worktreeId: worktree.id, strategy: 'rebase' }, by))
    expect(await plain(worktree, 'rev-parse', 'HEAD')).toBe(await lab.head())
  })
})

describe('is refused and changes nothing', () => {
  const refusedFor = async (worktree: Worktree) => {
    const before = await lab.everything(worktree.path)
    const refused = await merge.refreshBase({ worktreeId: worktree.id, strategy: 'rebase' }, by)
    expect(await lab.everything(worktree.path)).toEqual(before)
    expect(told).toEqual([])
    return { refused, code: codeOf(refused), message: messageOf(refused) }
  }

  it('with work that is not committed, or half done', async () => {
    const worktree = await makeBehind('four')
    await lab.yard.lab.write(join(worktree.path, 'four.txt'), 'more\n')
    expect(await refusedFor(worktree)).toMatchObject({
      code: 'DIRTY_CHECKOUT',
      message: expect.stringContaining('four.txt'),
    })
    await plain(worktree, 'checkout', '-q', '--', '.')
    await plain(worktree, 'merge', '-q', '--no-ff', '--no-commit', 'main')
    expect(await refusedFor(worktree)).toMatchObject({
      code: 'DIRTY_CHECKOUT',
      message: expect.stringContaining('half done'),
    })
  })

  it('with conflicts, which are told', async () => {
    const worktree = await makeBehind('five', 'main-five')
    const { refused, code } = await refusedFor(worktree)
    expect(code).toBe('CONFLICTS')
    expect(refused.ok ? null : conflictsOf(refused.refusal)).toMatchObject({
      conflicts: [{ path: 'main-five.txt', kind: 'both-added' }],
    })
  })

  it('when there is nothing to refresh, no branch, or no worktree', async () => {
    const worktree = await makeBehind('six')
    await plain(worktree, 'merge', '-q', 'main')
    expect(await refusedFor(worktree)).toMatchObject({ code: 'ALREADY_MERGED' })
    await plain(worktree, 'checkout', '-q', '--detach')
    valueOf(await lab.yard.worktrees.refresh(worktree.id))
    expect(await refusedFor(worktree)).toMatchObject({ code: 'NO_BASE' })
    const unknown = 'wt_01ARZ3NDEKTSV4RRFFQ69G5FAV' as WorktreeId
    expect(codeOf(await merge.refreshBase({ worktreeId: unknown, strategy: 'rebase' }, by))).toBe('NOT_FOUND')
  })
})
