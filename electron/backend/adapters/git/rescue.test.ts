import { execFileSync } from 'node:child_process'
import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rescuedWorkText } from '../../../../shared/contract/rescued-work.ts'
import { createGitLab, type GitLab } from './testing.ts'
import { findGitDir } from './config-cache.ts'
import { dropRescue, listRescues, restoreRescue } from './rescue-restore.ts'
import { rescueRef, saveRescue, type RescueResult } from './rescue-save.ts'
import { removeWorktree } from './worktree-change.ts'

interface Bench {
  readonly lab: GitLab
  readonly repo: string
  readonly tree: string
}

async function startBench(lab: GitLab): Promise<Bench> {
  const repo = await lab.createRepository('app')
  await lab.write(join(repo, 'src/kept.ts'), 'kept\n')
  await lab.write(join(repo, 'src/changed.ts'), 'one\ntwo\n')
  await lab.write(join(repo, 'src/gone.ts'), 'gone\n')
  await lab.write(join(repo, 'run.sh'), '#!/bin/sh\n', 0o755)
  await lab.write(join(repo, '.gitignore'), 'ignored/\n')
  await lab.commitAll(repo, 'files')
  const tree = join(lab.root, 'tree')
  await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'work', tree)
  return { lab, repo, tree }
}

async function save({ lab, repo, tree }: Bench, id = 'r1'): Promise<RescueResult> {
  const gitDir = (await findGitDir(tree)) ?? ''
  return saveRescue(lab.git, { id, cwd: tree, gitDir, commonDir: join(repo, '.git'), branch: 'work' })
}

async function removeAndRestore(bench: Bench, id = 'r1'): ReturnType<typeof restoreRescue> {
  const { lab, repo, tree } = bench
  expect((await save(bench, id)).kind).toBe('saved')
  await removeWorktree(lab.git, repo, tree)
  await expect(lstat(tree)).rejects.toThrow()
  // Everything must hang on the ref: what does not is gone after this.
  await lab.plain(repo, 'reflog', 'expire', '--expire=now', '--all')
  await lab.plain(repo, 'gc', '--quiet', '--prune=now')
  return restoreRescue(lab.git, { id, cwd: repo, path: tree, useNetwork: false })
}

/** Every file but .git: kind, mode and bytes, by the raw bytes of its name. */
async function photograph(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  const visit = async (at: Buffer, below: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true, encoding: 'buffer' })) {
      const path = Buffer.concat([at, Buffer.from('/'), entry.name])
      const name = `${below}${entry.name.toString('latin1')}`
      if (name === '.git' || name === 'ignored') continue
      if (entry.isDirectory()) await visit(path, `${name}/`)
      else if (entry.isSymbolicLink()) files[name] = `link ${await readlink(path)}`
      else files[name] = `${(await lstat(path)).mode & 0o111} ${(await readFile(path)).toString('latin1')}`
    }
  }
  await visit(Buffer.from(folder), '')
  return files
}

const statusOf = (lab: GitLab, tree: string): Promise<string> =>
  lab.plain(tree, 'status', '--porcelain=v2', '-z', '--branch', '--untracked-files=all')

