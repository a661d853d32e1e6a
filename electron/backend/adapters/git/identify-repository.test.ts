import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createGitLab } from './testing.ts'
import { identifyRepository } from './identify-repository.ts'
import { readHead } from './read-head.ts'

test('a folder inside a checkout belongs to the checkout', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  await mkdir(join(repo, 'src', 'deep'), { recursive: true })
  const identity = await identifyRepository(lab.git, join(repo, 'src', 'deep'))
  expect(identity).toEqual({
    kind: 'repository',
    topLevel: repo,
    gitDir: join(repo, '.git'),
    commonDir: join(repo, '.git'),
    mainCheckout: repo,
    isShallow: false,
  })
})

test('a linked worktree leads to its main checkout', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const tree = join(lab.root, 'tree')
  await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'side', tree)
  expect(await identifyRepository(lab.git, tree)).toMatchObject({
    kind: 'repository',
    topLevel: tree,
    commonDir: join(repo, '.git'),
    mainCheckout: repo,
  })
})

test.each([
  `it's a "quoted" name`,
  ' leading and trailing ',
  'line\nfeed',
  'ends with feed\n',
  'ends with return\r',
  'ünï 漢字 🚂',
  '$(id)`id`',
  '-n',
])('a folder named %j is identified to the byte', async (name) => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository(name)
  expect(await identifyRepository(lab.git, repo)).toMatchObject({
    kind: 'repository',
    topLevel: repo,
    mainCheckout: repo,
  })
})

test('what is no checkout is told apart', async () => {
  await using lab = await createGitLab()
  const folder = join(lab.root, 'plain')
  await mkdir(folder)
  expect(await identifyRepository(lab.git, folder)).toEqual({ kind: 'no-repository' })
  expect(await identifyRepository(lab.git, join(lab.root, 'nowhere'))).toEqual({ kind: 'absent' })
  await lab.plain(lab.root, 'init', '--quiet', '--bare', 'bare.git')
  expect(await identifyRepository(lab.git, join(lab.root, 'bare.git'))).toMatchObject({ kind: 'bare' })
})

test('a worktree of a bare repository has no main checkout', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  await lab.plain(lab.root, 'clone', '--quiet', '--bare', repo, 'bare.git')
  const tree = join(lab.root, 'tree')
  await lab.plain(join(lab.root, 'bare.git'), 'worktree', 'add', '--quiet', tree, 'main')
  expect(await identifyRepository(lab.git, tree)).toMatchObject({
    kind: 'repository',
    topLevel: tree,
    commonDir: join(lab.root, 'bare.git'),
    mainCheckout: null,
  })
})

test('a submodule is a repository of its own', async () => {
  await using lab = await createGitLab()
  const library = await lab.createRepository('library')
  const repo = await lab.createRepository('app')
  await lab.plain(repo, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor')
  expect(await identifyRepository(lab.git, join(repo, 'vendor'))).toMatchObject({
    kind: 'repository',
    topLevel: join(repo, 'vendor'),
    commonDir: join(repo, '.git', 'modules', 'vendor'),
  })
})

test('a core.worktree that points elsewhere is refused', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const victim = join(lab.root, 'victim')
  await mkdir(victim)
  await lab.plain(repo, 'config', 'core.worktree', victim)
  const identity = await identifyRepository(lab.git, repo)
  expect(identity.kind).toBe('damaged')
})

test('a broken config and a .git file that points nowhere count as damaged', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  await writeFile(join(repo, '.git', 'config'), '[core\nbroken')
  expect(await identifyRepository(lab.git, repo)).toMatchObject({
    kind: 'damaged',
    reason: expect.stringContaining('config'),
  })
  const lost = join(lab.root, 'lost')
  await lab.write(join(lost, '.git'), 'gitdir: /nowhere/at/all\n')
  expect((await identifyRepository(lab.git, lost)).kind).toBe('damaged')
})

test('a folder reached through a symbolic link is named by its real path', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const link = join(lab.root, 'link')
  await symlink(repo, link)
  expect(await identifyRepository(lab.git, link)).toMatchObject({ topLevel: repo })
  await rename(repo, join(lab.root, 'elsewhere'))
  expect(await identifyRepository(lab.git, link)).toEqual({ kind: 'absent' })
})

test('a head is a branch, detached, or unborn', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const sha = await lab.plain(repo, 'rev-parse', 'HEAD')
  expect(await readHead(lab.git, repo)).toEqual({ kind: 'branch', branch: 'main', sha })
  await lab.plain(repo, 'checkout', '--quiet', '--detach')
  expect(await readHead(lab.git, repo)).toEqual({ kind: 'detached', sha })
  await lab.plain(repo, 'checkout', '--quiet', '--orphan', 'empty/start')
  expect(await readHead(lab.git, repo)).toEqual({ kind: 'unborn', branch: 'empty/start' })
})

test('a shallow clone says so', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  await lab.commitAll(repo, 'second')
  await lab.plain(lab.root, 'clone', '--quiet', '--depth=1', `file://${repo}`, 'shallow')
  expect(await identifyRepository(lab.git, join(lab.root, 'shallow'))).toMatchObject({ isShallow: true })
})
