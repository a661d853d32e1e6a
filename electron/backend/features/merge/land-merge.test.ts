import { mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createMergeLab, type MergeLab } from '../../testing/merge-lab.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'

let lab: MergeLab
beforeAll(async () => {
  lab = await createMergeLab()
})
beforeEach(() => lab.tidy())
afterAll(() => lab[Symbol.asyncDispose]())

const parents = async (ref: string): Promise<string[]> => (await lab.git('log', '-1', '--format=%P', ref)).split(' ')
const file = (name: string): Promise<string> => readFile(join(lab.repo, name), 'utf8')
const status = (): Promise<string> => lab.git('status', '--porcelain', '--untracked-files=all')

describe('a merge that lands', () => {
  it('squash: one commit on the target, whose checkout has the files', async () => {
    const source = await lab.branch('topic', { 'new.txt': 'new\n', 'readme.md': 'changed\n' })
    const before = await lab.commit({ 'own.txt': 'own\n' })
    const merge = await lab.land('topic', 'squash')
    expect(await parents('main')).toEqual([before])
    expect(await lab.head()).toBe(merge.after)
    expect(merge).toMatchObject({ state: 'landed', before, source: { sha: source }, files: 2, added: 2, removed: 1 })
    expect(await status()).toBe('')
    expect([await file('new.txt'), await file('readme.md'), await file('own.txt')]).toEqual([
      'new\n',
      'changed\n',
      'own\n',
    ])
    expect(await lab.git('log', '-1', '--format=%an <%ae>', 'main')).toBe('Test Person <person@example.com>')
    expect(await lab.git('log', '-1', '--format=%B', 'main')).toBe(`change on topic\n\nSwitchyard-Merge: ${merge.id}\n`)
  })

  it('merge: a commit with both parents', async () => {
    const source = await lab.branch('topic', { 'new.txt': 'new\n' })
    const before = await lab.commit({ 'own.txt': 'own\n' })
    await lab.land('topic', 'merge')
    expect(await parents('main')).toEqual([before, source])
    expect(await lab.git('log', '-1', '--format=%s', 'main')).toBe("Merge branch 'topic'")
  })

  it('rebase: each commit anew on the target, with its author and its time', async () => {
    await lab.branch('topic', { 'one.txt': '1\n' })
    await lab.branch('topic', { 'two.txt': '2\n' }, 'topic')
    const before = await lab.commit({ 'own.txt': 'own\n' })
    const authors = await lab.git('log', '-2', '--format=%an %ae %aD %s', 'topic')
    await lab.land('topic', 'rebase')
    expect(await lab.git('log', '-2', '--format=%an %ae %aD %s', 'main')).toBe(authors)
    expect(await lab.head('main~2')).toBe(before)
    expect(await status()).toBe('')
  })

  it('fast-forward: the branch’s own commit', async () => {
    const source = await lab.branch('topic', { 'new.txt': 'new\n' })
    await lab.land('topic', 'fast-forward')
    expect(await lab.head()).toBe(source)
    expect(await file('new.txt')).toBe('new\n')
  })

  it('is told once, keeps what the target was, and lets go of what held it', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    const before = lab.yard.kernel.changes.length
    const merge = await lab.land('topic', 'squash')
    const told = lab.yard.kernel.changes.slice(before).filter(({ topic }) => topic === 'merges.changed')
    expect(told.map(({ payload }) => payload)).toEqual([merge])
    expect(await lab.head(merge.backupRef)).toBe(merge.before)
    expect(await lab.git('for-each-ref', 'refs/switchyard/merge')).toBe('')
    const [row] = await lab.merge.list({ projectId: lab.yard.project.id, target: 'main', limit: 5 })
    expect(row).toEqual(merge)
    expect(await lab.git('reflog', '-1', '--format=%gs', 'main')).toBe('switchyard: squash topic')
  })

  it('is answered again when it is asked for again', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    const { id, base } = await lab.prepare('topic', 'squash')
    const first = valueOf(await lab.merge.land({ prepared: id, targetWas: base }, by))
    const after = await lab.everything()
    expect(valueOf(await lab.merge.land({ prepared: id, targetWas: base }, by))).toEqual(first)
    expect(await lab.everything()).toEqual(after)
  })

  it('several built on each other land in order', async () => {
    await lab.branch('one', { '1.txt': '1\n' })
    await lab.branch('two', { '2.txt': '2\n' })
    const one = await lab.prepare('one', 'squash')
    const two = await lab.prepare('two', 'squash', { onto: one.commit })
    expect(codeOf(await lab.merge.land({ prepared: two.id, targetWas: one.commit }, by))).toBe('MOVED')
    valueOf(await lab.merge.land({ prepared: one.id, targetWas: one.base }, by))
    valueOf(await lab.merge.land({ prepared: two.id, targetWas: one.commit }, by))
    expect(await parents('main')).toEqual([one.commit])
    expect([await file('1.txt'), await file('2.txt')]).toEqual(['1\n', '2\n'])
  })

  it('leaves a main checkout of another branch alone, and one with untracked files its files', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    await lab.git('checkout', '-q', '-b', 'elsewhere')
    await lab.write('untracked.txt', 'mine\n')
    await lab.write('readme.md', 'half written\n')
    const { refs: _, ...before } = await lab.everything()
    await lab.land('topic', 'squash')
    expect(await lab.everything()).toMatchObject(before)
    await lab.git('checkout', '-q', '--', 'readme.md')
    await lab.git('checkout', '-q', 'main')
    await lab.branch('other', { 'other.txt': 'other\n' })
    await lab.land('other', 'squash')
    expect(await status()).toBe('?? untracked.txt')
  })

  it('brings a worktree up to date that has the target checked out', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    const place = join(lab.yard.lab.root, 'place')
    await lab.git('worktree', 'add', '-q', '-b', 'release/1', place)
    await lab.land('topic', 'merge', { target: 'release/1' })
    expect(await readFile(join(place, 'new.txt'), 'utf8')).toBe('new\n')
    expect(await lab.yard.lab.plain(place, 'status', '--porcelain')).toBe('')
  })
})

