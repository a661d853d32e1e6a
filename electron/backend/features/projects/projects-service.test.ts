import { execFileSync } from 'node:child_process'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import { createGitLab, type GitLab } from '../../adapters/git/testing.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import { createProjectsService, type ProjectsService } from './projects-service.ts'

let lab: GitLab
let kernel: TestKernel
let projects: ProjectsService
let now = 1_000_000
let liveSessions = 0
const forgotten: string[] = []

beforeEach(async () => {
  lab = await createGitLab()
  now = 1_000_000
  liveSessions = 0
  forgotten.length = 0
  kernel = createTestKernel(() => now)
  projects = createProjectsService({
    ...kernel,
    git: lab.git,
    home: lab.home,
    sampleDir: resolve('resources/sample-project'),
    fetchBudgetMs: 20_000,
    countLiveSessions: async () => liveSessions,
    forgetDependents: async (_context, id) => void forgotten.push(id),
    listWorktreePaths: async () => [],
  })
})
afterEach(async () => {
  await kernel.close()
  await lab[Symbol.asyncDispose]()
})

const open = (path: string, initialise = false) => projects.open({ path, initialise }, by)
const list = () => kernel.database.read(projects.list)

async function opened(path: string): Promise<Project> {
  return valueOf(await open(path))
}

function valueOf<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new Error(`refused: ${result.refusal.code} ${result.refusal.message}`)
  return result.value
}

const codeOf = (result: Result<unknown, string>): string => (result.ok ? 'ok' : result.refusal.code)

