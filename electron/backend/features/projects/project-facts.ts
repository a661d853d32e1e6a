import { GitError } from '../../adapters/git/git-error.ts'
import { identifyRepository, type RepositoryIdentity } from '../../adapters/git/identify-repository.ts'
import { readHead } from '../../adapters/git/read-head.ts'
import { findDefaultBranch, listBranches, listRemotes } from '../../adapters/git/refs.ts'
import { readRepositoryFeatures } from '../../adapters/git/repository-features.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import { damagedState, missingState, projectNotes, projectStateFrom } from './project-rules.ts'

export type FoundRepository = Extract<RepositoryIdentity, { kind: 'repository' }>

/** What git says of a project now; the rest of its row is ours. */
export type ProjectFacts = Pick<Project, 'rootPath' | 'commonDir' | 'defaultBranch' | 'remote' | 'state' | 'notes'>

export async function readProjectFacts(git: Git, repository: FoundRepository): Promise<ProjectFacts> {
  // A bare repository has no main checkout; one of its worktrees stands in.
  const rootPath = repository.mainCheckout ?? repository.topLevel
  const [head, entries, features] = await Promise.all([
    readHead(git, rootPath),
    git.listConfig(rootPath),
    readRepositoryFeatures(git, rootPath),
  ])
  const remote = listRemotes(entries)[0] ?? null
  const hasCommits = head.kind !== 'unborn' || (await listBranches(git, rootPath)).length > 0
  const facts = {
    ...features,
    hasCommits,
    isDetached: head.kind === 'detached',
    isShallow: repository.isShallow,
    isLfsInstalled: git.isLfsInstalled,
  }
  return {
    rootPath,
    commonDir: repository.commonDir,
    defaultBranch: hasCommits ? await findDefaultBranch(git, rootPath, { remote, head, entries }) : unbornBranch(head),
    remote,
    state: projectStateFrom(facts),
    notes: projectNotes(facts),
  }
}

function unbornBranch(head: Awaited<ReturnType<typeof readHead>>): string | null {
  return head.kind === 'unborn' ? head.branch : null
}

/** Looks again at a project that is known: its folder may be gone, or be another repository by now. */
export async function checkProject(git: Git, project: Project): Promise<Project> {
  return look(git, project).catch((error: unknown) => {
    // Half a repository: git finds it and then stumbles over a lost object or a broken ref.
    if (error instanceof GitError && error.kind === 'exit') return { ...project, state: damagedState(error.message) }
    throw error
  })
}

async function look(git: Git, project: Project): Promise<Project> {
  const identity = await identifyRepository(git, project.rootPath)
  switch (identity.kind) {
    case 'repository':
      if (identity.commonDir === project.commonDir) return { ...project, ...(await readProjectFacts(git, identity)) }
      return { ...project, state: damagedState('the folder belongs to another repository now') }
    case 'absent':
    case 'no-repository':
      return { ...project, state: missingState(project.rootPath) }
    case 'bare':
      return { ...project, state: damagedState('it has become a bare repository') }
    case 'not-owned':
      return { ...project, state: damagedState('another user owns its folder') }
    case 'damaged':
      return { ...project, state: damagedState(identity.reason) }
    default:
      return unreachable(identity)
  }
}
