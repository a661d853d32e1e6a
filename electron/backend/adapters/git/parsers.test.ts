import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findConfigValue, isRepositoryScope, parseConfigEntries } from './config-entries.ts'
import { parseNumstat } from './diff-numbers.ts'
import { findGit, isAtLeast } from './find-git.ts'
import { GitError } from './git-error.ts'
import { countStatus, decodePath, parseStatus } from './status.ts'
import { parseWorktreeList } from './worktree-list.ts'

describe('the configuration as git lists it', () => {
  const text = (...entries: readonly (readonly [string, string, string])[]) =>
    entries.map((entry) => `${entry.join('\0')}\0`).join('')

  it('has scope, origin, name and value, whatever the value holds', () => {
    const output = text(
      ['system', 'file:/etc/gitconfig', 'core.editor\nvim'],
      ['local', 'file:.git/config', 'alias.x\n!echo "a=b"\nsecond line'],
      ['local', 'file:.git/config', 'url.git@host:.insteadof\nhttps://host/'],
    )
    expect(parseConfigEntries(output)).toEqual([
      { scope: 'system', origin: 'file:/etc/gitconfig', name: 'core.editor', value: 'vim' },
      { scope: 'local', origin: 'file:.git/config', name: 'alias.x', value: '!echo "a=b"\nsecond line' },
      { scope: 'local', origin: 'file:.git/config', name: 'url.git@host:.insteadof', value: 'https://host/' },
    ])
  })

  it('reads a key without "=" as true, and one with nothing behind it as empty', () => {
    const entries = parseConfigEntries(text(['local', 'o', 'core.bare'], ['local', 'o', 'core.hookspath\n']))
    expect(entries.map(({ value }) => value)).toEqual(['true', ''])
  })

  it('takes the last value of a name, as git does', () => {
    const entries = parseConfigEntries(text(['global', 'o', 'user.name\nA'], ['local', 'o', 'user.name\nB']))
    expect(findConfigValue(entries, 'user.name')).toBe('B')
    expect(findConfigValue(entries, 'user.email')).toBeNull()
    expect(parseConfigEntries('')).toEqual([])
  })

  it.each([
    ['local', true],
    ['worktree', true],
    ['global', false],
    ['system', false],
    ['command', false],
  ])('of scope %s may be written by an agent: %s', (scope, expected) => {
    expect(isRepositoryScope(scope)).toBe(expected)
  })
})

describe('the numbers of a diff', () => {
  it.each([
    ['nothing', '', { added: 0, removed: 0, files: 0, rawPaths: [] }],
    ['two files', '1\t2\ta.txt\0\x310\t0\tb.txt\0', { added: 11, removed: 2, files: 2, rawPaths: ['a.txt', 'b.txt'] }],
    ['a binary file', '-\t-\timage.png\0', { added: 0, removed: 0, files: 1, rawPaths: ['image.png'] }],
    [
      'a rename',
      '3\t1\t\0old.txt\0new.txt\0\x31\t1\tb\0',
      { added: 4, removed: 2, files: 2, rawPaths: ['old.txt', 'new.txt', 'b'] },
    ],
    [
      'a rename of a file named like a line',
      '0\t0\t\0\x39\t9\tx\0\x38\t8\ty\0',
      { added: 0, removed: 0, files: 1, rawPaths: ['9\t9\tx', '8\t8\ty'] },
    ],
    ['a name with a line feed and a tab', '1\t0\ta\nb\tc\0', { added: 1, removed: 0, files: 1, rawPaths: ['a\nb\tc'] }],
  ])('of %s', (_name, output, expected) => {
    expect(parseNumstat(output)).toEqual(expected)
  })
})

describe('the list of worktrees', () => {
  const sha = 'a'.repeat(40)
  const records = (terminator: '\0' | '\n') =>
    [
      ['worktree /repo', `HEAD ${sha}`, 'branch refs/heads/main'],
      ['worktree /repo wt', `HEAD ${sha}`, 'detached'],
      [
        'worktree /gone',
        `HEAD ${sha}`,
        'branch refs/heads/topic/x',
        'prunable gitdir file points to non-existent location',
      ],
      ['worktree /kept', `HEAD ${'0'.repeat(40)}`, 'branch refs/heads/new', 'locked on a stick'],
      ['worktree /also', `HEAD ${sha}`, 'detached', 'locked'],
      ['worktree /bare.git', 'bare'],
    ]
      .map((lines) => lines.map((line) => line + terminator).join('') + terminator)
      .join('')

  it.each(['\0', '\n'] as const)('is read with %j between the lines', (terminator) => {
    const nothing = { isBare: false, sha, branch: null, locked: null, isPrunable: false }
    expect(parseWorktreeList(records(terminator), terminator)).toEqual([
      { ...nothing, path: '/repo', branch: 'main' },
      { ...nothing, path: '/repo wt' },
      { ...nothing, path: '/gone', branch: 'topic/x', isPrunable: true },
      { ...nothing, path: '/kept', sha: null, branch: 'new', locked: 'on a stick' },
      { ...nothing, path: '/also', locked: '' },
      { ...nothing, path: '/bare.git', sha: null, isBare: true },
    ])
  })

  it('keeps a path with a line feed where git ends lines with a zero', () => {
    const [found] = parseWorktreeList(`worktree /a\nbranch b\0HEAD ${sha}\0detached\0\0`, '\0')
    expect(found).toMatchObject({ path: '/a\nbranch b', branch: null })
  })
})