describe('opening', () => {
  it('takes any folder inside a repository, and a linked worktree, as the same project', async () => {
    const repo = await lab.createRepository('my app')
    await mkdir(join(repo, 'src/deep'), { recursive: true })
    await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'side', join(lab.root, 'tree'))
    const first = await opened(join(repo, 'src/deep'))
    expect(first).toMatchObject({
      name: 'my app',
      rootPath: repo,
      commonDir: join(repo, '.git'),
      defaultBranch: 'main',
      remote: null,
      state: { kind: 'ok' },
      notes: [],
    })
    now += 5
    const second = await opened(join(lab.root, 'tree'))
    expect(second).toEqual({ ...first, openedAt: now })
    expect(await list()).toEqual([second])
    expect(kernel.changes.map((change) => change.topic)).toEqual(['projects.changed', 'projects.changed'])
  })

  it('refuses what is no repository, with what to do, and starts one when asked', async () => {
    const folder = join(lab.root, 'fresh')
    await mkdir(folder)
    expect(codeOf(await open(folder))).toBe('NOT_A_REPOSITORY')
    expect(codeOf(await open(join(lab.root, 'nowhere')))).toBe('NOT_A_FOLDER')
    expect(codeOf(await open('relative/path'))).toBe('NOT_A_FOLDER')
    expect(codeOf(await open('~', true))).toBe('NOT_A_REPOSITORY')
    const project = valueOf(await open(folder, true))
    expect(project).toMatchObject({ state: { kind: 'no-commits' }, defaultBranch: 'main' })
    expect(await list()).toHaveLength(1)
  })

  it('understands ~ as a person types it', async () => {
    await lab.plain(lab.home, 'init', '--quiet', 'code')
    expect(await opened('~/code')).toMatchObject({ rootPath: join(lab.home, 'code') })
  })

  it('refuses bare and damaged repositories', async () => {
    await lab.plain(lab.root, 'init', '--quiet', '--bare', 'bare.git')
    expect(codeOf(await open(join(lab.root, 'bare.git')))).toBe('BARE_REPOSITORY')
    const repo = await lab.createRepository('app')
    await writeFile(join(repo, '.git/config'), '[broken')
    expect(codeOf(await open(repo))).toBe('DAMAGED_REPOSITORY')
    expect(await list()).toEqual([])
  })

  it('opens a worktree of a bare repository in its place', async () => {
    const repo = await lab.createRepository('app')
    await lab.plain(lab.root, 'clone', '--quiet', '--bare', repo, 'bare.git')
    const tree = join(lab.root, 'tree')
    await lab.plain(join(lab.root, 'bare.git'), 'worktree', 'add', '--quiet', tree, 'main')
    expect(await opened(tree)).toMatchObject({ rootPath: tree, state: { kind: 'ok' }, remote: 'origin' })
  })

  it.each([`it's "quoted" $(id)`, 'line\nfeed', 'ünï 漢字 🚂', ' spaced '])(
    'opens a repository in a folder named %j',
    async (name) => {
      const repo = await lab.createRepository(name)
      const project = await opened(repo)
      expect(project.rootPath).toBe(repo)
      expect(valueOf(await projects.branches(project.id)).map((branch) => branch.name)).toEqual(['main'])
      expect(valueOf(await projects.freshBase(project.id, null)).ref).toBe('refs/heads/main')
    },
  )

  it('notes what is special: detached, shallow, submodules, LFS', async () => {
    const library = await lab.createRepository('library')
    const origin = await lab.createRepository('origin')
    await writeFile(join(origin, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
    await lab.plain(origin, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor')
    await lab.commitAll(origin, 'special')
    await lab.plain(lab.root, 'clone', '--quiet', '--depth=1', `file://${origin}`, 'clone')
    await lab.plain(join(lab.root, 'clone'), 'checkout', '--quiet', '--detach')
    const { notes, state, defaultBranch } = await opened(join(lab.root, 'clone'))
    expect(state).toEqual({ kind: 'ok' })
    expect(defaultBranch).toBe('main')
    expect(notes.map((note) => /detached|Submodules|LFS|shallow/.exec(note)?.[0])).toEqual([
      'detached',
      'Submodules',
      'LFS',
      'shallow',
    ])
  })
})

describe('the sample', () => {
  it('is a committed repository in a folder of its own, whose tests pass', async () => {
    const first = valueOf(await projects.openSample(lab.root, by))
    const second = valueOf(await projects.openSample(lab.root, by))
    expect(first.rootPath).toBe(join(lab.root, 'switchyard-sample'))
    expect(second.rootPath).toBe(join(lab.root, 'switchyard-sample-2'))
    expect(first.state).toEqual({ kind: 'ok' })
    expect(await lab.plain(first.rootPath, 'status', '--porcelain')).toBe('')
    expect(await lab.plain(first.rootPath, 'log', '--format=%an %s')).toBe('Test Person Start the sample project')
    const tests = execFileSync(process.execPath, ['--test'], { cwd: first.rootPath, env: lab.env, encoding: 'utf8' })
    expect(tests).toMatch(/pass 2\b/)
    expect(tests).toMatch(/fail 0\b/)
  })

  it('is made for a person whom git does not know, and refused where nothing can be written', async () => {
    await rm(join(lab.home, '.gitconfig'))
    const project = valueOf(await projects.openSample(null, by))
    expect(await lab.plain(project.rootPath, 'log', '--format=%an')).toBe('Switchyard sample')
    expect(codeOf(await projects.openSample(join(lab.root, 'nowhere'), by))).toBe('CANNOT_CREATE')
  })
})

describe('the first commit', () => {
  it('makes a repository usable, once', async () => {
    const folder = join(lab.root, 'new')
    await lab.write(join(folder, 'file'), 'x\n')
    const project = valueOf(await open(folder, true))
    expect(codeOf(await projects.requireUsable(project.id))).toBe('PROJECT_UNUSABLE')
    const usable = valueOf(await projects.createFirstCommit(project.id, by))
    expect(usable.state).toEqual({ kind: 'ok' })
    expect(await lab.plain(folder, 'ls-files')).toBe('file')
    expect(codeOf(await projects.createFirstCommit(project.id, by))).toBe('HAS_COMMITS')
  })

  it('asks who the person is when git does not know', async () => {
    await rm(join(lab.home, '.gitconfig'))
    const folder = join(lab.root, 'new')
    await mkdir(folder)
    const project = valueOf(await open(folder, true))
    const result = await projects.createFirstCommit(project.id, by)
    expect(result).toMatchObject({
      ok: false,
      refusal: { code: 'NO_IDENTITY', message: expect.stringContaining('user.email') },
    })
  })
})

describe('the list', () => {
  it('renames and forgets rows and leaves the repository alone', async () => {
    const repo = await lab.createRepository('app')
    const { id } = await opened(repo)
    expect(valueOf(await projects.rename(id, 'New name', by)).name).toBe('New name')
    // Opening again keeps the person's name for it.
    expect((await opened(repo)).name).toBe('New name')
    liveSessions = 2
    expect(codeOf(await projects.forget(id, by))).toBe('HAS_LIVE_SESSIONS')
    expect(forgotten).toEqual([])
    liveSessions = 0
    expect(codeOf(await projects.forget(id, by))).toBe('ok')
    expect(forgotten).toEqual([id])
    expect(await list()).toEqual([])
    expect(await lab.plain(repo, 'rev-list', '--count', 'HEAD')).toBe('1')
    for (const result of [
      await projects.forget(id, by),
      await projects.rename(id, 'x', by),
      await projects.branches(id),
    ]) {
      expect(codeOf(result)).toBe('NOT_FOUND')
    }
  })

  it('sees that a folder went, came back, or became something else, and tells it once', async () => {
    const repo = await lab.createRepository('app')
    const { id } = await opened(repo)
    await rename(repo, join(lab.root, 'away'))
    await projects.checkAll()
    await projects.checkAll()
    expect((await list())[0]?.state).toMatchObject({ kind: 'missing', message: expect.stringContaining('new place') })
    expect(kernel.changes).toHaveLength(2)
    expect(codeOf(await projects.freshBase(id, null))).toBe('PROJECT_UNUSABLE')
    await rename(join(lab.root, 'away'), repo)
    expect(valueOf(await projects.requireUsable(id)).state).toEqual({ kind: 'ok' })
    await writeFile(join(repo, '.git/HEAD'), 'garbage')
    await projects.checkAll()
    expect((await list())[0]?.state.kind).not.toBe('ok')
  })
})

describe('branches and bases', () => {
  const createClone = async () => {
    const origin = await lab.createRepository('origin')
    await lab.plain(lab.root, 'clone', '--quiet', origin, 'clone')
    const project = await opened(join(lab.root, 'clone'))
    return { origin, clone: project.rootPath, project }
  }

  it('lists branches with the worktree that holds them', async () => {
    const { clone, project } = await createClone()
    const tree = join(lab.root, 'tree')
    await lab.plain(clone, 'worktree', 'add', '--quiet', '-b', 'side', tree)
    const branches = valueOf(await projects.branches(project.id))
    const described = branches.map(({ name, kind, checkedOutAt }) => `${kind} ${name} at ${checkedOutAt}`)
    expect(new Set(described)).toEqual(
      new Set([`local main at ${clone}`, 'remote origin/main at null', `local side at ${tree}`]),
    )
  })

  it('starts from the remote as it is now, and says when that was', async () => {
    const { origin, project } = await createClone()
    const sha = await lab.commitAll(origin, 'new')
    const base = valueOf(await projects.freshBase(project.id, null))
    expect(base).toEqual({ ref: 'refs/remotes/origin/main', sha, fetchedAt: now, note: null })
  })

  it('shares one fetch among sessions that start together, and fetches again later', async () => {
    const { origin, project } = await createClone()
    await Promise.all([1, 2, 3].map(() => projects.freshBase(project.id, null)))
    const sha = await lab.commitAll(origin, 'after')
    now += 9_000
    expect(valueOf(await projects.freshBase(project.id, null)).sha).not.toBe(sha)
    now += 2_000
    expect(valueOf(await projects.freshBase(project.id, null))).toMatchObject({ sha, fetchedAt: now })
  })

  it('goes on with what is there when the remote cannot be reached, and says so', async () => {
    const { origin, project } = await createClone()
    const before = valueOf(await projects.freshBase(project.id, null))
    await rename(origin, join(lab.root, 'unplugged'))
    now += 3_600_000
    const base = valueOf(await projects.freshBase(project.id, null))
    expect(base).toMatchObject({ ref: before.ref, sha: before.sha, fetchedAt: before.fetchedAt })
    expect(base.note).toContain('could not be fetched')
  })

  it('takes a local branch, a tag and a commit as a base, and refuses what is none', async () => {
    const { clone, project } = await createClone()
    const sha = await lab.commitAll(clone, 'mine')
    await lab.plain(clone, 'tag', 'v1')
    for (const name of ['main', 'v1', sha, 'refs/heads/main']) {
      expect(valueOf(await projects.freshBase(project.id, name))).toMatchObject({ sha, fetchedAt: null, note: null })
    }
    for (const name of ['nope', '--all', 'HEAD~1', '$(touch x)']) {
      expect(codeOf(await projects.freshBase(project.id, name))).toBe('BAD_BASE')
    }
  })
})
