import { access, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findGitDir } from './config-cache.ts'
import { findMergeBase, isAncestor, readDiffNumbers } from './diff-numbers.ts'
import { fetchBranch } from './fetch.ts'
import { createGitLab, type GitLab } from './testing.ts'
import { companies, plantIn } from './hostile-parties/testing.ts'
import { plants } from './hostile-plants/testing.ts'
import { prepareGround, runPlainGit, type Ground, type Stage } from './hostile-stage/testing.ts'
import { buildMerge } from './merge-build.ts'
import { openMergeDesk } from './merge-objects.ts'
import { checkoutDisk } from './checkout-disk.ts'
import type { Git } from './run-git.ts'
import { settleCheckout, updateCheckout } from './update-checkout.ts'
import { readHunks } from './hunks.ts'
import { findIgnored, listIgnoredFolders } from './ignored-files.ts'
import { identifyRepository } from './identify-repository.ts'
import { createFirstCommit, initRepository, readIdentity } from './init-repository.ts'
import { predictConflicts, readCommitFiles, storeWorkingFiles, withScratch } from './predict-conflicts.ts'
import { readHead, resolveCommit } from './read-head.ts'
import { deleteBranch, findDefaultBranch, isValidBranchName, listBranches, readRef } from './refs.ts'
import { readRepositoryFeatures } from './repository-features.ts'
import { readRepositorySurface } from './repository-surface.ts'
import { dropRescue, listRescues, restoreRescue } from './rescue-restore.ts'
import { saveRescue } from './rescue-save.ts'
import { listStagedPaths } from './staged-paths.ts'
import { readStatus } from './status.ts'
import {
  addWorktree,
  checkOutIndex,
  checkOutWorktree,
  lockWorktree,
  moveWorktree,
  removeWorktree,
  repairWorktrees,
  unlockWorktree,
} from './worktree-change.ts'
import { listWorktrees } from './worktree-list.ts'

let lab: GitLab
const locked = createServer((_request, response) => {
  response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="canary"' }).end()
})
let lockedUrl = ''

beforeAll(async () => {
  lab = await createGitLab()
  await new Promise<void>((listening) => locked.listen(0, '127.0.0.1', listening))
  lockedUrl = `http://127.0.0.1:${(locked.address() as AddressInfo).port}`
})

afterAll(async () => {
  locked.closeAllConnections()
  locked.close()
  await lab[Symbol.asyncDispose]()
})

type Verb = readonly [name: string, run: () => Promise<unknown>]

