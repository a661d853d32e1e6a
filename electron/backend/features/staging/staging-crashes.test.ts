import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { GitRequest } from '../../adapters/git/run-git.ts'
import { writeFileVersion } from '../../adapters/git/worktree-files.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import { createStagingLab, type StagingLab } from '../../testing/staging-lab.ts'
import { codeOf, valueOf } from '../worktrees/testing.ts'
import type { StagingService } from './staging-service.ts'

/** Hundreds of git processes. Only a hang takes longer. */
const longMs = 600_000

class Killed extends Error {
  override readonly name = 'Killed'
}

/** Everything that changes something dies at its step number `point`, before it or after it; 0 never dies. */
const dieAt = (lab: StagingLab, point: number, when: 'before' | 'after') => {
  let steps = 0
  const step = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    steps += 1
    // A dead process makes no further steps either.
    if (point > 0 && (steps > point || (steps === point && when === 'before'))) throw new Killed()
    const value = await work()
    if (steps === point) throw new Killed()
    return value
  }
  const { git } = lab.yard.lab
  const runCommand: RunCommand = (options, work) => step(() => lab.yard.kernel.runCommand(options, work))
  const staging = lab.startAgain({
    git: {
      ...git,
      run: (request: GitRequest) => {
        // What is stored, and referred to by nobody, is no change.
        const isStep = request.access !== 'read' && /^(?:apply|update-ref)$/.test(request.args[0] ?? '')
        if (isStep) return step(() => git.run(request))
        if (point > 0 && steps >= point) return Promise.reject(new Killed())
        return git.run(request)
      },
    },
    writeFile: async (folder, rawPath, written) => {
      // Half written: what is to become the file stays beside it.
      if (steps + 1 === point && when === 'before')
        await lab.yard.lab.write(join(folder, dirname(rawPath), written.draft), 'half')
      return step(() => writeFileVersion(folder, rawPath, written))
    },
    runCommand,
  })
  return { staging, steps: () => steps }
}

/** Between each two steps once, by turns after the one and before the next; the long mode dies on both sides of each. */
const deathsIn = (steps: number) =>
  Array.from({ length: steps }, (_, at) => at + 1).flatMap((point) => {
    const both = [
      { point, when: 'before' as const },
      { point, when: 'after' as const },
    ]
    return process.env['SWITCHYARD_TEST_BOTH_SIDES'] || point === steps ? both : [both[point % 2]!]
  })

const change = async (lab: StagingLab) => {
  await lab.git('reset', '--quiet', '--hard')
  await lab.git('clean', '-ffdxq')
  await lab.write('a.txt', 'staged\ntwo\nthree\n')
  await lab.write('gone.txt', 'kept\n')
  await lab.git('add', 'a.txt', 'gone.txt')
  await lab.write('a.txt', 'staged\ntwo\nTHREE\n', 0o600)
  await rm(join(lab.worktree.path, 'gone.txt'))
  await lab.write('new/n.txt', 'new\n')
}

const wishes = {
  stage: { verb: 'stage', scope: 'unstaged', paths: ['a.txt', 'gone.txt', 'new/n.txt'] },
  unstage: { verb: 'unstage', scope: 'staged', paths: ['a.txt', 'gone.txt'] },
  discard: { verb: 'discard', scope: 'unstaged', paths: ['a.txt', 'gone.txt', 'new/n.txt'] },
} as const

const whenItDies = async (work: () => Promise<unknown>): Promise<boolean> =>
  work().then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true
      throw error
    },
  )

test.each(Object.values(wishes))(
  '$verb and its undo, killed around each of their steps, happened or did not',
  async ({ verb, scope, paths }) => {
    await using lab = await createStagingLab(async ({ lab: { write, commitAll }, repo }) => {
      await write(join(repo, 'a.txt'), 'one\ntwo\nthree\n')
      await commitAll(repo, 'files')
    })
    await change(lab)
    const before = await lab.trees()
    const parts = await Promise.all(paths.map((path) => lab.part(path, scope)))
    const act = (staging: StagingService) =>
      staging.act({ worktreeId: lab.worktree.id, verb, scope, whitespace: 'show', parts }, by)
    const counted = dieAt(lab, 0, 'before')
    const first = valueOf(await act(counted.staging))
    const actSteps = counted.steps()
    const after = await lab.trees()
    valueOf(await counted.staging.undo(first.id, by))
    const undoSteps = counted.steps() - actSteps
    expect(await lab.trees()).toEqual(before)
    expect(actSteps).toBeGreaterThanOrEqual(3)

    const outcomes = { happened: 0, not: 0 }
    for (const { point, when } of deathsIn(actSteps)) {
      expect(await whenItDies(() => act(dieAt(lab, point, when).staging)), `${when} step ${point}`).toBe(true)
      const next = lab.startAgain()
      await next.reconcile()
      const [done] = await next.list(lab.worktree.id)
      expect(await lab.trees(), `${when} step ${point}`).toEqual(done ? after : before)
      outcomes[done ? 'happened' : 'not'] += 1
      if (done) valueOf(await next.undo(done.id, by))
      expect(await lab.trees()).toEqual(before)
    }
    expect(outcomes.happened).toBeGreaterThan(0)
    expect(outcomes.not).toBeGreaterThan(0)

    for (const { point, when } of deathsIn(undoSteps)) {
      const { id } = valueOf(await act(lab.startAgain()))
      expect(await whenItDies(() => dieAt(lab, point, when).staging.undo(id, by))).toBe(true)
      const next = lab.startAgain()
      await next.reconcile()
      const stands = (await next.list(lab.worktree.id)).some((each) => each.id === id)
      expect(await lab.trees(), `${when} step ${point} of the undo`).toEqual(stands ? after : before)
      if (stands) valueOf(await next.undo(id, by))
    }
  },
  longMs,
)

test('a commit, killed around each of its steps, was made once or not at all', { timeout: longMs }, async () => {
  await using lab = await createStagingLab()
  await lab.write('a.txt', 'a\n')
  await lab.git('add', 'a.txt')
  const { head, tree } = valueOf(await lab.staging.draft(lab.worktree.id))
  const wish = { worktreeId: lab.worktree.id, head, tree, message: 'Add', isAmend: false }
  for (const [point, when] of [
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
  ] as const) {
    expect(await whenItDies(() => dieAt(lab, point, when).staging.commit(wish, by))).toBe(true)
    const isMade = point > 1 || when === 'after'
    expect(codeOf(await lab.staging.commit(wish, by))).toBe(isMade ? 'STALE' : 'ok')
    expect(await lab.git('rev-parse', 'HEAD^')).toBe(head)
    await lab.git('reset', '--quiet', '--soft', 'HEAD^')
  }
})
