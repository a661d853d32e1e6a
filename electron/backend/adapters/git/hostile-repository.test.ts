import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findGitDir } from './config-cache.ts'
import { findMergeBase, isAncestor, readDiffNumbers } from './diff-numbers.ts'
import { fetchBranch } from './fetch.ts'
import { createGitLab, type GitLab } from './testing.ts'
import { plants } from './hostile-plants/testing.ts'
import { runPlainGit, setStage, type Stage } from './hostile-stage/testing.ts'
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
function everyVerb({ lab: { git }, repo, tree }: Stage): readonly Verb[] {
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

test.each(plants.map((plant, index) => ({ ...plant, index })))(
  'no verb of ours runs what is planted: $name',
  async ({ place, worksOnPlainGit, name, index }) => {
    const control = await setStage(lab, `control-${index}`, lockedUrl)
    await place(control)
    await runPlainGit(control)
    expect(await isThere(control.canary), 'plain git as the control').toBe(worksOnPlainGit)

    const stage = await setStage(lab, `stage-${index}`, lockedUrl)
    await place(stage)
    // Planting with plain git may itself have set it off.
    await rm(stage.canary, { force: true })
    const refusals: string[] = []
    for (const [verb, run] of everyVerb(stage)) {
      await run().catch((error: unknown) => refusals.push(`${verb}: ${String(error)}`))
      expect(await isThere(stage.canary), `canary after "${verb}"`).toBe(false)
    }
    if (!plantsThatStopVerbs.includes(name)) expect(refusals).toEqual([])
  },
)

test('the matrix is as large as it says', () => {
  expect(plants.length).toBeGreaterThanOrEqual(45)
  expect(plants.filter((plant) => plant.worksOnPlainGit).length).toBeGreaterThanOrEqual(28)
  expect(new Set(plants.map((plant) => plant.name)).size).toBe(plants.length)
})
