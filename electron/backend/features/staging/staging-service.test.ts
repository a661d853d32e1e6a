import { chmod, mkdir, readFile, readlink, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Staging } from '../../../../shared/contract/staging.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createStagingLab, type StagingLab, type ThreeTrees } from '../../testing/staging-lab.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'

let lab: StagingLab
const ten = (change: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 10 }, (_, at) => `${change[at + 1] ?? `line ${at + 1}`}\n`).join('')

let start = ''
beforeAll(async () => {
  lab = await createStagingLab(async ({ lab: { write, commitAll }, repo }) => {
    for (const name of ['a.txt', 'b.txt', 'src/c.txt']) await write(join(repo, name), ten())
    await write(join(repo, 'data.bin'), Buffer.from([0, 1, 2, 3]))
    await commitAll(repo, 'files')
  })
  start = await lab.git('rev-parse', 'HEAD')
})
// A worktree costs more than all that is done in it: one is made as it was instead.
beforeEach(async () => {
  await lab.git('config', '--unset', 'core.autocrlf').catch(() => '')
  await lab.git('reset', '--quiet', '--hard', start)
  await lab.git('clean', '-ffdxq')
})
afterAll(() => lab[Symbol.asyncDispose]())

const at = (path: string): string => join(lab.worktree.path, path)
const lines = (removed: readonly number[], added: readonly number[]) => ({
  removed: removed.map((line) => [line, line] as const),
  added: added.map((line) => [line, line] as const),
})
/** What a test did, and the trees before it. */
let done: { readonly staging: Staging; readonly before: ThreeTrees }[] = []
const act = async (...args: Parameters<StagingLab['act']>) => {
  const before = await lab.trees()
  const staging = valueOf(await lab.act(...args))
  expect(staging.state).toBe('done')
  done.push({ staging, before })
  const after = await lab.trees()
  expect(after.head).toBe(before.head)
  return { staging, before, after }
}
// Each is taken back, the last one first, and all three trees are byte for byte what they were before it.
afterEach(async () => {
  const acts = done.reverse()
  done = []
  for (const { staging, before } of acts) {
    expect(valueOf(await lab.staging.undo(staging.id, by)).state).toBe('undone')
    expect(await lab.trees()).toEqual(before)
  }
})