/** Every verb of the adapter, in an order in which each finds work to do. */
function everyVerb({ lab: { git }, repo, tree }: Ground): readonly Verb[] {
  const commonDir = join(repo, '.git')
  const [fresh, moved] = [join(tree, '..', 'fresh'), join(tree, '..', 'moved')]
  const headSha = async (): Promise<string> => (await resolveCommit(git, repo, 'refs/heads/main')) ?? ''
  const save = async (id: string, cwd: string, branch: string) =>
    saveRescue(git, { id, cwd, gitDir: (await findGitDir(cwd)) ?? '', commonDir, branch })
  return [
    ['identify main', () => identifyRepository(git, repo)],
    ['identify worktree', () => identifyRepository(git, tree)],
    ['identify folder among the files', () => identifyRepository(git, join(tree, 'docs'))],
    ['list config', () => git.listConfig(tree)],
    ['read head', () => readHead(git, tree)],
    ['list branches', () => listBranches(git, repo)],
    ['read ref', () => readRef(git, repo, 'refs/heads/main')],
    ['check branch name', () => isValidBranchName(git, repo, 'x/$(touch y)')],
    [
      'find default branch',
      async () =>
        findDefaultBranch(git, repo, {
          remote: 'origin',
          head: await readHead(git, repo),
          entries: await git.listConfig(repo),
        }),
    ],
    ['read features', () => readRepositoryFeatures(git, repo)],
    ['read surface', () => readRepositorySurface(git, repo, commonDir)],
    ['status of main', () => readStatus(git, repo)],
    ['status of worktree', () => readStatus(git, tree)],
    ['merge base', () => findMergeBase(git, tree, 'refs/heads/main', 'refs/heads/work')],
    ['is ancestor', () => isAncestor(git, tree, 'refs/heads/main', 'refs/heads/work')],
    ['diff numbers of main', () => readDiffNumbers(git, repo, null)],
    ['diff numbers of worktree', () => readDiffNumbers(git, tree, 'refs/heads/main')],
    ['ignored folders', () => listIgnoredFolders(git, tree)],
    ['ignored files', () => findIgnored(git, tree, ['two.dat', 'untracked.dat'])],
    ['staged paths', () => listStagedPaths(git, tree)],
    [
      'hunks',
      async () => {
        const scratch = { folder: join(tree, '..', 'scratch-hunks'), commonDir }
        await mkdir(scratch.folder)
        const scratched = withScratch(git, scratch)
        const before = await readCommitFiles(git, tree, 'refs/heads/main', ['one.dat', 'two.dat'])
        const after = await storeWorkingFiles(scratched, tree, ['one.dat', 'two.dat'])
        return readHunks(scratched, tree, scratch.folder, [before, after])
      },
    ],
    [
      'predict conflicts',
      async () => {
        const scratch = { folder: join(tree, '..', 'scratch'), commonDir }
        await mkdir(scratch.folder)
        const scratched = withScratch(git, scratch)
        const mine = await storeWorkingFiles(scratched, tree, ['one.dat', 'two.dat', 'untracked.dat'])
        const theirs = await storeWorkingFiles(scratched, repo, ['one.dat', 'two.dat'])
        const base = await readCommitFiles(git, tree, 'refs/heads/main~1', ['one.dat', 'two.dat'])
        return predictConflicts(scratched, tree, scratch.folder, { base, a: mine, b: theirs })
      },
    ],
    ['fetch', () => fetchBranch(git, { cwd: repo, remote: 'origin', branch: 'main', budgetMs: 20_000 })],
    ['merge on objects', () => mergeEveryWay(git, repo)],
    ['bring a checkout to another commit and back', () => moveCheckout(git, repo)],
    ['list worktrees', () => listWorktrees(git, repo)],
    ['lock', () => lockWorktree(git, repo, tree, 'busy')],
    ['unlock', () => unlockWorktree(git, repo, tree)],
    [
      'add worktree',
      async () =>
        addWorktree(git, repo, fresh, { kind: 'new-branch', branch: 'switchyard/fresh', sha: await headSha() }),
    ],
    ['check out', () => checkOutWorktree(git, fresh, { useNetwork: false, skipLfs: true })],
    ['check out with the network', () => checkOutWorktree(git, fresh, { useNetwork: true, skipLfs: false })],
    ['check out index', () => checkOutIndex(git, fresh)],
    ['status of new worktree', () => readStatus(git, fresh)],
    ['move worktree', () => moveWorktree(git, repo, fresh, moved)],
    ['repair worktrees', () => repairWorktrees(git, repo, [moved])],
    ['save rescue of work', () => save('work', tree, 'work')],
    ['save rescue of new worktree', () => save('fresh', moved, 'switchyard/fresh')],
    ['remove new worktree', () => removeWorktree(git, repo, moved)],
    ['restore rescue', () => restoreRescue(git, { id: 'fresh', cwd: repo, path: moved, useNetwork: true })],
    ['remove worktree with work', () => removeWorktree(git, repo, tree)],
    ['restore rescue with work', () => restoreRescue(git, { id: 'work', cwd: repo, path: tree, useNetwork: false })],
    ['list rescues', () => listRescues(git, repo)],
    ['drop rescue', () => dropRescue(git, repo, 'fresh')],
    ['delete branch', async () => deleteBranch(git, repo, 'nothing', await headSha())],
    ['init again', () => initRepository(git, repo)],
    [
      'first commit',
      async () => {
        await writeFile(join(commonDir, 'HEAD'), 'ref: refs/heads/unborn\n')
        const identity = (await readIdentity(git, repo)) ?? { name: 'A', email: 'a@b' }
        return createFirstCommit(git, repo, { message: 'first', identity, includeFiles: true })
      },
    ],
  ]
}

