import type { Project } from '../../../../shared/contract/projects.ts'
import type { WorktreeChoice } from '../../../../shared/contract/sessions.ts'
import { identifyRepository } from '../../adapters/git/identify-repository.ts'
import { readHead } from '../../adapters/git/read-head.ts'
import { listBranches, listRemotes } from '../../adapters/git/refs.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { listWorktrees } from '../../adapters/git/worktree-list.ts'
import type { RepositoryView } from './worktree-rules.ts'

/** Gathers what `planWorktree` needs to judge a choice. */
export async function viewRepository(git: Git, project: Project, choice: WorktreeChoice): Promise<RepositoryView> {
  const cwd = project.rootPath
  const [branches, worktrees, entries, head] = await Promise.all([
    listBranches(git, cwd),
    listWorktrees(git, cwd),
    git.listConfig(cwd),
    readHead(git, cwd),
  ])
  const pathByBranch = new Map<string, string>()
  for (const worktree of worktrees) if (worktree.branch !== null) pathByBranch.set(worktree.branch, worktree.path)
  return {
    rootPath: cwd,
    headBranch: head.kind === 'detached' ? null : head.branch,
    localBranches: branches.filter((branch) => !branch.isRemote).map((branch) => branch.name),
    remoteBranches: branches.filter((branch) => branch.isRemote).map((branch) => branch.name),
    remotes: listRemotes(entries),
    pathByBranch,
    adopted: choice.kind === 'existing-worktree' ? await findAdopted(git, project, choice.path) : null,
  }
}

async function findAdopted(git: Git, project: Project, path: string): Promise<RepositoryView['adopted']> {
  const identity = await identifyRepository(git, path)
  if (identity.kind !== 'repository' || identity.commonDir !== project.commonDir) return null
  const head = await readHead(git, identity.topLevel)
  return { path: identity.topLevel, branch: head.kind === 'detached' ? null : head.branch }
}