describe('the status', () => {
  const oid = 'b'.repeat(40)
  const changed = (xy: string, path: string) => `1 ${xy} N... 100644 100644 100644 ${oid} ${oid} ${path}`

  it('tells kinds apart and counts them', () => {
    const output = [
      changed('M.', 'staged.txt'),
      changed('.M', 'a file.txt'),
      `u UU N... 100644 100644 100644 100644 ${oid} ${oid} ${oid} both`,
      '? untracked',
      '',
    ].join('\0')
    const entries = parseStatus(output)
    expect(entries.map(({ rawPath }) => rawPath)).toEqual(['staged.txt', 'a file.txt', 'both', 'untracked'])
    expect(countStatus(entries)).toEqual({ staged: 1, unstaged: 1, untracked: 1, unmerged: 1 })
    expect(parseStatus('')).toEqual([])
  })

  it.each([
    ['plain.txt', 'plain.txt'],
    [Buffer.from('größe 漢').toString('latin1'), 'größe 漢'],
  ])('shows the bytes of a path as text', (raw, shown) => {
    expect(decodePath(raw)).toBe(shown)
  })
})

describe('an error of git', () => {
  it.each([
    [{ kind: 'exit', exitCode: 128, stderr: 'fatal: bad\n' }, 'git status: exit code 128: fatal: bad'],
    [{ kind: 'exit', exitCode: null, stderr: '' }, 'git status: exit code none'],
    [{ kind: 'timeout', exitCode: null, stderr: '' }, 'git status: timeout'],
    [{ kind: 'not-installed', exitCode: null, stderr: 'ENOENT' }, 'git status: not-installed: ENOENT'],
  ] as const)('%j says “%s”', (detail, message) => {
    const error = new GitError({ ...detail, args: ['status', '--short'] })
    expect(error).toMatchObject({ name: 'GitError', message, kind: detail.kind, args: ['status', '--short'] })
  })

  it('is short, however much git says', () => {
    const error = new GitError({ kind: 'exit', exitCode: 1, stderr: 'x'.repeat(10_000), args: [] })
    expect(error.message.length).toBeLessThan(600)
    expect(error.stderr).toHaveLength(10_000)
  })
})

describe('a version', () => {
  it.each([
    ['2.31', [2, 31], true],
    ['2.39.5', [2, 31], true],
    ['3.0', [2, 31], true],
    ['2.30.9', [2, 31], false],
    ['1.99', [2, 31], false],
    ['2', [2, 31], false],
    ['2.31.0', [2, 31, 1], false],
  ])('%s is at least %j: %s', (version, wanted, expected) => {
    expect(isAtLeast(version, wanted)).toBe(expected)
  })
})

describe.skipIf(process.platform === 'win32')('git on the PATH', () => {
  const folders: string[] = []
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
  })
  type Plant = (path: string, script: string, mode?: number) => Promise<string>
  const inFolder = async (work: (folder: string, plant: Plant) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'switchyard-find-git-'))
    folders.push(folder)
    const plant: Plant = async (path, script, mode = 0o755) => {
      const file = join(folder, path)
      await mkdir(join(file, '..'), { recursive: true })
      await writeFile(file, `#!/bin/sh\n${script}\n`)
      await chmod(file, mode)
      return file
    }
    await work(folder, plant)
  }

  it('is the first that can be run, with its version and whether LFS is there', async () => {
    await inFolder(async (folder, plant) => {
      await plant('a/git', 'echo no', 0o644)
      const gitPath = await plant('b/git', 'echo git version 2.47.1.windows.2')
      const env = { PATH: [join(folder, 'a'), join(folder, 'b')].join(delimiter) }
      expect(await findGit(env)).toEqual({
        kind: 'found',
        deps: { gitPath, version: '2.47.1', isLfsInstalled: false, env },
      })
      await plant('a/git-lfs', 'exit 0')
      expect(await findGit(env)).toMatchObject({ deps: { isLfsInstalled: true } })
    })
  })

  it('is never one of the current folder, which a repository may have planted', async () => {
    await inFolder(async (folder, plant) => {
      await plant('git', 'echo git version 9.0')
      await symlink(join(folder, 'git'), join(folder, 'link'))
      for (const PATH of ['.', '', 'bin', `.${delimiter}`])
        expect(await findGit({ PATH })).toEqual({
          kind: 'missing',
          message: 'git was not found. Install git 2.31 or later and start Switchyard again.',
        })
      expect(await findGit({})).toMatchObject({ kind: 'missing' })
    })
  })

  it.each([
    ['git version 2.30.2', '2.30.2'],
    ['something else', '0.0'],
  ])('that says “%s” is too old', async (said, version) => {
    await inFolder(async (folder, plant) => {
      await plant('git', `echo "${said}"`)
      expect(await findGit({ PATH: folder })).toEqual({
        kind: 'too-old',
        version,
        message: `git ${version} is too old: Switchyard needs git 2.31 or later. Update git and start Switchyard again.`,
      })
    })
  })
})
