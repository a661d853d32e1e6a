import { join, resolve } from 'node:path'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { WorktreeChoice } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { WatchFolder } from '../../adapters/watch-folder.ts'
import { createGitLab, type GitLab } from '../../adapters/git/testing.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import { createProjectsService, type ProjectsService } from '../projects/projects-service.ts'
import { createWorktreesService, type WorktreesService } from './worktrees-service.ts'

/** A real repository, database and services in folders of their own. */
export interface Yard extends AsyncDisposable {
  readonly lab: GitLab
  readonly kernel: TestKernel
  readonly repo: string
  readonly projects: ProjectsService
  readonly worktrees: WorktreesService
  readonly project: Project
  readonly root: string
  /** The same services over another git, as after a restart. */
  readonly restart: (git: Git, watch?: WatchFolder) => WorktreesService
  readonly plan: (choice: WorktreeChoice, title?: string) => Promise<Worktree>
  readonly make: (choice: WorktreeChoice, title?: string) => Promise<Worktree>
  readonly row: (id: WorktreeId) => Promise<Worktree | undefined>
}

export const newBranch: WorktreeChoice = { kind: 'new-branch', baseRef: null, branch: null }

export async function createYard(now: () => number = Date.now): Promise<Yard> {
  const lab = await createGitLab()
  const kernel = createTestKernel(now)
  const repo = await lab.createRepository('app')
  const root = join(lab.home, '.switchyard/worktrees')
  const projectsOver = (git: Git): ProjectsService =>
    createProjectsService({
      ...kernel,
      git,
      home: lab.home,
      sampleDir: resolve('resources/sample-project'),
      fetchBudgetMs: 20_000,
      countLiveSessions: async () => 0,
      forgetDependents: async (context, id) => worktrees.forgetProject(context, id),
      listWorktreePaths: (tx, id) => worktrees.listPaths(tx, id),
    })
  const restart: Yard['restart'] = (git, watch): WorktreesService =>
    createWorktreesService({
      ...kernel,
      git,
      log: silentLog,
      projects: projectsOver(git),
      worktreesRoot: root,
      branchPrefix: 'switchyard/',
      watchFolder: watch ?? null,
    })
  const projects = projectsOver(lab.git)
  const worktrees = restart(lab.git)
  const project = valueOf(await projects.open({ path: repo, initialise: false }, by))

  const plan: Yard['plan'] = async (choice, title = 'Do it') => {
    const checked = valueOf(await worktrees.examine(project.id, choice, title))
    return valueOf(
      await kernel.runCommand<Worktree, 'BRANCH_EXISTS'>({ name: 'plan', by }, (context) =>
        worktrees.addPlanned(context, checked),
      ),
    )
  }
  return {
    lab,
    kernel,
    repo,
    projects,
    worktrees,
    project,
    root,
    restart,
    plan,
    make: async (choice, title) => valueOf(await worktrees.prepare((await plan(choice, title)).id)),
    row: (id) => kernel.database.read((tx) => worktrees.find(tx, id)),
    [Symbol.asyncDispose]: async () => {
      await kernel.close()
      await lab[Symbol.asyncDispose]()
    },
  }
}

export function valueOf<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new Error(`refused: ${result.refusal.code} ${result.refusal.message}`)
  return result.value
}

export const codeOf = (result: Result<unknown, string>): string => (result.ok ? 'ok' : result.refusal.code)
export const messageOf = (result: Result<unknown, string>): string => (result.ok ? '' : result.refusal.message)
