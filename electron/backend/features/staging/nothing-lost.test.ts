import fc from 'fast-check'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReviewScope } from '../../../../shared/contract/review.ts'
import type { StagingVerb } from '../../../../shared/contract/staging.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createMergeService, type MergeService } from '../merge/merge-service.ts'
import { silentLog } from '../../kernel/testing.ts'
import type { StagingId, ThreadId } from '../../../../shared/lib/ids.ts'
import { createStagingLab, type StagingLab } from '../../testing/staging-lab.ts'
import { createWorkLedger, type WorkLedger } from '../../testing/work-ledger.ts'

const runs = Number(process.env['SWITCHYARD_TEST_LEDGERS'] ?? 15)
const seed = Number(process.env['SWITCHYARD_TEST_SEED'] ?? 20261122)
const longMs = 900_000
const paths = ['a.txt', 'b.txt', 'dir/c.txt', 'new.txt'] as const

let lab: StagingLab
let merge: MergeService
let ledger: WorkLedger
let start = ''
beforeAll(async () => {
  lab = await createStagingLab(async ({ lab: { write, commitAll }, repo }) => {
    for (const name of paths.slice(0, 3)) await write(join(repo, name), 'one\ntwo\nthree\nfour\nfive\n')
    await commitAll(repo, 'files')
  })
  const { yard, review } = lab
  start = await lab.git('rev-parse', 'HEAD')
  merge = createMergeService({
    ...yard.kernel,
    git: yard.lab.git,
    log: silentLog,
    projects: yard.projects,
    worktrees: yard.worktrees,
    sessions: { list: async () => [] },
    tasks: { listSubmittedIn: async () => [], acceptMerged: async () => undefined },
    mail: { post: async () => ({ threadId: 'thr_1' as ThreadId, messages: [] }) },
    review,
    folder: join(yard.lab.root, 'merge'),
  })
})
afterAll(() => lab[Symbol.asyncDispose]())

const path = fc.constantFrom(...paths)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), path, line: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), path }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      verb: fc.constantFrom<StagingVerb>('stage', 'unstage', 'discard', 'discard', 'revert'),
      which: fc.nat(3),
      isOneLine: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), which: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('commit' as const), isAmend: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('refresh' as const, 'land' as const, 'undo merge' as const, 'move base' as const),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never
/** So that each walk has something to lose. */
const opening: readonly Step[] = [
  { kind: 'write', path: 'a.txt', line: 0 },
  { kind: 'write', path: 'new.txt', line: 2 },
]

const scopes: Readonly<Record<StagingVerb, ReviewScope>> = {
  stage: 'unstaged',
  unstage: 'staged',
  discard: 'unstaged',
  revert: 'all',
}
let versions = 0
/** What was done, and how often; a walk that is refused everything would show nothing. */
const done = new Map<string, number>()
const count = (name: string, { ok }: { readonly ok: boolean }): void => {
  if (ok) done.set(name, (done.get(name) ?? 0) + 1)
}

const act = async (verb: StagingVerb, which: number, isOneLine: boolean): Promise<void> => {
  const scope = scopes[verb]
  const { files } = await lab.open(scope)
  const file = files[which % Math.max(1, files.length)]
  if (!file) return
  const { rawPath, oldOid, newOid, oldMode, newMode, change } = file
  const lines = isOneLine && change === 'modified' && verb !== 'revert' ? { removed: [[1, 1]], added: [[1, 1]] } : null
  const part = { rawPath, oldOid, newOid, oldMode, newMode, lines: lines as never }
  const wish = { worktreeId: lab.worktree.id, verb, scope, whitespace: 'show' as const }
  count(verb, await lab.staging.act({ ...wish, parts: [part] }, by))
}

const undo = async (which: number): Promise<void> => {
  const stagings = await lab.staging.list(lab.worktree.id)
  const id: StagingId | undefined = stagings[which % Math.max(1, stagings.length)]?.id
  if (id) count('undo', await lab.staging.undo(id, by))
}

