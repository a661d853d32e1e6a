import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { codeOf, createYard, messageOf, newBranch, valueOf } from './testing.ts'

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

describe('rescuing the work of a worktree', () => {
  it('keeps every byte under a ref of that id, once, and leaves the folder as it is', async () => {
    await using yard = await createYard()
    const { lab, repo, worktrees } = yard
    const made = await yard.make(newBranch)
    await writeFile(join(made.path, 'untracked'), 'first\n')
    const { rescueRef } = valueOf(await worktrees.rescue(made.id, 'att_1'))
    expect(rescueRef).toBe('refs/switchyard/rescue/att_1')
    await writeFile(join(made.path, 'untracked'), 'second\n')
    expect(valueOf(await worktrees.rescue(made.id, 'att_1'))).toEqual({ rescueRef })
    expect(await lab.plain(repo, 'show', 'refs/switchyard/rescue/att_1:folder/untracked')).toBe('first')
    expect(await lab.plain(made.path, 'status', '--porcelain')).toBe('?? untracked')
    expect((await yard.row(made.id))?.state).toEqual({ kind: 'ok' })
    valueOf(await worktrees.rescue(made.id, 'att_2'))
    expect(await lab.plain(repo, 'show', 'refs/switchyard/rescue/att_2:folder/untracked')).toBe('second')
  })

  it('has nothing to keep of a folder that is gone or not made yet, and the removal’s ref of a deleted one', async () => {
    await using yard = await createYard()
    const { worktrees } = yard
    const planned = await yard.plan(newBranch)
    expect(valueOf(await worktrees.rescue(planned.id, 'att_1'))).toEqual({ rescueRef: null })
    const deleted = await yard.make(newBranch, 'two')
    const { rescueRef } = valueOf(await worktrees.remove(deleted.id, { deleteBranch: false }, by))
    expect(valueOf(await worktrees.rescue(deleted.id, 'att_1'))).toEqual({ rescueRef })
    const vanished = await yard.make(newBranch, 'three')
    await rm(vanished.path, { recursive: true })
    expect(valueOf(await worktrees.rescue(vanished.id, 'att_1'))).toEqual({ rescueRef: null })
    expect(codeOf(await worktrees.rescue('wt_none' as never, 'att_1'))).toBe('NOT_FOUND')
  })

  it('says what it cannot keep', async () => {
    await using yard = await createYard()
    const made = await yard.make(newBranch)
    await yard.lab.plain(made.path, 'init', '--quiet', 'inner')
    await writeFile(join(made.path, 'inner/file'), 'x\n')
    const refused = await yard.worktrees.rescue(made.id, 'att_1')
    expect([codeOf(refused), messageOf(refused)]).toEqual([
      'RESCUE_FAILED',
      'It holds repositories of their own (inner/).',
    ])
  })
})