describe('whole files', () => {
  it('are staged: changed, new, deleted, and made a program', async () => {
    await lab.write('a.txt', ten({ 2: 'two' }))
    await lab.write('new/n.txt', 'new\n')
    await rm(at('b.txt'))
    await chmod(at('src/c.txt'), 0o755)
    const { before, after } = await act('stage', 'all', 'a.txt', 'new/n.txt', 'b.txt', 'src/c.txt')
    expect(after.files).toEqual(before.files)
    expect(await lab.git('status', '--porcelain')).toBe('M  a.txt\nD  b.txt\nA  new/n.txt\nM  src/c.txt')
    expect(await lab.git('ls-files', '-s', 'src/c.txt')).toMatch(/^100755 /)
    expect(await lab.git('fsck', '--connectivity-only')).not.toMatch(/missing/)
  })

  it('are unstaged, and what was staged alone is kept', async () => {
    await lab.write('a.txt', ten({ 2: 'staged' }))
    await lab.write('n.txt', 'new\n')
    await lab.git('add', '-A')
    await lab.write('a.txt', ten({ 2: 'later' }))
    const { staging } = await act('unstage', 'staged', 'a.txt', 'n.txt')
    expect(await lab.git('status', '--porcelain')).toBe(' M a.txt\n?? n.txt')
    expect(await lab.git('show', `${staging.rescueRef}:index/a.txt`)).toBe(ten({ 2: 'staged' }).trimEnd())
  })

  it('are discarded: changed, new and deleted ones, and kept under a rescue ref', async () => {
    await lab.write('a.txt', ten({ 2: 'mine' }), 0o600)
    await lab.write('deep/er/n.txt', 'new\n')
    await rm(at('b.txt'))
    await rm(at('src/c.txt'))
    await symlink('../a.txt', at('src/c.txt'))
    const { staging, before, after } = await act('discard', 'unstaged', 'a.txt', 'deep/er/n.txt', 'b.txt', 'src/c.txt')
    expect(after.index).toBe(before.index)
    expect(await lab.git('status', '--porcelain')).toBe('')
    expect(await lab.git('show', `${staging.rescueRef}:folder/deep/er/n.txt`)).toBe('new')
    expect(await lab.git('cat-file', '-p', `${staging.rescueRef}:folder/src/c.txt`)).toBe('../a.txt')
    // Nothing of it stays behind: neither empty folders nor drafts.
    expect(Object.keys(after.files).sort()).toEqual(['a.txt', 'b.txt', 'data.bin', 'readme.md', 'src/c.txt'])
    expect(await lab.git('status', '--porcelain', '--ignored')).toBe('')
  })

  it('are reverted to the base, with what was committed and staged left as it is', async () => {
    await lab.write('a.txt', ten({ 2: 'committed' }))
    await lab.write('added.txt', 'added\n')
    await lab.commit('work')
    await lab.write('a.txt', ten({ 2: 'committed', 9: 'staged' }))
    await lab.git('add', '-A')
    await lab.write('a.txt', ten({ 2: 'committed', 9: 'files' }))
    const { before, after } = await act('revert', 'all', 'a.txt', 'added.txt')
    expect(after.index).toBe(before.index)
    expect(await lab.read('a.txt')).toBe(ten())
    expect((await lab.open('all')).files).toEqual([])
  })

  it('that were renamed go under both names', async () => {
    await rename(at('src/c.txt'), at('src/d.txt'))
    await act('stage', 'unstaged', 'src/d.txt')
    expect(await lab.git('status', '--porcelain')).toBe('R  src/c.txt -> src/d.txt')
    await act('unstage', 'staged', 'src/d.txt')
    await act('discard', 'unstaged', 'src/d.txt')
    expect(await lab.git('status', '--porcelain')).toBe('')
  })

  it('that are binary, large or oddly named go as any other', async () => {
    const names = ['wrap\nped.txt', 'quo"te\\.txt', '-rf', 'ünï.txt', ' space ']
    for (const name of names) await lab.write(name, `${name}\n`)
    await writeFile(Buffer.from(`${lab.worktree.path}/\xff\xfe.txt`, 'latin1'), 'odd\n')
    await lab.write('data.bin', Buffer.alloc(3_000_000, 7))
    const listed = (await lab.open('unstaged')).files
    expect(listed).toHaveLength(names.length + 2)
    const parts = listed.map(({ rawPath, oldOid, newOid, oldMode, newMode }) => ({
      rawPath,
      oldOid,
      newOid,
      oldMode,
      newMode,
      lines: null,
    }))
    const wish = { worktreeId: lab.worktree.id, whitespace: 'show' } as const
    const before = await lab.trees()
    const staged = valueOf(await lab.staging.act({ ...wish, verb: 'stage', scope: 'unstaged', parts }, by))
    expect((await lab.open('unstaged')).files).toEqual([])
    valueOf(await lab.staging.undo(staged.id, by))
    const discarded = valueOf(await lab.staging.act({ ...wish, verb: 'discard', scope: 'unstaged', parts }, by))
    expect(await lab.git('status', '--porcelain')).toBe('')
    valueOf(await lab.staging.undo(discarded.id, by))
    expect(await lab.trees()).toEqual(before)
  })

  it('that became a folder, and folders that became a file, are staged', async () => {
    await rm(at('a.txt'))
    await lab.write('a.txt/inside.txt', 'inside\n')
    await rm(at('src'), { recursive: true })
    await lab.write('src', 'a file now\n')
    await act('stage', 'unstaged', 'a.txt/inside.txt', 'src')
    expect((await lab.open('unstaged')).files).toEqual([])
    await act('unstage', 'staged', 'a.txt', 'src/c.txt')
    expect(await lab.git('diff', '--cached', '--name-only')).toBe('')
    await act('discard', 'unstaged', 'a.txt', 'a.txt/inside.txt', 'src', 'src/c.txt')
    expect(await lab.git('status', '--porcelain')).toBe('')
  })

  it('marked as to be added are staged with what they hold', async () => {
    await lab.write('n.txt', 'new\n')
    await lab.git('add', '--intent-to-add', 'n.txt')
    valueOf(await lab.act('stage', 'unstaged', 'n.txt'))
    expect(await lab.git('show', ':n.txt')).toBe('new')
  })

  it('a repository inside of the worktree is staged as its commit, and not discarded from here', async () => {
    const inner = at('inner')
    await mkdir(inner)
    await lab.yard.lab.plain(inner, 'init', '--quiet')
    const first = await lab.yard.lab.commitAll(inner, 'one')
    await lab.git('add', 'inner')
    await lab.git('commit', '-qm', 'with inner')
    const second = await lab.yard.lab.commitAll(inner, 'two')
    expect(messageOf(await lab.act('discard', 'unstaged', 'inner'))).toMatch(/a repository of its own/)
    valueOf(await lab.act('stage', 'unstaged', 'inner'))
    expect(await lab.git('ls-files', '-s', 'inner')).toContain(second)
    valueOf(await lab.act('unstage', 'staged', 'inner'))
    expect(await lab.git('ls-files', '-s', 'inner')).toContain(first)
  })
})