const mergeEveryWay = async (git: Git, repo: string): Promise<void> => {
  const [onto, source] = await Promise.all(['main', 'work'].map((name) => readRef(git, repo, `refs/heads/${name}`)))
  if (!onto || !source) throw new Error('The branches are gone')
  const input = { folder: join(repo, '..', 'desks'), cwd: repo, commonDir: join(repo, '.git') }
  await using desk = await openMergeDesk(git, input)
  const committer = 'A <a@b> 1 +0000'
  for (const strategy of ['merge', 'rebase'] as const) {
    const built = await buildMerge(desk.git, desk.place, { source, onto, strategy, message: 'x\n', committer })
    expect(built.kind).toBe('conflicts')
  }
}

/** The main checkout, by the two ways in which its files are written. */
const moveCheckout = async (git: Git, repo: string): Promise<void> => {
  const [to, from] = await Promise.all(['main', 'main~1'].map((name) => resolveCommit(git, repo, `refs/heads/${name}`)))
  const checkout = { path: repo, gitDir: join(repo, '.git'), branch: 'main' }
  if (!to || !from) throw new Error('The commits are gone')
  const deps = { git, disk: checkoutDisk }
  expect(await updateCheckout(deps, checkout, { from: to, to: from })).toBeNull()
  expect(await settleCheckout(deps, checkout, { other: from, wanted: to })).toEqual({ kind: 'settled', foreign: [] })
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Fails closed: git cannot work in what these plants leave behind, and says so. */
const plantsThatStopVerbs = [
  'partial clone that fetches what is missing',
  'partial clone with an upload-pack of its own',
  'worktree whose .git points to a planted repository',
  'fsmonitor inside a submodule',
  'filter inside a submodule',
  'submodule update command',
]

/** All others, and in the long mode each, have a repository for themselves. */
const together = process.env['SWITCHYARD_TEST_PLANTS_ALONE'] ? [] : companies
const loners = plants.map(({ name }) => name).filter((name) => !together.flat().includes(name))
const parties = [...together, ...loners.map((name) => [name])].map((names, index) => ({
  index,
  names,
  title: names.join(', '),
}))

test.each(parties)('no verb of ours runs what is planted: $title', async ({ index, names }) => {
  const party = plants.filter(({ name }) => names.includes(name))
  const run = async (stages: readonly Stage[]): Promise<readonly string[]> => {
    const there = await Promise.all(stages.map(({ canary }) => isThere(canary)))
    return party.filter((_, number) => there[number]).map(({ name }) => name)
  }
  const control = await prepareGround(lab, `control-${index}`, lockedUrl)
  const baits = await plantIn(control, party)
  await runPlainGit(control)
  const expected = party.filter(({ worksOnPlainGit }) => worksOnPlainGit).map(({ name }) => name)
  expect(await run(baits), 'plain git as the control').toEqual(expected)

  const ground = await prepareGround(lab, `stage-${index}`, lockedUrl)
  const stages = await plantIn(ground, party)
  const refusals: string[] = []
  for (const [verb, act] of everyVerb(ground)) {
    await act().catch((error: unknown) => refusals.push(`${verb}: ${String(error)}`))
    expect(await run(stages), `canaries after "${verb}"`).toEqual([])
  }
  if (!names.some((name) => plantsThatStopVerbs.includes(name))) expect(refusals).toEqual([])
})

test('the matrix is as large as it says', () => {
  expect(plants.length).toBeGreaterThanOrEqual(45)
  expect(plants.filter((plant) => plant.worksOnPlainGit).length).toBeGreaterThanOrEqual(28)
  expect(new Set(plants.map((plant) => plant.name)).size).toBe(plants.length)
  expect(parties.flatMap(({ names }) => names).sort()).toEqual(plants.map(({ name }) => name).sort())
})
