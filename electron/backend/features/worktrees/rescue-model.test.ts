import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Identity } from '../../kernel/identity.ts'
import { createYard, newBranch, valueOf, type Yard } from './testing.ts'

// I10: nothing removes a worktree holding uncommitted or unpushed work without a rescue ref and a person's word: whatever work
// lies in it, whatever happens by itself, and with git dying at any point of the removal.

/** Each run is some fifty git processes: SWITCHYARD_TEST_MODEL_RUNS=1000 for a long one. */
const runs = Number(process.env['SWITCHYARD_TEST_MODEL_RUNS'] ?? 5)
const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }

const name = fc.constantFrom('readme.md', 'a.txt', 'deep/er/b.txt', 'ümläut.txt', '-dash', 'space and "quote"')
const content = fc.constantFrom('', 'one\n', 'two\r\n', '\u0000\u00ff', 'three')
const work = fc.oneof(
  fc.record({ do: fc.constantFrom('write' as const, 'stage', 'commit', 'link', 'ignore'), name, content }),
  fc.record({ do: fc.constantFrom('delete' as const, 'detach', 'other-branch'), name, content }),
)
const happening = fc.constantFrom('refresh' as const, 'refresh-all', 'resume', 'rescue', 'require')
const story = fc.record({
  work: fc.array(work, { minLength: 0, maxLength: 4 }),
  happenings: fc.array(happening, { maxLength: 2 }),
  isNested: fc.constantFrom(false, false, false, false, true),
  deleteBranch: fc.boolean(),
  /** git dies at this call of the removal; 0 never. */
  dieAt: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 })),
  when: fc.constantFrom('before' as const, 'after'),
})
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never
type Work = Story['work'][number]

let yard: Yard
beforeAll(async () => {
  yard = await createYard()
})
afterAll(() => yard[Symbol.asyncDispose]())

const doWork = async ({ path }: Worktree, { do: what, name: file, content: text }: Work, n: number): Promise<void> => {
  const full = join(path, file)
  const git = (...args: string[]) => yard.lab.plain(path, ...args)
  const put = async () => {
    await mkdir(join(full, '..'), { recursive: true })
    await rm(full, { force: true })
    await (what === 'link' ? symlink(`to ${n}`, full) : writeFile(full, text, 'latin1'))
  }
  switch (what) {
    case 'write':
    case 'link':
      return put()
    case 'ignore':
      return writeFile(join(path, '.gitignore'), 'nothing-of-this-name\n')
    case 'stage':
      await put()
      return void (await git('add', '--', file))
    case 'commit':
      await put()
      await git('add', '--', file)
      return void (await git('commit', '--quiet', '--allow-empty', '--message', `work ${n}`))
    case 'delete':
      return rm(full, { force: true })
    case 'detach':
      return void (await git('checkout', '--quiet', '--detach'))
    case 'other-branch':
      return void (await git('checkout', '--quiet', '-b', `other-${Date.now()}-${n}-${Math.random()}`))
  }
}

/** Every file below a folder, by path, as git would name its content. */
const listContent = async (folder: string, below = ''): Promise<Map<string, string>> => {
  const found = new Map<string, string>()
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (path === '.git') continue
    if (entry.isDirectory()) for (const [each, sha] of await listContent(folder, path)) found.set(each, sha)
    else {
      const bytes = entry.isSymbolicLink()
        ? Buffer.from(await readlink(join(folder, path)))
        : await readFile(join(folder, path))
      found.set(path, createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'))
    }
  }
  return found
}

/** Everything that a ref keeps from being cleaned up. */
const listReachable = async (ref: string): Promise<ReadonlySet<string>> => {
  const listed = await yard.lab.plain(yard.repo, 'rev-list', '--objects', ref)
  return new Set(listed.split('\n').map((line) => line.slice(0, 40)))
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )

class Killed extends Error {}
const dyingAt = ({ dieAt, when }: Story): Git => {
  let calls = 0
  return {
    ...yard.lab.git,
    run: async (request) => {
      calls += 1
      if (dieAt > 0 && (calls > dieAt || (calls === dieAt && when === 'before'))) throw new Killed()
      const result = await yard.lab.git.run(request)
      if (calls === dieAt) throw new Killed()
      return result
    },
  }
}

const happen = async ({ id }: Worktree, what: Story['happenings'][number]): Promise<void> => {
  const { worktrees } = yard
  const happenings = {
    refresh: () => worktrees.refresh(id),
    'refresh-all': () => worktrees.refreshAll(new AbortController().signal),
    resume: () => worktrees.resumeUnfinished(),
    rescue: () => worktrees.rescue(id, `att_${id}`),
    require: () => worktrees.requireFolder(id),
  }
  await happenings[what]()
}

const play = async (told: Story): Promise<void> => {
  const made = await yard.make(newBranch)
  const { path } = made
  for (const [n, each] of told.work.entries()) await doWork(made, each, n)
  if (told.isNested) {
    await yard.lab.plain(path, 'init', '--quiet', 'inner')
    await writeFile(join(path, 'inner/file'), 'x\n')
  }
  const before = await listContent(path)
  const head = await yard.lab.plain(path, 'rev-parse', 'HEAD')
  for (const each of told.happenings) await happen(made, each)
  // Nobody has said that it may go.
  expect(await listContent(path)).toEqual(before)

  const options = { deleteBranch: told.deleteBranch }
  const dying = yard.restart(dyingAt(told))
  await dying.remove(made.id, options, person).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
  const again = yard.restart(yard.lab.git)
  await again.resumeUnfinished()
  const removed = await again.remove(made.id, options, person)
  if (!removed.ok) {
    expect(told.isNested, removed.refusal.message).toBe(true)
    expect(await listContent(path)).toEqual(before)
    await rm(join(path, 'inner'), { recursive: true })
    valueOf(await again.remove(made.id, options, person))
    return
  }
  expect(told.isNested).toBe(false)
  expect(await isThere(path)).toBe(false)
  const { rescueRef } = removed.value
  expect(rescueRef).toMatch(/^refs\/switchyard\/rescue\//)
  const reachable = await listReachable(rescueRef ?? '')
  for (const [file, sha] of before) expect(reachable.has(sha), file).toBe(true)
  // The commits that were pushed nowhere, too.
  expect(reachable.has(head)).toBe(true)
  valueOf(await again.restore(made.id, person))
  expect(await listContent(path)).toEqual(before)
  expect(await yard.lab.plain(path, 'rev-parse', 'HEAD')).toBe(head)
  valueOf(await again.remove(made.id, options, person))
}

it(
  `I10: nothing removes a worktree with work in it without a rescue ref and a person's word (${runs} runs)`,
  async () => {
    await fc.assert(fc.asyncProperty(story, play), { numRuns: runs })
  },
  120_000 + runs * 5000,
)