describe('lines', () => {
  it('are staged, and the files stay as they are', async () => {
    await lab.write('a.txt', ten({ 2: 'two', 3: 'three', 9: 'nine' }))
    const { before, after } = await act('stage', 'unstaged', ['a.txt', lines([3], [3])])
    expect(after.files).toEqual(before.files)
    expect(await lab.staged('a.txt')).toBe(ten({ 3: 'three' }).trimEnd())
  })

  it('are unstaged', async () => {
    await lab.write('a.txt', ten({ 2: 'two', 9: 'nine' }))
    await lab.git('add', 'a.txt')
    const { before, after } = await act('unstage', 'staged', ['a.txt', lines([2], [2])])
    expect(after.files).toEqual(before.files)
    expect(await lab.staged('a.txt')).toBe(ten({ 9: 'nine' }).trimEnd())
  })

  it('are discarded, and the file keeps its mode', async () => {
    await lab.write('a.txt', ten({ 2: 'two', 9: 'nine' }))
    await chmod(at('a.txt'), 0o640)
    const { before, after, staging } = await act('discard', 'unstaged', ['a.txt', lines([9], [9])])
    expect(after.index).toBe(before.index)
    expect(after.files['a.txt']).toBe(`640 ${ten({ 2: 'two' })}`)
    expect(staging).toMatchObject({ kind: 'discard', isPartial: true, files: 1, paths: ['a.txt'] })
  })

  it('are reverted to what they are on the base', async () => {
    await lab.write('a.txt', ten({ 2: 'two' }))
    await lab.commit('work')
    await lab.write('a.txt', ten({ 2: 'two', 9: 'nine' }))
    await act('revert', 'all', ['a.txt', lines([2], [2])])
    expect(await lab.read('a.txt')).toBe(ten({ 9: 'nine' }))
  })

  it('of a new file are staged alone, and of a deleted one come back', async () => {
    await lab.write('n.txt', 'one\ntwo\nthree\n')
    await rm(at('b.txt'))
    await act('stage', 'unstaged', ['n.txt', lines([], [1, 3])])
    expect(await lab.staged('n.txt')).toBe('one\nthree')
    await act('discard', 'unstaged', ['b.txt', lines([4], [])])
    expect(await lab.read('b.txt')).toBe('line 4\n')
  })

  it('all of them stage a deletion, and discard a new file', async () => {
    await lab.write('n.txt', 'one\ntwo\n')
    await rm(at('b.txt'))
    const all = { removed: [[1, 10] as const], added: [] }
    await act('stage', 'unstaged', ['b.txt', all])
    expect(await lab.git('status', '--porcelain', 'b.txt')).toBe('D  b.txt')
    await act('discard', 'unstaged', ['n.txt', { removed: [], added: [[1, 2]] }])
    expect(await lab.git('status', '--porcelain', 'n.txt')).toBe('')
  })

  it('keep the line ends that the file has on the disk', async () => {
    await lab.git('config', 'core.autocrlf', 'true')
    const dos = (text: string): string => text.replaceAll('\n', '\r\n')
    await lab.write('a.txt', dos(ten({ 2: 'two', 9: 'nine' })))
    await lab.write('b.txt', 'gone')
    await act('discard', 'unstaged', ['a.txt', lines([2], [2])])
    expect(await lab.read('a.txt')).toBe(dos(ten({ 9: 'nine' })))
    await act('stage', 'unstaged', ['a.txt', lines([9], [9])])
    expect(await lab.staged('a.txt')).toBe(ten({ 9: 'nine' }).trimEnd())
    await act('discard', 'unstaged', 'b.txt')
    expect(await lab.read('b.txt')).toBe(dos(ten()))
  })

  it('are those of the comparison that is shown when white space is ignored', async () => {
    await lab.write('a.txt', ten({ 2: '  line   2', 3: 'three' }))
    const part = await lab.part('a.txt', 'unstaged', lines([3], [3]))
    const wish = { worktreeId: lab.worktree.id, scope: 'unstaged', whitespace: 'ignore', parts: [part] } as const
    valueOf(await lab.staging.act({ ...wish, verb: 'stage' }, by))
    expect(await lab.staged('a.txt')).toBe(ten({ 3: 'three' }).trimEnd())
    const other = await lab.part('a.txt', 'unstaged', lines([2], [2]))
    expect(codeOf(await lab.staging.act({ ...wish, verb: 'stage', parts: [other] }, by))).toBe('ONLY_WHOLE')
  })

  it('are chosen in any scope that shows the two versions', async () => {
    await lab.write('a.txt', ten({ 2: 'two', 9: 'nine' }))
    await act('stage', 'all', ['a.txt', lines([2], [2])])
    // By now the files differ from the base by more than what is unstaged.
    expect(messageOf(await lab.act('stage', 'all', ['a.txt', lines([9], [9])]))).toMatch(/Choose the scope Unstaged/)
    expect(codeOf(await lab.act('stage', 'unstaged', ['a.txt', lines([9], [9])]))).toBe('ok')
    expect(codeOf(await lab.act('unstage', 'all', ['a.txt', lines([9], [9])]))).toBe('ok')
  })

  it.each([
    ['data.bin', Buffer.from([0, 9])],
    ['pointer.txt', `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`],
  ])('of %s cannot be chosen', async (name, content) => {
    await lab.write(name, content)
    expect(codeOf(await lab.act('stage', 'unstaged', [name, lines([], [1])]))).toBe('ONLY_WHOLE')
  })

  it('that are not among those that changed are refused', async () => {
    await lab.write('a.txt', ten({ 2: 'two' }))
    expect(codeOf(await lab.act('stage', 'unstaged', ['a.txt', lines([3], [])]))).toBe('STALE')
    expect(codeOf(await lab.act('stage', 'unstaged', ['a.txt', lines([], [])]))).toBe('INVALID')
    await rename(at('src/c.txt'), at('d.txt'))
    await writeFile(at('d.txt'), ten({ 5: 'five' }))
    expect(codeOf(await lab.act('stage', 'unstaged', ['d.txt', lines([5], [5])]))).toBe('ONLY_WHOLE')
  })
})

