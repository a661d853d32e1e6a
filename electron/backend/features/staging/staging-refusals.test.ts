import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GitRequest } from '../../adapters/git/run-git.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createStagingLab, type StagingLab } from '../../testing/staging-lab.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'

let lab: StagingLab
let start = ''
beforeAll(async () => {
  lab = await createStagingLab(async ({ lab: { write, commitAll }, repo }) => {
    for (const name of ['a.txt', 'b.txt']) await write(join(repo, name), 'one\ntwo\nthree\n')
    await commitAll(repo, 'files')
  })
  start = await lab.git('rev-parse', 'HEAD')
})
beforeEach(async () => {
  await lab.git('reset', '--quiet', '--hard', start)
  await lab.git('clean', '-ffdxq')
})
afterAll(() => lab[Symbol.asyncDispose]())

const wish = (verb: 'stage' | 'unstage' | 'discard', scope: 'all' | 'unstaged' | 'staged') =>
  ({ worktreeId: lab.worktree.id, verb, scope, whitespace: 'show' }) as const
/** git in which something else happens first at a call, once. */
const interrupted = (isIt: (request: GitRequest) => boolean, happen: () => Promise<unknown>) => {
  const { git } = lab.yard.lab
  let isOver = false
  return {
    ...git,
    run: async (request: GitRequest) => {
      if (!isOver && isIt(request)) {
        isOver = true
        await happen()
      }
      return git.run(request)
    },
  }
}
const refsOf = () => lab.git('for-each-ref', '--format=%(refname)', 'refs/switchyard')

describe('what is not as it was shown', () => {
  it('is refused when the agent wrote the file again, and nothing of the others is done', async () => {
    await lab.write('a.txt', 'ONE\ntwo\nthree\n')
    await lab.write('b.txt', 'ONE\ntwo\nthree\n')
    const parts = [await lab.part('a.txt', 'unstaged'), await lab.part('b.txt', 'unstaged')]
    await lab.write('b.txt', 'ONE\nTWO\nthree\n')
    const before = await lab.trees()
    for (const verb of ['stage', 'discard'] as const) {
      const refused = await lab.staging.act({ ...wish(verb, 'unstaged'), parts }, by)
      expect(messageOf(refused)).toBe('b.txt changed meanwhile, so nothing was done. Look at it again and repeat.')
    }
    expect(await lab.trees()).toEqual(before)
  })

  it('is refused when the agent staged it, or gave it another mode', async () => {
    await lab.write('a.txt', 'ONE\ntwo\nthree\n')
    const parts = [await lab.part('a.txt', 'unstaged')]
    await lab.git('add', 'a.txt')
    expect(codeOf(await lab.staging.act({ ...wish('stage', 'unstaged'), parts }, by))).toBe('STALE')
    await lab.git('reset', '--quiet')
    await lab.git('update-index', '--chmod=+x', 'a.txt')
    expect(codeOf(await lab.staging.act({ ...wish('stage', 'unstaged'), parts }, by))).toBe('STALE')
  })

  it('is not overwritten when the index changes at the last moment', async () => {
    await lab.write('a.txt', 'ONE\ntwo\nthree\n')
    const parts = [await lab.part('a.txt', 'unstaged')]
    const staging = lab.startAgain({
      git: interrupted(
        ({ args }) => args[0] === 'apply',
        async () => {
          await lab.write('a.txt', 'agent\n')
          await lab.git('add', 'a.txt')
        },
      ),
    })
    expect(codeOf(await staging.act({ ...wish('stage', 'unstaged'), parts }, by))).toBe('STALE')
    expect(await lab.staged('a.txt')).toBe('agent')
    expect(await staging.list(lab.worktree.id)).toEqual([])
  })

  it('is not overwritten when a file changes while it is prepared or right before it is written', async () => {
    for (const moment of ['checkout-index', 'update-ref']) {
      await lab.git('checkout', '--quiet', '.')
      await lab.write('a.txt', 'ONE\ntwo\nthree\n')
      await lab.write('b.txt', 'mine\n')
      const parts = [await lab.part('b.txt', 'unstaged'), await lab.part('a.txt', 'unstaged')]
      const refs = await refsOf()
      const staging = lab.startAgain({
        git: interrupted(
          ({ args }) => args[0] === moment,
          () => lab.write('a.txt', 'agent\n'),
        ),
      })
      expect(codeOf(await staging.act({ ...wish('discard', 'unstaged'), parts }, by))).toBe('STALE')
      // The one before it had been discarded, and came back.
      expect([await lab.read('a.txt'), await lab.read('b.txt')]).toEqual(['agent\n', 'mine\n'])
      if (moment === 'update-ref') expect(await refsOf()).toBe(refs)
    }
  })
})

describe('git that is busy', () => {
  it('is waited for', async () => {
    await lab.write('a.txt', 'ONE\ntwo\nthree\n')
    const parts = [await lab.part('a.txt', 'unstaged')]
    const lock = await lab.git('rev-parse', '--git-path', 'index.lock')
    const calls = { count: 0 }
    const { git } = lab.yard.lab
    const busy = {
      ...git,
      run: async (request: GitRequest) => {
        if (request.args[0] !== 'apply') return git.run(request)
        calls.count += 1
        if (calls.count === 1) await writeFile(lock, '')
        if (calls.count === 3) await rm(lock)
        return git.run(request)
      },
    }
    expect(codeOf(await lab.startAgain({ git: busy }).act({ ...wish('stage', 'unstaged'), parts }, by))).toBe('ok')
    expect(calls.count).toBe(3)
  })

  it('for long is told in words, and its lock is left alone', async () => {
    await lab.write('a.txt', 'ONE\ntwo\nthree\n')
    const parts = [await lab.part('a.txt', 'unstaged')]
    const known = await lab.staging.list(lab.worktree.id)
    const lock = await lab.git('rev-parse', '--git-path', 'index.lock')
    await writeFile(lock, '')
    const refused = await lab.staging.act({ ...wish('stage', 'unstaged'), parts }, by)
    expect(messageOf(refused)).toMatch(/^Another git holds the lock.*Try again in a moment/)
    await rm(lock)
    expect(await lab.git('status', '--porcelain')).toBe(' M a.txt')
    expect(await lab.staging.list(lab.worktree.id)).toEqual(known)
  })
})