describe('a merge that is refused leaves everything as it was', () => {
  const landing = async (branch = 'topic') => {
    const { id, base } = await lab.prepare(branch, 'squash')
    const before = await lab.everything()
    const result = await lab.merge.land({ prepared: id, targetWas: base }, by)
    expect(await lab.everything()).toEqual(before)
    expect(await lab.row(id)).toMatchObject({ state: 'prepared' })
    return {
      code: codeOf(result),
      message: messageOf(result),
      again: () => lab.merge.land({ prepared: id, targetWas: base }, by),
    }
  }

  it('over changes that are not committed, staged or not, and lands once they are gone', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    await lab.write('readme.md', 'half written\n')
    const { code, message, again } = await landing()
    expect([code, message]).toEqual(['DIRTY_CHECKOUT', expect.stringContaining('readme.md. Commit or stash them')])
    await lab.git('add', '.')
    expect(codeOf(await again())).toBe('DIRTY_CHECKOUT')
    await lab.git('reset', '-q', '--hard')
    expect(codeOf(await again())).toBe('ok')
  })

  it.each(['untracked', 'ignored'])('over an %s file where the branch has one', async (kind) => {
    await lab.branch('topic', { 'a/secret.env': 'theirs\n' })
    await lab.write('a/secret.env', 'mine\n')
    if (kind === 'ignored') await lab.write('.git/info/exclude', '*.env\n')
    const { code, message } = await landing()
    expect([code, message]).toEqual(['DIRTY_CHECKOUT', expect.stringContaining('in the way: a/secret.env')])
  })

  it('over ignored files in a folder that becomes a file, and an ignored file that becomes a folder', async () => {
    await lab.branch('topic', { build: 'a file\n', 'out/x': 'x\n' })
    await lab.write('.git/info/exclude', 'build\nout\n')
    await lab.write('build/cache/x.o', 'object\n')
    await lab.write('out', 'mine\n')
    const { message } = await landing()
    expect(message).toContain('build/cache/x.o, out.')
  })

  it('while a merge of the person’s own is half done', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    await lab.branch('mine', { 'mine.txt': 'mine\n' })
    await lab.git('merge', '-q', '--no-ff', '--no-commit', 'mine')
    const { code, message } = await landing()
    expect([code, message]).toEqual(['DIRTY_CHECKOUT', expect.stringContaining('A merge of main is half done')])
  })

  it('while a rebase of the target is half done, which checks nothing out', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    await lab.branch('other', { 'readme.md': 'other\n' })
    await lab.commit({ 'readme.md': 'mine\n' })
    await lab.git('rebase', 'other').catch(() => undefined)
    await lab.git('checkout', '-q', '--force', '--detach')
    const { code, message } = await landing()
    expect([code, message]).toEqual(['DIRTY_CHECKOUT', expect.stringContaining('A rebase of main is half done')])
  })

  it('while another git has the index', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    await lab.write('.git/index.lock', '')
    const { code, message, again } = await landing()
    expect([code, message]).toEqual(['LOCKED', expect.stringContaining('.git/index.lock')])
    await rm(join(lab.repo, '.git/index.lock'))
    expect(codeOf(await again())).toBe('ok')
  })

  it('while another git has the branch', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    await lab.write('.git/refs/heads/main.lock', '')
    const { id, base } = await lab.prepare('topic', 'squash')
    const { refs: _, ...before } = await lab.everything()
    expect(codeOf(await lab.merge.land({ prepared: id, targetWas: base }, by))).toBe('LOCKED')
    expect(await lab.everything()).toMatchObject(before)
    expect(await lab.row(id)).toMatchObject({ state: 'prepared' })
    await rm(join(lab.repo, '.git/refs/heads/main.lock'))
    expect(codeOf(await lab.merge.land({ prepared: id, targetWas: base }, by))).toBe('ok')
  })

  it('when the target has moved, or is gone', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    const { id, base } = await lab.prepare('topic', 'squash')
    const now = await lab.commit({ 'own.txt': 'own\n' })
    for (const targetWas of [base, now])
      expect(codeOf(await lab.merge.land({ prepared: id, targetWas }, by))).toBe('MOVED')
    await lab.git('checkout', '-q', '--detach')
    await lab.git('branch', '-q', '-D', 'main')
    expect(codeOf(await lab.merge.land({ prepared: id, targetWas: base }, by))).toBe('GONE')
  })

  it('where files would need a program that the repository names', async () => {
    await lab.git('config', 'filter.crypt.smudge', 'touch /tmp/never; cat')
    await lab.branch('topic', { '.gitattributes': '*.key filter=crypt\n' })
    await lab.land('topic', 'squash')
    await lab.branch('keys', { 'a.key': 'encrypted\n' })
    const { code, message } = await landing('keys')
    expect([code, message]).toEqual(['DIRTY_CHECKOUT', expect.stringContaining('a.key would need a filter')])
  })

  it('over a change that git was told to overlook', async () => {
    await lab.branch('topic', { 'readme.md': 'theirs\n' })
    await lab.git('update-index', '--assume-unchanged', 'readme.md')
    await lab.write('readme.md', 'mine\n')
    const { code, message } = await landing()
    expect([code, message]).toEqual(['DIRTY_CHECKOUT', expect.stringContaining('readme.md')])
  })

  it('when the folder of the project is away', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    const { id, base } = await lab.prepare('topic', 'squash')
    await rename(lab.repo, `${lab.repo}-away`)
    expect(codeOf(await lab.merge.land({ prepared: id, targetWas: base }, by))).toBe('GONE')
    await rename(`${lab.repo}-away`, lab.repo)
    expect(codeOf(await lab.merge.land({ prepared: id, targetWas: base }, by))).toBe('ok')
  })

  it('through a link that leads out of the checkout', async () => {
    await lab.branch('topic', { 'out/file.txt': 'theirs\n' })
    const outside = join(lab.yard.lab.root, 'outside')
    await mkdir(outside)
    await symlink(outside, join(lab.repo, 'out'))
    const { code } = await landing()
    expect(code).toBe('DIRTY_CHECKOUT')
  })
})