describe('a suggestion', () => {
  it('takes the place of lines, is refused on another version, and can be undone', async () => {
    await lab.write('a.txt', ten({ 2: 'two' }))
    const { newOid } = await lab.part('a.txt', 'all')
    const input = {
      worktreeId: lab.worktree.id,
      rawPath: 'a.txt',
      versionOid: newOid ?? '',
      from: 4,
      to: 5,
      text: 'x\ny\nz',
    }
    const before = await lab.trees()
    const done = valueOf(await lab.staging.replaceLines(input, by))
    expect(done).toMatchObject({ kind: 'replace', files: 1 })
    expect(await lab.read('a.txt')).toBe(ten({ 2: 'two', 4: 'x\ny\nz' }).replace('line 5\n', ''))
    expect(codeOf(await lab.staging.replaceLines(input, by))).toBe('STALE')
    valueOf(await lab.staging.undo(done.id, by))
    expect(await lab.trees()).toEqual(before)
    expect(codeOf(await lab.staging.replaceLines({ ...input, to: 12 }, by))).toBe('STALE')
    expect(codeOf(await lab.staging.replaceLines({ ...input, rawPath: 'none.txt' }, by))).toBe('STALE')
  })

  it('goes into a file that nobody changed, too', async () => {
    const versionOid = await lab.git('rev-parse', ':src/c.txt')
    const input = { worktreeId: lab.worktree.id, rawPath: 'src/c.txt', versionOid, from: 1, to: 10, text: 'short' }
    valueOf(await lab.staging.replaceLines(input, by))
    expect(await lab.read('src/c.txt')).toBe('short\n')
  })
})

it('a link in the place of a file or folder is never written through', async () => {
  await lab.write('a.txt', ten({ 2: 'two' }))
  await lab.write('src/c.txt', ten({ 2: 'two' }))
  const outside = join(lab.yard.lab.root, 'outside')
  await mkdir(outside, { recursive: true })
  await writeFile(join(outside, 'c.txt'), 'not mine\n')
  const part = await lab.part('src/c.txt', 'unstaged')
  await rename(at('src'), at('elsewhere'))
  await symlink(outside, at('src'))
  const wish = { worktreeId: lab.worktree.id, verb: 'discard', scope: 'unstaged', whitespace: 'show' } as const
  expect(codeOf(await lab.staging.act({ ...wish, parts: [part] }, by))).toBe('STALE')
  expect(codeOf(await lab.act('discard', 'unstaged', 'elsewhere/c.txt'))).toBe('CANNOT_WRITE')
  await rm(at('a.txt'))
  await symlink(join(outside, 'c.txt'), at('a.txt'))
  valueOf(await lab.act('discard', 'unstaged', 'a.txt'))
  expect(await lab.read('a.txt')).toBe(ten())
  expect(await readlink(at('src'))).toBe(outside)
  await unlink(at('src'))
  expect(await readFile(join(outside, 'c.txt'), 'utf8')).toBe('not mine\n')
})