describe('what cannot be done', () => {
  it('is said of files with conflicts', async () => {
    await lab.git('checkout', '--quiet', '-b', `side-${crypto.randomUUID()}`)
    await lab.write('a.txt', 'side\n')
    await lab.commit('side')
    await lab.git('checkout', '--quiet', '-')
    await lab.write('a.txt', 'mine\n')
    await lab.commit('mine')
    await lab.git('merge', '-').catch(() => '')
    const before = await lab.trees()
    for (const verb of ['stage', 'unstage', 'discard'] as const)
      expect(messageOf(await lab.act(verb, 'uncommitted', 'a.txt'))).toMatch(/^a\.txt has a conflict/)
    const draft = valueOf(await lab.staging.draft(lab.worktree.id))
    expect(draft.problem).toMatch(/conflicts/)
    expect(await lab.trees()).toEqual(before)
    await lab.git('merge', '--abort')
  })

  it('is said where nothing is staged or unstaged, and in scopes that show something else', async () => {
    await lab.write('a.txt', 'ONE\ntwo\nthree\n')
    expect(messageOf(await lab.act('unstage', 'all', 'a.txt'))).toBe('a.txt: There is nothing staged in it.')
    await lab.git('add', 'a.txt')
    expect(messageOf(await lab.act('stage', 'all', 'a.txt'))).toMatch(/staged as it is/)
    expect(messageOf(await lab.act('discard', 'all', 'a.txt'))).toMatch(/Unstage it first/)
    expect(messageOf(await lab.act('stage', 'staged', 'a.txt'))).toMatch(/Choose another scope/)
    expect(codeOf(await lab.act('revert', 'uncommitted', 'a.txt'))).toBe('INVALID')
  })

  it('is said where a folder may not be written', async () => {
    await lab.write('a.txt', 'ONE\ntwo\nthree\n')
    const failing = lab.startAgain({
      writeFile: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOSPC' })),
    })
    const parts = [await lab.part('a.txt', 'unstaged')]
    const before = await lab.trees()
    const refused = await failing.act({ ...wish('discard', 'unstaged'), parts }, by)
    expect(messageOf(refused)).toBe('The disk is full. Everything is as it was; mend that and try again.')
    expect(await lab.trees()).toEqual(before)
  })
})

describe('undo', () => {
  it('does not go over what somebody changed since, and says where the rest is kept', async () => {
    await lab.write('a.txt', 'mine\n')
    await lab.write('b.txt', 'mine too\n')
    const staging = valueOf(await lab.act('discard', 'unstaged', 'a.txt', 'b.txt'))
    await lab.write('a.txt', 'agent\n')
    const refused = await lab.staging.undo(staging.id, by)
    expect(codeOf(refused)).toBe('CHANGED_SINCE')
    expect(messageOf(refused)).toContain(staging.rescueRef)
    expect([await lab.read('a.txt'), await lab.read('b.txt')]).toEqual(['agent\n', 'one\ntwo\nthree\n'])
    await lab.write('a.txt', 'one\ntwo\nthree\n')
    valueOf(await lab.staging.undo(staging.id, by))
    expect([await lab.read('a.txt'), await lab.read('b.txt')]).toEqual(['mine\n', 'mine too\n'])
  })

  it('of what was staged is refused once it was staged again', async () => {
    await lab.write('a.txt', 'mine\n')
    const staging = valueOf(await lab.act('stage', 'unstaged', 'a.txt'))
    await lab.write('a.txt', 'agent\n')
    await lab.git('add', 'a.txt')
    expect(messageOf(await lab.staging.undo(staging.id, by))).toMatch(/a\.txt was changed again since/)
    expect(await lab.staged('a.txt')).toBe('agent')
  })

  it('reaches back over the last ones of a worktree, whose refs alone are kept', async () => {
    const staging = lab.startAgain({ mostKept: 3 })
    const ids = []
    for (let round = 0; round < 5; round += 1) {
      await lab.write('a.txt', `${round}\n`)
      const parts = [await lab.part('a.txt', 'unstaged')]
      ids.push(valueOf(await staging.act({ ...wish('discard', 'unstaged'), parts }, by)).id)
    }
    const kept = await lab.staging.list(lab.worktree.id)
    expect(kept.map(({ id }) => id)).toEqual(ids.slice(-3).reverse())
    expect((await refsOf()).split('\n')).toHaveLength(3)
    expect(codeOf(await lab.staging.undo(ids[0]!, by))).toBe('NOT_FOUND')
    await lab.yard.kernel.runCommand({ name: 'forget', by }, async (context) => {
      await lab.staging.forgetProject(context, lab.worktree.projectId)
      return { ok: true, value: undefined }
    })
    expect(await lab.staging.list(lab.worktree.id)).toEqual([])
  })
})
