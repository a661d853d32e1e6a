import { cp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { codeOf, createYard, messageOf, newBranch, valueOf } from './testing.ts'

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

describe('making a worktree', () => {
  it('puts a new branch from the base into a folder of its own', async () => {
    await using yard = await createYard()
    const { lab, repo, root } = yard
    const sha = await lab.plain(repo, 'rev-parse', 'HEAD')
    const planned = await yard.plan(newBranch, 'Fix the login')
    expect(planned).toMatchObject({ state: { kind: 'preparing' }, branch: 'switchyard/fix-the-login', base: null })
    const made = valueOf(await yard.worktrees.prepare(planned.id))
    expect(made).toMatchObject({
      id: planned.id,
      kind: 'new-branch',
      state: { kind: 'ok' },
      branch: 'switchyard/fix-the-login',
      base: { ref: 'refs/heads/main', sha, fetchedAt: null },
      headSha: sha,
      added: 0,
      changedFiles: 0,
      notes: [],
    })
    expect(dirname(dirname(made.path))).toBe(root)
    expect(basename(dirname(made.path))).toMatch(/^app-[0-9a-f]{8}$/)
    expect(basename(made.path)).toMatch(/^fix-the-login-[0-9a-z]{8}$/)
    expect(await lab.plain(made.path, 'status', '--porcelain=v2', '--branch')).toContain(
      '# branch.head switchyard/fix-the-login',
    )
    expect(await readFile(join(made.path, 'readme.md'), 'utf8')).toBe('hello\n')
    expect(valueOf(await yard.worktrees.prepare(planned.id))).toEqual(made)
  })

  it('starts from the remote as it is now and says how old that is when it cannot', async () => {
    let now = 5_000_000
    await using yard = await createYard(() => now)
    const { lab, repo } = yard
    const origin = await lab.createRepository('origin')
    await lab.plain(repo, 'remote', 'add', 'origin', origin)
    await lab.plain(repo, 'fetch', '--quiet', 'origin')
    const sha = await lab.commitAll(origin, 'theirs')
    valueOf(await yard.projects.open({ path: repo, initialise: false }, by))
    const online = await yard.make(newBranch)
    expect(online.base).toEqual({ ref: 'refs/remotes/origin/main', sha, fetchedAt: 5_000_000 })
    expect(online.headSha).toBe(sha)
    await rename(origin, `${origin}-unplugged`)
    now += 86_400_000
    const offline = await yard.make(newBranch)
    expect(offline.base).toEqual({ ref: 'refs/remotes/origin/main', sha, fetchedAt: 5_000_000 })
    expect(offline.notes[0]).toContain('could not be fetched')
  })

  it('gives many sessions of one title branches and folders of their own, also at once', async () => {
    await using yard = await createYard()
    const made = await Promise.all(Array.from({ length: 6 }, () => yard.make(newBranch, 'Same')))
    expect(new Set(made.map((worktree) => worktree.branch)).size).toBe(6)
    expect(new Set(made.map((worktree) => worktree.path)).size).toBe(6)
    expect((await yard.lab.plain(yard.repo, 'worktree', 'list')).split('\n')).toHaveLength(7)
  })

  it('takes an existing branch, and a remote one as a local branch', async () => {
    await using yard = await createYard()
    const { lab, repo } = yard
    await lab.plain(repo, 'branch', 'feature')
    const origin = await lab.createRepository('origin')
    await lab.plain(origin, 'checkout', '--quiet', '-b', 'theirs')
    const sha = await lab.commitAll(origin, 'their work')
    await lab.plain(repo, 'remote', 'add', 'origin', origin)
    await lab.plain(repo, 'fetch', '--quiet', 'origin')
    const local = await yard.make({ kind: 'existing-branch', branch: 'feature' })
    expect(local).toMatchObject({ kind: 'existing-branch', branch: 'feature', state: { kind: 'ok' } })
    const remote = await yard.make({ kind: 'existing-branch', branch: 'origin/theirs' })
    expect(remote).toMatchObject({ branch: 'theirs', headSha: sha, base: { ref: 'refs/remotes/origin/theirs', sha } })
    const again = await yard.worktrees.examine(yard.project.id, { kind: 'existing-branch', branch: 'feature' }, 'x')
    expect(codeOf(again)).toBe('BRANCH_IN_USE')
    expect(messageOf(again)).toContain(local.path)
  })

  it('adopts a worktree the person made, and works in place with a warning', async () => {
    await using yard = await createYard()
    const { lab, repo, project } = yard
    const path = join(lab.root, 'my own')
    await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'own', path)
    expect(await yard.make({ kind: 'existing-worktree', path })).toMatchObject({ kind: 'adopted', path, branch: 'own' })
    const inPlace = await yard.make({ kind: 'in-place' })
    expect(inPlace).toMatchObject({ kind: 'in-place', path: repo, branch: 'main', base: null })
    expect(inPlace.notes).toEqual([expect.stringContaining('main checkout')])
    const stranger = await lab.createRepository('stranger')
    for (const other of [stranger, join(lab.root, 'nowhere'), lab.root]) {
      expect(codeOf(await yard.worktrees.examine(project.id, { kind: 'existing-worktree', path: other }, 'x'))).toBe(
        'BAD_BASE',
      )
    }
  })

  it('refuses before anything is made: bad base, taken branch, project without commits', async () => {
    await using yard = await createYard()
    const { project, worktrees } = yard
    const examine = (choice: Parameters<typeof worktrees.examine>[1]) => worktrees.examine(project.id, choice, 'x')
    expect(codeOf(await examine({ ...newBranch, baseRef: 'nope' } as typeof newBranch))).toBe('BAD_BASE')
    expect(codeOf(await examine({ kind: 'new-branch', baseRef: null, branch: 'main' }))).toBe('BRANCH_EXISTS')
    expect(codeOf(await examine({ kind: 'new-branch', baseRef: null, branch: 'a b' }))).toBe('BAD_BRANCH_NAME')
    await rm(join(yard.repo, '.git'), { recursive: true })
    expect(codeOf(await examine(newBranch))).toBe('PROJECT_UNUSABLE')
  })

  it('reserves a chosen branch for the first who plans it', async () => {
    await using yard = await createYard()
    const choice = { kind: 'new-branch', baseRef: null, branch: 'wanted' } as const
    await yard.plan(choice)
    await expect(yard.plan(choice)).rejects.toThrow('BRANCH_EXISTS')
  })

  it('never moves a branch that somebody made meanwhile', async () => {
    await using yard = await createYard()
    const { lab, repo } = yard
    const planned = await yard.plan({ kind: 'new-branch', baseRef: null, branch: 'wanted' })
    await lab.plain(repo, 'checkout', '--quiet', '-b', 'wanted')
    const sha = await lab.commitAll(repo, 'mine')
    await lab.plain(repo, 'checkout', '--quiet', 'main')
    const result = await yard.worktrees.prepare(planned.id)
    expect(codeOf(result)).toBe('CANNOT_PREPARE')
    expect(messageOf(result)).toContain('appeared meanwhile')
    expect(await lab.plain(repo, 'rev-parse', 'wanted')).toBe(sha)
    // The person takes the name back, and trying again works.
    await lab.plain(repo, 'branch', '--move', 'wanted', 'mine')
    expect(codeOf(await yard.worktrees.prepare(planned.id))).toBe('ok')
  })

  it('says what a worktree lacks: submodules, LFS files, filtered files', async () => {
    await using yard = await createYard()
    const { lab, repo } = yard
    const library = await lab.createRepository('library')
    await writeFile(join(repo, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n*.key filter=crypt\n')
    await writeFile(join(repo, 'a.key'), 'stored\n')
    await lab.plain(repo, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor')
    await lab.commitAll(repo, 'special')
    await lab.plain(repo, 'config', 'filter.crypt.smudge', 'tr a-z A-Z')
    const made = await yard.make(newBranch)
    expect(made.notes.map((note) => /Submodules|LFS|filter\.crypt\.smudge/.exec(note)?.[0])).toEqual([
      'Submodules',
      'LFS',
      'filter.crypt.smudge',
    ])
    expect(await readFile(join(made.path, 'a.key'), 'utf8')).toBe('stored\n')
  })
})

describe('looking at a worktree', () => {
  it('follows its numbers and its branch, and tells only what changed', async () => {
    await using yard = await createYard()
    const { lab, worktrees } = yard
    const made = await yard.make(newBranch)
    await writeFile(join(made.path, 'readme.md'), 'bye\nand more\n')
    await writeFile(join(made.path, 'new'), 'one\n')
    const seen = valueOf(await worktrees.refresh(made.id))
    expect(seen).toMatchObject({ added: 3, removed: 1, changedFiles: 2, untrackedFiles: 1 })
    const told = yard.kernel.changes.length
    await worktrees.refreshAll(new AbortController().signal)
    expect(yard.kernel.changes.length).toBe(told)
    await lab.plain(made.path, 'checkout', '--quiet', '-b', 'other')
    await lab.commitAll(made.path, 'done')
    expect(valueOf(await worktrees.refresh(made.id))).toMatchObject({ branch: 'other', added: 3, untrackedFiles: 0 })
  })

  it('raises the alarm when hooks or settings changed since the start', async () => {
    await using yard = await createYard()
    const { lab, repo, worktrees } = yard
    const made = await yard.make(newBranch)
    await lab.plain(made.path, 'config', 'branch.main.remote', 'origin')
    expect(valueOf(await worktrees.refresh(made.id)).notes).toEqual([])
    await lab.write(join(repo, '.git/hooks/pre-push'), '#!/bin/sh\n', 0o755)
    await lab.plain(made.path, 'config', 'core.fsmonitor', 'evil')
    const [note] = valueOf(await worktrees.refresh(made.id)).notes
    expect(note).toContain('core.fsmonitor, hooks/pre-push')
    await rm(join(repo, '.git/hooks/pre-push'))
    await lab.plain(made.path, 'config', '--unset', 'core.fsmonitor')
    expect(valueOf(await worktrees.refresh(made.id)).notes).toEqual([])
  })

  it('says when git cannot read one, and goes on with the others', async () => {
    await using yard = await createYard()
    const { worktrees, repo } = yard
    const [broken, whole] = [await yard.make(newBranch), await yard.make(newBranch)]
    const index = join(repo, '.git/worktrees', basename(broken.path), 'index')
    const sound = await readFile(index)
    await writeFile(index, 'no index')
    await writeFile(join(whole.path, 'new'), 'x\n')
    await worktrees.refreshAll(new AbortController().signal)
    expect((await yard.row(broken.id))?.notes).toEqual([expect.stringContaining('git cannot look at this worktree')])
    expect((await yard.row(whole.id))?.untrackedFiles).toBe(1)
    expect(codeOf(await worktrees.remove(broken.id, { deleteBranch: true }, by))).toBe('RESCUE_FAILED')
    expect(await exists(broken.path)).toBe(true)
    await writeFile(index, sound)
    expect(valueOf(await worktrees.refresh(broken.id)).notes).toEqual([])
  })

  it('says that a folder is missing, and never takes another one for it', async () => {
    await using yard = await createYard()
    const { lab, worktrees, repo } = yard
    const made = await yard.make(newBranch)
    expect(codeOf(await worktrees.requireFolder(made.id))).toBe('ok')
    await rename(made.path, join(lab.root, 'away'))
    expect(codeOf(await worktrees.requireFolder(made.id))).toBe('WORKTREE_MISSING')
    expect((await yard.row(made.id))?.state).toMatchObject({
      kind: 'missing',
      message: expect.stringContaining('Restore it'),
    })
    // A plain folder inside nothing, and a clone: neither is this worktree.
    await lab.plain(lab.root, 'clone', '--quiet', repo, made.path)
    expect(codeOf(await worktrees.requireFolder(made.id))).toBe('WORKTREE_MISSING')
    await rm(made.path, { recursive: true })
    await rename(join(lab.root, 'away'), made.path)
    expect(valueOf(await worktrees.refresh(made.id)).state).toEqual({ kind: 'ok' })
  })
})

describe('a moved project', () => {
  it('is known again at its new place, with its worktrees', async () => {
    await using yard = await createYard()
    const { lab, repo, worktrees, project } = yard
    const made = await yard.make(newBranch)
    await writeFile(join(made.path, 'work'), 'kept\n')
    const moved = join(lab.root, 'new home')
    await rename(repo, moved)
    await yard.projects.checkAll()
    expect(codeOf(await worktrees.requireFolder(made.id))).toBe('WORKTREE_MISSING')
    const opened = valueOf(await yard.projects.open({ path: moved, initialise: false }, by))
    expect(opened).toMatchObject({ id: project.id, rootPath: moved, state: { kind: 'ok' } })
    expect(valueOf(await worktrees.refresh(made.id))).toMatchObject({ state: { kind: 'ok' }, untrackedFiles: 1 })
    expect(await lab.plain(made.path, 'status', '--porcelain')).toBe('?? work')
  })

  it('is not taken for a copy of it', async () => {
    await using yard = await createYard()
    await yard.make(newBranch)
    const copy = join(yard.lab.root, 'copy')
    await cp(yard.repo, copy, { recursive: true })
    const opened = valueOf(await yard.projects.open({ path: copy, initialise: false }, by))
    expect(opened.id).not.toBe(yard.project.id)
  })
})

describe('a moved or vanished worktree', () => {
  it('is bound to its new place, and to no other folder', async () => {
    await using yard = await createYard()
    const { lab, worktrees, repo } = yard
    const [made, other] = [await yard.make(newBranch), await yard.make(newBranch)]
    await writeFile(join(made.path, 'work'), 'kept\n')
    const moved = join(lab.root, 'new place "x"')
    expect(messageOf(await worktrees.rebind(made.id, other.path, by))).toContain('still at')
    await rename(made.path, moved)
    for (const wrong of [other.path, repo, lab.root, join(lab.root, 'nowhere')]) {
      expect(codeOf(await worktrees.rebind(made.id, wrong, by))).toBe('NOT_THIS_WORKTREE')
    }
    const bound = valueOf(await worktrees.rebind(made.id, moved, by))
    expect(bound).toMatchObject({ path: moved, state: { kind: 'ok' }, untrackedFiles: 1 })
    expect(await lab.plain(repo, 'worktree', 'list')).toContain('new place')
  })

  it('is made again with what was staged while git still knows it', async () => {
    await using yard = await createYard()
    const { lab, worktrees } = yard
    const made = await yard.make(newBranch)
    await writeFile(join(made.path, 'staged'), 'staged\n')
    await lab.plain(made.path, 'add', 'staged')
    await rm(made.path, { recursive: true })
    const restored = valueOf(await worktrees.restore(made.id, by))
    expect(restored).toMatchObject({ state: { kind: 'ok' }, branch: made.branch, added: 1 })
    expect(await readFile(join(made.path, 'staged'), 'utf8')).toBe('staged\n')
    expect(await readFile(join(made.path, 'readme.md'), 'utf8')).toBe('hello\n')
  })

  it('is made again from its branch after git forgot it, and refused when that is gone too', async () => {
    await using yard = await createYard()
    const { lab, repo, worktrees } = yard
    const made = await yard.make(newBranch)
    await writeFile(join(made.path, 'done'), 'x\n')
    const sha = await lab.commitAll(made.path, 'done')
    await rm(made.path, { recursive: true })
    await lab.plain(repo, 'worktree', 'prune')
    expect(valueOf(await worktrees.restore(made.id, by))).toMatchObject({ headSha: sha, state: { kind: 'ok' } })
    await rm(made.path, { recursive: true })
    await lab.plain(repo, 'worktree', 'prune')
    await lab.plain(repo, 'branch', '-D', made.branch!)
    await worktrees.refresh(made.id)
    const refused = await worktrees.restore(made.id, by)
    expect(codeOf(refused)).toBe('CANNOT_RESTORE')
    expect(await exists(made.path)).toBe(false)
  })

  it('does not overwrite what lies in its place', async () => {
    await using yard = await createYard()
    const made = await yard.make(newBranch)
    await rename(made.path, `${made.path}-moved`)
    await yard.lab.write(join(made.path, 'precious'), 'mine\n')
    expect(codeOf(await yard.worktrees.restore(made.id, by))).toBe('CANNOT_RESTORE')
    expect(await readFile(join(made.path, 'precious'), 'utf8')).toBe('mine\n')
  })
})