const commit = async (isAmend: boolean): Promise<void> => {
  const draft = await lab.staging.draft(lab.worktree.id)
  if (!draft.ok) return
  const { head, tree } = draft.value
  const wish = { worktreeId: lab.worktree.id, head, tree, message: `version ${(versions += 1)}`, isAmend }
  count(isAmend ? 'amend' : 'commit', await lab.staging.commit(wish, by))
}

const mergeStep = async (kind: 'refresh' | 'land' | 'undo merge' | 'move base'): Promise<void> => {
  const { yard, worktree } = lab
  const projectId = yard.project.id
  if (kind === 'move base') {
    await yard.lab.write(join(yard.repo, 'dir/base.txt'), `base ${(versions += 1)}\n`)
    await yard.lab.commitAll(yard.repo, 'base moves')
    return
  }
  if (kind === 'refresh') {
    count(kind, await merge.refreshBase({ worktreeId: worktree.id, strategy: 'rebase' }, by))
    return
  }
  if (kind === 'undo merge') {
    const [last] = await merge.list({ projectId, target: null, limit: 1 })
    if (last) count(kind, await merge.undo(last.id, by))
    return
  }
  const source = { sha: await lab.git('rev-parse', 'HEAD'), branch: worktree.branch }
  const prepared = await merge.prepare({ projectId, source, target: 'main', strategy: 'squash', message: null })
  if (!prepared.ok) return
  count(kind, await merge.land({ prepared: prepared.value.id, targetWas: prepared.value.base }, by))
}

const take = async (one: Step): Promise<void> => {
  if (one.kind === 'write') {
    const text = ['one', 'two', 'three', 'four', 'five'].map((line, at) =>
      at === one.line ? `version ${(versions += 1)}` : line,
    )
    await ledger.giveUp(one.path)
    await lab.write(one.path, `${text.join('\n')}\n`)
    return
  }
  if (one.kind === 'remove') {
    await ledger.giveUp(one.path)
    await rm(join(lab.worktree.path, one.path), { force: true })
    return
  }
  await ledger.note()
  if (one.kind === 'act') await act(one.verb, one.which, one.isOneLine)
  else if (one.kind === 'undo') await undo(one.which)
  else if (one.kind === 'commit') await commit(one.isAmend)
  else await mergeStep(one.kind)
}

const begin = async (): Promise<void> => {
  await lab.git('checkout', '--quiet', '--force', '-B', lab.worktree.branch ?? '', start)
  await lab.git('clean', '-ffdxq')
  // What an earlier walk had is no work of this one.
  for (const ref of (await lab.git('for-each-ref', '--format=%(refname)', 'refs/switchyard')).split('\n'))
    if (ref !== '') await lab.git('update-ref', '-d', ref)
  ledger = createWorkLedger(lab.worktree.path, lab.git)
}

test(
  'whatever is staged, discarded, committed, merged and undone, no version of any file is lost',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        await begin()
        for (const one of [...opening, ...steps]) await take(one)
        expect(await ledger.lost()).toEqual([])
      }),
      { numRuns: runs, seed, endOnFailure: process.env['SWITCHYARD_TEST_SHRINK'] === undefined },
    )
    for (const verb of ['stage', 'unstage', 'discard', 'revert', 'undo', 'commit'])
      expect(done.get(verb) ?? 0, JSON.stringify([...done])).toBeGreaterThan(0)
  },
  longMs,
)

test('the ledger tells what a plain git throws away', async () => {
  await begin()
  await lab.write('a.txt', 'never seen again\n')
  await ledger.note()
  expect(await ledger.lost()).toEqual([])
  await lab.git('checkout', '--', 'a.txt')
  expect(await ledger.lost()).toEqual([expect.stringMatching(/^a\.txt [0-9a-f]{40}$/)])
})
