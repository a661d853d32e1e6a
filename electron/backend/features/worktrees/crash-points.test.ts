import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import { findGit } from '../../adapters/git/find-git.ts'
import { createGit, type Git } from '../../adapters/git/run-git.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createYard, newBranch, valueOf, type Yard } from './testing.ts'

/** Hundreds of git processes: minutes on a busy machine. Only a hang takes longer. */
const longMs = 600_000

class Killed extends Error {
  override readonly name = 'Killed'
}

interface FailingGit {
  readonly git: Git
  readonly calls: () => number
}

/** A git whose call number `point` dies, before it does anything or after it did all; 0 never dies. */
function dieAt(real: Git, point: number, when: 'before' | 'after'): FailingGit {
  let calls = 0
  return {
    calls: () => calls,
    git: {
      ...real,
      run: async (request) => {
        calls += 1
        // A dead process makes no further calls either.
        if (point > 0 && (calls > point || (calls === point && when === 'before'))) throw new Killed()
        const result = await real.run(request)
        if (calls === point) throw new Killed()
        return result
      },
    },
  }
}

interface Death {
  readonly point: number
  readonly when: 'before' | 'after'
}

const noDeath: Death = { point: 0, when: 'before' }

/**
 * Where to die in so many calls: once between each two of them, by turns right after the one and right before the next,
 * and at both ends. The long mode dies on both sides of each.
 */
function deathsIn(calls: number): readonly Death[] {
  const between = Array.from({ length: calls + 1 }, (_, done): readonly Death[] => {
    const sides: readonly Death[] = [
      { point: done, when: 'after' },
      { point: done + 1, when: 'before' },
    ]
    const possible = sides.filter(({ point }) => point >= 1 && point <= calls)
    return process.env['SWITCHYARD_TEST_BOTH_SIDES'] || possible.length < 2 ? possible : [possible[done % 2]!]
  })
  return between.flat()
}

/** Runs an operation that may die, and says whether it did. */
async function dies(work: () => Promise<unknown>): Promise<boolean> {
  return work().then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true
      throw error
    },
  )
}

