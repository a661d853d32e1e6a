import { mkdir, readdir, realpath, writeFile } from 'node:fs/promises'
import { join, normalize, relative, sep } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identifyRepository } from '../../adapters/git/identify-repository.ts'
import { isValidBranchName, listBranches } from '../../adapters/git/refs.ts'
import { readStatus } from '../../adapters/git/status.ts'
import { createGitLab } from '../../adapters/git/testing.ts'
import { listBaseSources } from '../projects/project-rules.ts'
import { makeWorktree } from './make-worktree.ts'
import { isAllowedBranchName, pickBranch, planWorktree, slugFrom, worktreePath } from './worktree-rules.ts'

const samples = 10_000
/** Names that also go through real git, a process or ten each. The promise is tested with 10,000 in the long mode. */
const realSamples = Number(process.env['SWITCHYARD_TEST_NAMES'] ?? 90)
/** Thousands of git processes: minutes on a busy machine. Only a hang takes longer. */
const longMs = 600_000

const hostilePieces = [
  '$(touch canary)',
  '`touch canary`',
  ';touch canary;',
  '|touch canary',
  '&& touch canary',
  '\n touch canary \n',
  "'",
  '"',
  '\\',
  '../',
  '..\\',
  '/',
  '//',
  './',
  '~',
  '~root',
  '-',
  '--',
  '--upload-pack=touch canary',
  '-c',
  '--exec=touch canary',
  '\u0000',
  '\r',
  '\t',
  '\u001b[31m',
  '\u0007',
  '\u202e',
  '\u200b',
  '\ufeff',
  '%00',
  '%2e%2e%2f',
  '*',
  '?',
  '[a]',
  '{a,b}',
  '!',
  '#',
  '.git',
  '.GIT',
  'HEAD',
  '@{-1}',
  '@',
  'refs/heads/',
  '.lock',
  '^',
  ':',
  'con',
  'NUL',
  'aux.txt',
  ' ',
  '\u00e9',
  'e\u0301',
  '漢',
  '🚂',
  '\ud800',
] as const

const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...hostilePieces),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('a', 'fix', 'x y'),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((pieces) => pieces.join(''))

const check = (numRuns: number) => ({ numRuns, seed: 20_261_101 })

/** Each kind of attack by itself, and then in the company of others. */
const realNames = () => [
  ...hostilePieces,
  ...fc.sample(hostileText, check(Math.max(0, realSamples - hostilePieces.length))),
]

test(`${samples} hostile titles become branches and folders that no shell, option or path trick is in`, () => {
  const root = '/home/me/.switchyard/worktrees'
  fc.assert(
    fc.property(hostileText, hostileText, fc.array(hostileText, { maxLength: 3 }), (title, project, taken) => {
      const slug = slugFrom(title)
      expect(slug).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      const branch = pickBranch('switchyard/', slug, [...taken, `switchyard/${slug}`])
      expect(isAllowedBranchName(branch)).toBe(true)
      const id = 'wt_01JDABCDEFGHJKMNPQRSTVWXYZ'
      const path = worktreePath({ root, projectName: project, commonDirHash: 'abcdef0123456789', slug, id })
      expect(normalize(path)).toBe(path)
      expect(relative(root, path).split(sep)).toHaveLength(2)
      expect(relative(root, path)).toMatch(/^[a-z0-9-]+\/[a-z0-9-]+$/)
    }),
    check(samples),
  )
})

test(`${samples} hostile branch names and bases are refused or harmless`, () => {
  const view = {
    rootPath: '/repo',
    headBranch: 'main',
    localBranches: ['main'],
    remoteBranches: [],
    remotes: ['origin'],
    pathByBranch: new Map<string, string>(),
    adopted: null,
  }
  fc.assert(
    fc.property(hostileText, (name) => {
      const result = planWorktree({ kind: 'new-branch', baseRef: null, branch: name }, view)
      if (result.kind === 'planned') expect(name).toMatch(/^[A-Za-z0-9_](?:[A-Za-z0-9._/-]*[A-Za-z0-9_-])?$/)
      for (const { ref } of listBaseSources({ defaultBranch: 'main', remote: 'origin' }, ['origin'], name)) {
        expect(ref.startsWith('-')).toBe(false)
        expect(ref).not.toMatch(/[\s~^:?*[\\]|\.\.|@\{/)
      }
    }),
    check(samples),
  )
})

/** Every name in a folder and below it, for finding canaries. */
async function listDeep(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true })
}

test(
  `${realSamples} hostile titles go through real git and leave one worktree each and no canary`,
  async () => {
    await using lab = await createGitLab()
    const repo = await lab.createRepository('app $(touch canary) `touch canary`')
    const sha = await lab.plain(repo, 'rev-parse', 'HEAD')
    const root = join(await realpath(lab.root), 'worktrees')
    const taken: string[] = ['main']
    for (const [index, title] of realNames().entries()) {
      const slug = slugFrom(title)
      const branch = pickBranch('switchyard/', slug, taken)
      taken.push(branch)
      const id = `wt_${String(index).padStart(26, '0')}`
      const path = worktreePath({ root, projectName: title, commonDirHash: 'abcdef0123456789', slug, id })
      const made = await makeWorktree(lab.git, { cwd: repo, path, branch, newBranchSha: sha })
      expect(made.kind, title).toBe('made')
    }
    const branches = (await listBranches(lab.git, repo)).map((found) => found.name)
    expect(branches.filter((name) => name.startsWith('switchyard/'))).toHaveLength(taken.length - 1)
    expect((await lab.plain(repo, 'worktree', 'list', '--porcelain')).match(/^worktree /gm)).toHaveLength(taken.length)
    expect((await listDeep(lab.root)).filter((name) => /(?:^|\/)canary$/.test(name))).toEqual([])
  },
  longMs,
)

test(
  `${realSamples} hostile paths and branch names given to real git start no shell and leave no folder`,
  async () => {
    await using lab = await createGitLab()
    const repo = await lab.createRepository('app')
    const folders = join(lab.root, 'folders')
    await mkdir(folders)
    let opened = 0
    for (const [index, name] of realNames().entries()) {
      await isValidBranchName(lab.git, repo, name.replaceAll('\u0000', ''))
      // A path can hold anything but zero and slash; git init in such a folder and see it found again.
      const folder = join(folders, `${index}${name.replace(/[\u0000/]/g, '').slice(0, 60)}`.toWellFormed())
      await mkdir(folder)
      await lab.git.run({ cwd: folder, args: ['init', '--quiet'], access: 'write' })
      await writeFile(join(folder, 'file'), 'x')
      const identity = await identifyRepository(lab.git, folder)
      expect(identity, name).toMatchObject({ kind: 'repository', topLevel: folder })
      opened += 1
      expect((await readStatus(lab.git, folder)).map((entry) => entry.rawPath)).toEqual(['file'])
    }
    expect(opened).toBe(realNames().length)
    expect((await listDeep(lab.root)).filter((name) => /(?:^|\/)canary$/.test(name))).toEqual([])
  },
  longMs,
)