describe('removing a worktree', () => {
  it('keeps every byte under a rescue ref, and undo brings it back', async () => {
    await using yard = await createYard()
    const { lab, repo, worktrees } = yard
    const made = await yard.make(newBranch)
    await writeFile(join(made.path, 'readme.md'), 'staged\n')
    await lab.plain(made.path, 'add', '.')
    await writeFile(join(made.path, 'readme.md'), 'dirty\r\n')
    await writeFile(join(made.path, 'untracked'), Buffer.from([0, 255, 10]))
    const status = await lab.plain(made.path, 'status', '--porcelain')
    const { rescueRef } = valueOf(await worktrees.remove(made.id, { deleteBranch: false }, by))
    expect(rescueRef).toMatch(/^refs\/switchyard\/rescue\/wt_/)
    expect(await exists(made.path)).toBe(false)
    expect((await yard.row(made.id))?.state).toMatchObject({ kind: 'deleted', rescueRef })
    expect(valueOf(await worktrees.remove(made.id, { deleteBranch: false }, by))).toEqual({ rescueRef })
    expect(await lab.plain(repo, 'branch', '--list', made.branch!)).toContain(made.branch)

    const restored = valueOf(await worktrees.restore(made.id, by))
    expect(restored).toMatchObject({ state: { kind: 'ok' }, branch: made.branch, path: made.path })
    expect(await readFile(join(made.path, 'readme.md'), 'utf8')).toBe('dirty\r\n')
    expect(await readFile(join(made.path, 'untracked'))).toEqual(Buffer.from([0, 255, 10]))
    expect(await lab.plain(made.path, 'show', ':readme.md')).toBe('staged')
    expect(await lab.plain(made.path, 'status', '--porcelain')).toBe(status)

    // Removed and restored a second time, with other work in it.
    await writeFile(join(made.path, 'untracked'), 'second\n')
    const second = valueOf(await worktrees.remove(made.id, { deleteBranch: false }, by))
    expect(second.rescueRef).not.toBe(rescueRef)
    valueOf(await worktrees.restore(made.id, by))
    expect(await readFile(join(made.path, 'untracked'), 'utf8')).toBe('second\n')
  })

  it('deletes the branch when asked, and undo brings it back with its commits', async () => {
    await using yard = await createYard()
    const { lab, repo, worktrees } = yard
    const made = await yard.make(newBranch)
    await writeFile(join(made.path, 'work'), 'x\n')
    const sha = await lab.commitAll(made.path, 'work')
    valueOf(await worktrees.refresh(made.id))
    valueOf(await worktrees.remove(made.id, { deleteBranch: true }, by))
    expect(await lab.plain(repo, 'branch', '--list', made.branch!)).toBe('')
    await lab.plain(repo, 'gc', '--quiet', '--prune=now')
    const restored = valueOf(await worktrees.restore(made.id, by))
    expect(restored).toMatchObject({ branch: made.branch, headSha: sha })
  })

  it('removes nothing that it cannot save', async () => {
    await using yard = await createYard()
    const { lab, worktrees } = yard
    const made = await yard.make(newBranch)
    await lab.plain(made.path, 'init', '--quiet', 'inner')
    await lab.write(join(made.path, 'inner/file'), 'precious\n')
    await lab.commitAll(join(made.path, 'inner'), 'precious')
    const refused = await worktrees.remove(made.id, { deleteBranch: true }, by)
    expect(codeOf(refused)).toBe('RESCUE_FAILED')
    expect(messageOf(refused)).toContain('inner/')
    expect(await readFile(join(made.path, 'inner/file'), 'utf8')).toBe('precious\n')
    expect((await yard.row(made.id))?.state).toEqual({ kind: 'ok' })
    await rm(join(made.path, 'inner'), { recursive: true })
    expect(codeOf(await worktrees.remove(made.id, { deleteBranch: true }, by))).toBe('ok')
  })

  it('leaves adopted folders and the main checkout where they are', async () => {
    await using yard = await createYard()
    const { lab, repo, worktrees } = yard
    const path = join(lab.root, 'own')
    await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'own', path)
    for (const choice of [{ kind: 'existing-worktree', path }, { kind: 'in-place' }] as const) {
      const made = await yard.make(choice)
      expect(valueOf(await worktrees.remove(made.id, { deleteBranch: true }, by))).toEqual({ rescueRef: null })
      expect(await exists(join(made.path, 'readme.md'))).toBe(true)
      expect(valueOf(await worktrees.restore(made.id, by)).state).toEqual({ kind: 'ok' })
    }
    expect(await lab.plain(repo, 'branch', '--list', 'own', 'main')).toMatch(/main[^]*own/)
  })

  it('takes away folders without write permission', async () => {
    await using yard = await createYard()
    const made = await yard.make(newBranch)
    await yard.lab.write(join(made.path, 'cache/locked/file'), 'x')
    await chmod(join(made.path, 'cache/locked'), 0o555)
    valueOf(await yard.worktrees.remove(made.id, { deleteBranch: false }, by))
    expect(await exists(made.path)).toBe(false)
  })

  it('does not restore over what came to lie in its place, also when it is asked twice', async () => {
    await using yard = await createYard()
    const { lab, worktrees } = yard
    const made = await yard.make(newBranch)
    valueOf(await worktrees.remove(made.id, { deleteBranch: false }, by))
    await lab.write(join(made.path, 'precious'), 'mine\n')
    for (const attempt of [1, 2]) {
      expect(codeOf(await worktrees.restore(made.id, by)), `attempt ${attempt}`).toBe('CANNOT_RESTORE')
      await worktrees.resumeUnfinished()
      expect(await readFile(join(made.path, 'precious'), 'utf8')).toBe('mine\n')
    }
    await rm(made.path, { recursive: true })
    expect(codeOf(await worktrees.restore(made.id, by))).toBe('ok')
  })

  it('ends a worktree that was never made, or whose folder is gone, without touching others', async () => {
    await using yard = await createYard()
    const { lab, repo, worktrees } = yard
    const [planned, gone, other] = [await yard.plan(newBranch), await yard.make(newBranch), await yard.make(newBranch)]
    await rm(gone.path, { recursive: true })
    await rename(other.path, `${other.path}-away`)
    for (const { id } of [planned, gone]) {
      expect(valueOf(await worktrees.remove(id, { deleteBranch: false }, by))).toEqual({ rescueRef: null })
    }
    // The other's folder is away too, on a disk perhaps: its registration stays.
    expect(await lab.plain(repo, 'worktree', 'list', '--porcelain')).toContain(other.path)
  })

  it('goes with its project, rows only', async () => {
    await using yard = await createYard()
    const made = await yard.make(newBranch)
    valueOf(await yard.projects.forget(yard.project.id, by))
    expect(await yard.row(made.id)).toBeUndefined()
    expect(await exists(made.path)).toBe(true)
    expect(codeOf(await yard.worktrees.refresh(made.id))).toBe('NOT_FOUND')
    expect(yard.kernel.changes.map((change) => change.topic).slice(-2)).toEqual([
      'worktrees.removed',
      'projects.removed',
    ])
  })
})