test('what an agent is told of kept work brings it into another worktree', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  await writeFile(join(bench.tree, 'src/changed.ts'), 'one\nmine\n')
  await lab.write(join(bench.tree, 'new/file.ts'), 'new\n')
  expect((await save(bench)).kind).toBe('saved')
  const other = join(lab.root, 'other')
  await lab.plain(bench.repo, 'worktree', 'add', '--quiet', '-b', 'other', other)
  const told = [...rescuedWorkText(rescueRef('r1')).matchAll(/`git ([^`]*)`/g)].map(([, command = '']) => command)
  const answers = []
  for (const command of told) answers.push(await lab.plain(other, ...command.split(' ')))
  expect(answers[0]?.trim().split('\n')).toEqual(['new/file.ts', 'src/changed.ts'])
  expect(answers[2]).toContain('Switchyard rescue r1')
  expect(await readFile(join(other, 'src/changed.ts'), 'utf8')).toBe('one\nmine\n')
  expect(await readFile(join(other, 'new/file.ts'), 'utf8')).toBe('new\n')
  expect(await readFile(join(other, 'src/kept.ts'), 'utf8')).toBe('kept\n')
})

test('staged, unstaged, untracked, deleted, linked and executable work comes back byte for byte', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const { tree } = bench
  await writeFile(join(tree, 'src/changed.ts'), 'one\nstaged\n')
  await lab.plain(tree, 'add', 'src/changed.ts')
  await writeFile(join(tree, 'src/changed.ts'), 'one\nstaged\r\nand more\0binary')
  await rm(join(tree, 'src/gone.ts'))
  await lab.plain(tree, 'mv', 'readme.md', 'moved "quoted".md')
  await lab.write(join(tree, 'new/deep/file.txt'), 'untracked\r\n')
  await lab.write(join(tree, 'new/line\nfeed ünï 漢'), 'odd name\n')
  await writeFile(Buffer.concat([Buffer.from(`${tree}/raw-`), Buffer.from([0xff, 0xfe])]), 'no valid utf-8\n')
  await lab.write(join(tree, 'tool'), '#!/bin/sh\n', 0o755)
  await chmod(join(tree, 'run.sh'), 0o644)
  await symlink('/etc/passwd', join(tree, 'link'))
  await symlink('missing\ntarget', join(tree, 'new/broken'))
  await lab.write(join(tree, 'staged-only'), 'in the index\n')
  await lab.plain(tree, 'add', 'staged-only')
  await rm(join(tree, 'staged-only'))
  const [files, status] = [await photograph(tree), await statusOf(lab, tree)]
  const staged = await lab.plain(tree, 'diff', '--cached')

  expect(await removeAndRestore(bench)).toMatchObject({ branch: 'work' })

  expect(await photograph(tree)).toEqual(files)
  expect(await statusOf(lab, tree)).toBe(status)
  expect(await lab.plain(tree, 'diff', '--cached')).toBe(staged)
  expect(Object.keys(files).length).toBe(11)
})

test('line-end and keyword conversion does not touch rescued bytes', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const { tree, repo } = bench
  await lab.plain(repo, 'config', 'core.autocrlf', 'true')
  await writeFile(join(tree, '.gitattributes'), '*.txt text eol=crlf ident\n')
  await writeFile(join(tree, 'mixed.txt'), 'a\nb\r\n$Id: mine$\n')
  await writeFile(join(tree, 'src/changed.ts'), 'lf\ncrlf\r\n')
  const files = await photograph(tree)
  await removeAndRestore(bench)
  const restored = await photograph(tree)
  for (const name of ['mixed.txt', 'src/changed.ts', '.gitattributes']) expect(restored[name]).toBe(files[name])
})

test('commits that only the reflog knows stay reachable', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const { tree, repo } = bench
  await writeFile(join(tree, 'lost.txt'), 'committed, then reset away\n')
  const lost = await lab.commitAll(tree, 'lost')
  await lab.plain(tree, 'reset', '--quiet', '--hard', 'HEAD~1')
  await removeAndRestore(bench)
  expect(await lab.plain(repo, 'show', `${lost}:lost.txt`)).toBe('committed, then reset away')
  expect(await lab.plain(tree, 'reflog', '--format=%H')).toContain(lost)
})

test('a conflict under way comes back with all its sides', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const { tree, repo } = bench
  await writeFile(join(repo, 'src/changed.ts'), 'theirs\n')
  const theirs = await lab.commitAll(repo, 'theirs')
  await writeFile(join(tree, 'src/changed.ts'), 'ours\n')
  await lab.commitAll(tree, 'ours')
  await expect(lab.plain(tree, 'merge', 'main')).rejects.toThrow()
  const [files, sides] = [await photograph(tree), await lab.plain(tree, 'ls-files', '-u')]
  await removeAndRestore(bench)
  expect(await photograph(tree)).toEqual(files)
  expect(await lab.plain(tree, 'ls-files', '-u')).toBe(sides)
  expect(sides.split('\n')).toHaveLength(3)
  expect(await lab.plain(tree, 'rev-parse', 'MERGE_HEAD')).toBe(theirs)
  await writeFile(join(tree, 'src/changed.ts'), 'both\n')
  await lab.commitAll(tree, 'merged')
  expect((await lab.plain(tree, 'log', '-1', '--format=%P')).split(' ')).toHaveLength(2)
})

test('a rebase that stopped half-way can go on after the restore', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const { tree, repo } = bench
  await writeFile(join(repo, 'src/changed.ts'), 'theirs\n')
  await lab.commitAll(repo, 'theirs')
  await writeFile(join(tree, 'src/changed.ts'), 'ours\n')
  await lab.commitAll(tree, 'ours')
  await writeFile(join(tree, 'later'), 'later\n')
  await lab.commitAll(tree, 'later')
  await expect(lab.plain(tree, 'rebase', 'main')).rejects.toThrow()
  expect(await removeAndRestore(bench)).toMatchObject({ branch: null })
  await writeFile(join(tree, 'src/changed.ts'), 'both\n')
  await lab.plain(tree, 'add', '.')
  await lab.plain(tree, '-c', 'core.editor=true', 'rebase', '--continue')
  expect(await lab.plain(tree, 'log', '--format=%s', '-3', 'work')).toBe('later\nours\ntheirs')
})

test('a branch without a commit comes back with its index', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const { tree } = bench
  await lab.plain(tree, 'checkout', '--quiet', '--orphan', 'fresh')
  await lab.plain(tree, 'rm', '-rq', '--cached', 'src')
  const [files, status] = [await photograph(tree), await statusOf(lab, tree)]
  expect(await removeAndRestore(bench)).toEqual({ branch: 'fresh', headSha: null })
  expect(await photograph(tree)).toEqual(files)
  expect(await statusOf(lab, tree)).toBe(status)
})

test('work that git status is told not to see is saved too', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const { tree, repo } = bench
  await lab.plain(tree, 'update-index', '--assume-unchanged', 'src/changed.ts')
  await lab.plain(tree, 'update-index', '--skip-worktree', 'src/kept.ts')
  await writeFile(join(tree, 'src/changed.ts'), 'hidden\n')
  await writeFile(join(tree, 'src/kept.ts'), 'hidden too\n')
  await lab.plain(repo, 'config', 'status.showUntrackedFiles', 'no')
  await writeFile(join(tree, 'untracked'), 'unseen\n')
  const files = await photograph(tree)
  await removeAndRestore(bench)
  expect(await photograph(tree)).toEqual(files)
})

test('folders that hold whole repositories are refused, and nothing is saved or lost', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const { tree, repo } = bench
  await lab.plain(tree, 'init', '--quiet', 'vendor/inner')
  await lab.write(join(tree, 'vendor/inner/file'), 'x\n')
  await lab.commitAll(join(tree, 'vendor/inner'), 'inner')
  expect(await save(bench)).toEqual({ kind: 'nested-repositories', paths: ['vendor/inner/'] })
  // Also once it is a submodule entry in the index.
  await lab.plain(tree, 'add', 'vendor/inner')
  expect(await save(bench)).toEqual({ kind: 'nested-repositories', paths: ['vendor/inner'] })
  expect(await lab.plain(repo, 'for-each-ref', 'refs/switchyard')).toBe('')
})

test('when the branch has moved on, the work comes back detached and the branch keeps its place', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const {
    lab: { git },
    repo,
    tree,
  } = bench
  await writeFile(join(tree, 'src/changed.ts'), 'dirty\n')
  await save(bench)
  await removeWorktree(git, repo, tree)
  await lab.plain(repo, 'branch', '--force', 'work', 'main~1')
  const restored = await restoreRescue(git, { id: 'r1', cwd: repo, path: tree, useNetwork: false })
  expect(restored).toEqual({ branch: null, headSha: await lab.plain(repo, 'rev-parse', 'main') })
  expect(await readFile(join(tree, 'src/changed.ts'), 'utf8')).toBe('dirty\n')
  expect(await lab.plain(repo, 'rev-parse', 'work')).toBe(await lab.plain(repo, 'rev-parse', 'main~1'))
})

test('a deleted branch is made again', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const {
    lab: { git },
    repo,
    tree,
  } = bench
  await writeFile(join(tree, 'more'), 'more\n')
  const sha = await lab.commitAll(tree, 'more')
  await save(bench)
  await removeWorktree(git, repo, tree)
  await lab.plain(repo, 'branch', '-D', 'work')
  expect(await restoreRescue(git, { id: 'r1', cwd: repo, path: tree, useNetwork: false })).toEqual({
    branch: 'work',
    headSha: sha,
  })
})

test('the lock that a killed git left on a rescue ref does not keep the work from being saved', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  await lab.write(join(bench.repo, '.git', `${rescueRef('r1')}.lock`), '')
  expect((await save(bench)).kind).toBe('saved')
})

test('saving twice under one id is one save; rescues are listed and dropped', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const {
    lab: { git },
    repo,
    tree,
  } = bench
  const first = await save(bench)
  await writeFile(join(tree, 'later'), 'not part of it\n')
  const second = await save(bench)
  expect(second).toMatchObject({ kind: 'saved', sha: first.kind === 'saved' ? first.sha : '' })
  expect((await listRescues(git, repo)).map((rescue) => rescue.id)).toEqual(['r1'])
  await dropRescue(git, repo, 'r1')
  expect(await listRescues(git, repo)).toEqual([])
  expect(await restoreRescue(git, { id: 'r1', cwd: repo, path: join(lab.root, 'x'), useNetwork: false })).toBeNull()
})

test('a planted rescue cannot write outside the worktree', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const {
    lab: { git },
    repo,
    tree,
  } = bench
  const outside = join(lab.root, 'outside')
  await mkdir(outside)
  // The commit holds a link to the outside, the rescue a file "below" that link.
  await symlink(outside, join(tree, 'door'))
  const head = await lab.commitAll(tree, 'link')
  const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: repo, input: 'planted', env: lab.env })
  const meta = JSON.stringify({
    version: 1,
    branch: null,
    head,
    indexDeleted: [],
    folderDeleted: ['../outside/victim'],
  })
  const metaBlob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: repo, input: meta, env: lab.env })
  const mktree = (lines: string): string =>
    execFileSync('git', ['mktree'], { cwd: repo, input: lines, env: lab.env }).toString().trim()
  const door = mktree(`100644 blob ${blob.toString().trim()}\tcanary\n`)
  const folder = mktree(`040000 tree ${door}\tdoor\n`)
  const root = mktree(`040000 tree ${folder}\tfolder\n100644 blob ${metaBlob.toString().trim()}\trescue.json\n`)
  const commit = await lab.plain(repo, 'commit-tree', root, '-m', 'planted')
  await lab.plain(repo, 'update-ref', rescueRef('bad'), commit)
  await writeFile(join(outside, 'victim'), 'stays\n')
  const attempt = restoreRescue(git, { id: 'bad', cwd: repo, path: join(lab.root, 'again'), useNetwork: false })
  await expect(attempt).rejects.toThrow('leaves its folder')
  expect(await readdir(outside)).toEqual(['victim'])
})

test('a file larger than one batch is restored straight from git', async () => {
  await using lab = await createGitLab()
  const bench = await startBench(lab)
  const large = Buffer.alloc(33 * 1024 * 1024, 'large file ')
  await writeFile(join(bench.tree, 'large.bin'), large)
  await removeAndRestore(bench)
  expect((await readFile(join(bench.tree, 'large.bin'))).equals(large)).toBe(true)
})