describe('deleting the branch with its merge', () => {
  const landAndDelete = async () => {
    const { id, base } = await lab.prepare('topic', 'squash')
    return lab.merge.land({ prepared: id, targetWas: base, deleteBranch: true }, by)
  }

  it('keeps its head under a ref, and undoing brings it back', async () => {
    const sha = await lab.branch('topic', { 'new.txt': 'new\n' })
    const merge = valueOf(await landAndDelete())
    expect(merge.deletedBranch).toEqual({ name: 'topic', sha })
    expect(await lab.git('branch', '--list', 'topic')).toBe('')
    expect(await lab.head(`refs/switchyard/backup/topic/${merge.id}`)).toBe(sha)
    valueOf(await lab.merge.undo(merge.id, by))
    expect(await lab.head('topic')).toBe(sha)
  })

  it('is refused where it is checked out, and when it has moved', async () => {
    await lab.branch('topic', { 'new.txt': 'new\n' })
    const place = join(lab.yard.lab.root, 'place')
    await lab.git('worktree', 'add', '-q', place, 'topic')
    const refused = await landAndDelete()
    expect([codeOf(refused), messageOf(refused)]).toEqual(['BRANCH_IN_USE', expect.stringContaining(place)])
    await lab.git('worktree', 'remove', place)
    const { id, base } = await lab.prepare('topic', 'squash')
    await lab.branch('topic', { 'more.txt': 'more\n' }, 'topic')
    const moved = await lab.merge.land({ prepared: id, targetWas: base, deleteBranch: true }, by)
    expect(codeOf(moved)).toBe('BRANCH_IN_USE')
  })
})