/** Exactly one whole worktree on one branch, and no remains of attempts. */
async function expectWhole(yard: Yard, worktree: Worktree): Promise<void> {
  const { lab, repo } = yard
  expect(worktree.state).toEqual({ kind: 'ok' })
  expect(await lab.plain(worktree.path, 'status', '--porcelain')).toBe('')
  expect(await readFile(join(worktree.path, 'readme.md'), 'utf8')).toBe('hello\n')
  const listed = await lab.plain(repo, 'worktree', 'list', '--porcelain')
  expect(listed.match(/^worktree /gm)).toHaveLength(2)
  expect(listed).toContain(`worktree ${worktree.path}\n`)
  expect(listed).not.toMatch(/locked|prunable/)
  expect(await readdir(join(repo, '.git/worktrees'))).toHaveLength(1)
  expect(await lab.plain(repo, 'for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
    `refs/heads/main\nrefs/heads/${worktree.branch}`,
  )
}

/** Makes room for the next try, with plain git: removing as the app does is tested below. */
async function clear({ lab, repo }: Yard, { path, branch }: Worktree): Promise<void> {
  await lab.plain(repo, 'worktree', 'remove', '--force', path)
  await lab.plain(repo, 'branch', '--quiet', '-D', branch ?? '')
}

test(
  'making a worktree, killed around each of its git calls, ends in the same single worktree',
  async () => {
    await using counting = await createYard()
    const counter = dieAt(counting.lab.git, 0, 'before')
    valueOf(await counting.restart(counter.git).prepare((await counting.plan(newBranch)).id))
    const points = counter.calls()
    expect(points).toBeGreaterThanOrEqual(10)

    await using yard = await createYard()
    for (const { point, when } of deathsIn(points)) {
      const planned = await yard.plan(newBranch)
      const dying = yard.restart(dieAt(yard.lab.git, point, when).git)
      expect(await dies(() => dying.prepare(planned.id)), `${when} call ${point}`).toBe(true)
      const made = valueOf(await yard.restart(yard.lab.git).prepare(planned.id))
      expect(made.path).toBe(planned.path)
      await expectWhole(yard, made)
      await clear(yard, made)
    }
  },
  longMs,
)

test(
  'removing and restoring, killed around each git call, lose nothing and happen once',
  async () => {
    const fill = async (yard: Yard): Promise<Worktree> => {
      const made = await yard.make(newBranch)
      await writeFile(join(made.path, 'readme.md'), 'dirty\n')
      await writeFile(join(made.path, 'staged'), 'staged\n')
      await yard.lab.plain(made.path, 'add', 'staged')
      await writeFile(join(made.path, 'untracked'), 'untracked\n')
      return made
    }
    const status = ' M readme.md\nA  staged\n?? untracked'
    await using counting = await createYard()
    const first = await fill(counting)
    const [removing, restoring] = [dieAt(counting.lab.git, 0, 'before'), dieAt(counting.lab.git, 0, 'before')]
    valueOf(await counting.restart(removing.git).remove(first.id, { deleteBranch: true }, by))
    valueOf(await counting.restart(restoring.git).restore(first.id, by))
    const points = { remove: deathsIn(removing.calls()), restore: deathsIn(restoring.calls()) }
    expect(removing.calls()).toBeGreaterThanOrEqual(15)
    expect(restoring.calls()).toBeGreaterThanOrEqual(15)

    await using yard = await createYard()
    // What a restore brings back is what the next round removes.
    const { id, path, branch } = await fill(yard)
    let deaths = 0
    for (let round = 0; round < Math.max(points.remove.length, points.restore.length); round++) {
      const inRemove = points.remove[round] ?? noDeath
      const inRestore = points.restore[round] ?? noDeath
      const dyingRemove = yard.restart(dieAt(yard.lab.git, inRemove.point, inRemove.when).git)
      if (await dies(() => dyingRemove.remove(id, { deleteBranch: true }, by))) deaths += 1
      const afterCrash = yard.restart(yard.lab.git)
      await afterCrash.resumeUnfinished()
      const { rescueRef } = valueOf(await afterCrash.remove(id, { deleteBranch: true }, by))
      expect(rescueRef).not.toBeNull()
      expect(await yard.lab.plain(yard.repo, 'for-each-ref', 'refs/switchyard')).toContain(rescueRef)
      expect(await yard.lab.plain(yard.repo, 'for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
        'refs/heads/main',
      )
      await expect(stat(path)).rejects.toThrow()

      const dyingRestore = yard.restart(dieAt(yard.lab.git, inRestore.point, inRestore.when).git)
      if (await dies(() => dyingRestore.restore(id, by))) deaths += 1
      const afterSecond = yard.restart(yard.lab.git)
      await afterSecond.resumeUnfinished()
      const restored = valueOf(await afterSecond.restore(id, by))
      expect(restored).toMatchObject({ state: { kind: 'ok' }, branch, path })
      expect(await yard.lab.plain(path, 'status', '--porcelain')).toBe(status)
      expect(await readFile(join(path, 'readme.md'), 'utf8')).toBe('dirty\n')
    }
    expect(deaths).toBe(points.remove.length + points.restore.length)
  },
  longMs,
)

test(
  'making a worktree of many files survives git itself being killed at any moment',
  async () => {
    await using yard = await createYard()
    const { lab, repo } = yard
    for (let index = 0; index < 600; index++) {
      await lab.write(join(repo, `src/${index % 40}/file-${index}.txt`), `${index}\n`.repeat(400))
    }
    const sha = await lab.commitAll(repo, 'many files')
    const found = await findGit(lab.env)
    if (found.kind !== 'found') throw new Error(found.message)
    const wrapper = join(lab.root, 'dying-git')

    const tries = 12
    let deaths = 0
    let atOnce = 0
    for (let attempt = 0; attempt < tries; attempt++) {
      const seconds = (0.002 + attempt * 0.005).toFixed(3)
      await lab.write(wrapper, `#!/bin/sh\nexec timeout -s KILL ${seconds} '${found.deps.gitPath}' "$@"\n`, 0o755)
      const dying = yard.restart(createGit({ ...found.deps, gitPath: wrapper }))
      const planned = await yard.plan(newBranch, `try ${attempt}`)
      const first = await dying.prepare(planned.id).catch(() => null)
      if (first?.ok) atOnce += 1
      else deaths += 1
      const made = valueOf(await yard.restart(lab.git).prepare(planned.id))
      expect(made).toMatchObject({ headSha: sha, state: { kind: 'ok' }, branch: planned.branch, changedFiles: 0 })
      expect(await lab.plain(made.path, 'status', '--porcelain')).toBe('')
      await clear(yard, made)
    }
    expect(deaths).toBeGreaterThanOrEqual(5)
    expect(deaths + atOnce).toBe(tries)
    const left = await readdir(join(repo, '.git/worktrees')).catch(() => [])
    const listed = await lab.plain(repo, 'worktree', 'list', '--porcelain')
    expect(listed.match(/^worktree /gm)).toHaveLength(1)
    // A git killed while it registers leaves a nameless entry at most, which its own clean-up removes.
    for (const name of left) expect(listed).not.toContain(basename(name))
  },
  longMs,
)
