import { isAbsolute, join, parse } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { branchSchema, Project } from '../../../../shared/contract/projects.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { identifyRepository, type RepositoryIdentity } from '../../adapters/git/identify-repository.ts'
import { createFirstCommit, initRepository, readIdentity } from '../../adapters/git/init-repository.ts'
import { listBranches } from '../../adapters/git/refs.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { listWorktrees } from '../../adapters/git/worktree-list.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { Clock } from '../../kernel/clock.ts'
import { systemIdentity, type Identity } from '../../kernel/identity.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import { createFindFreshBase, type Base } from './fresh-base.ts'
import { checkProject, readProjectFacts, type ProjectFacts } from './project-facts.ts'
import { findMovedProject } from './moved-project.ts'
import { judgeForget, nameFromPath, refuseToOpen, type OpenRefusalCode } from './project-rules.ts'
import { findProject, findProjectByCommonDir, listProjects, putProject, removeProject } from './projects-store.ts'
import { createSampleProject } from './sample-project.ts'

export type Branch = z.infer<typeof branchSchema>
export type { Base } from './fresh-base.ts'

export interface ProjectsServiceDeps {
  readonly git: Git
  readonly database: Database
  readonly clock: Clock
  readonly runCommand: RunCommand
  readonly home: string
  /** The sample project that is shipped with the app. */
  readonly sampleDir: string
  readonly fetchBudgetMs: number
  /** Of the features to the right: how many sessions of a project live, and the end of its rows there. */
  readonly countLiveSessions: (tx: Tx, projectId: ProjectId) => Promise<number>
  readonly forgetDependents: (context: CommandContext, projectId: ProjectId) => Promise<void>
  /** Folders of a project's worktrees: by them a repository is known again at a new place. */
  readonly listWorktreePaths: (tx: Tx, projectId: ProjectId) => Promise<readonly string[]>
}

type Gone = 'NOT_FOUND'
type Unusable = Gone | 'PROJECT_UNUSABLE'

export interface ProjectsService {
  list(tx: Tx): Promise<Project[]>
  find(tx: Tx, id: ProjectId): Promise<Project | undefined>
  open(input: { path: string; initialise: boolean }, by: Identity): Promise<Result<Project, OpenRefusalCode>>
  openSample(parent: string | null, by: Identity): Promise<Result<Project, 'CANNOT_CREATE'>>
  rename(id: ProjectId, name: string, by: Identity): Promise<Result<Project, Gone>>
  /** Rows only: the repository, its branches and its worktrees stay. */
  forget(id: ProjectId, by: Identity): Promise<Result<undefined, Gone | 'HAS_LIVE_SESSIONS'>>
  createFirstCommit(id: ProjectId, by: Identity): Promise<Result<Project, Unusable | 'HAS_COMMITS' | 'NO_IDENTITY'>>
  branches(id: ProjectId): Promise<Result<Branch[], Unusable>>
  freshBase(id: ProjectId, baseRef: string | null): Promise<Result<Base, Unusable | 'BAD_BASE'>>
  /** The same without asking a remote. */
  knownBase(id: ProjectId, baseRef: string | null): Promise<Result<Base, Unusable | 'BAD_BASE'>>
  /** A project whose repository is there and has a commit, as it is now. */
  requireUsable(id: ProjectId): Promise<Result<Project, Unusable>>
  /** Looks at every project again; for the background loop. */
  checkAll(): Promise<void>
}

/** Opens, lists and forgets repositories, and answers what sessions need to know of them. */
export const createProjectsService = (deps: ProjectsServiceDeps): ProjectsService => {
  const { git, database, runCommand } = deps
  const findFreshBase = createFindFreshBase(deps)

  const openFolder: ProjectsService['open'] = async ({ path, initialise }, by) => {
    const found = await locate(deps, path, initialise)
    if (!found.ok) return found
    const facts = await readProjectFacts(git, found.value)
    return register(runCommand, facts, await findMovedProject(deps, facts), by)
  }
  const requireUsable: ProjectsService['requireUsable'] = async (id) => {
    const known = await database.read((tx) => findProject(tx, id))
    if (!known) return gone()
    const saved = await saveFacts(runCommand, await checkProject(git, known), systemIdentity)
    if (!saved.ok || saved.value.state.kind === 'ok') return saved
    return refuse('PROJECT_UNUSABLE', saved.value.state.message)
  }

  return {
    list: listProjects,
    find: findProject,
    open: openFolder,
    openSample: async (parent, by) => {
      const created = await createSampleProject(deps, parent === null ? deps.home : expandHome(parent, deps.home))
      if (!created.ok) return created
      const opened = await openFolder({ path: created.value, initialise: false }, by)
      return opened.ok ? opened : refuse('CANNOT_CREATE', opened.refusal.message)
    },
    rename: (id, name, by) => renameProject(runCommand, id, name, by),
    forget: (id, by) => forgetProject(deps, id, by),
    createFirstCommit: (id, by) => commitFirst(deps, id, by),
    branches: async (id) => {
      const usable = await requireUsable(id)
      return usable.ok ? ok(await readBranches(git, usable.value.rootPath)) : usable
    },
    freshBase: async (id, baseRef) => {
      const usable = await requireUsable(id)
      return usable.ok ? findFreshBase(usable.value, baseRef, 'fetch') : usable
    },
    knownBase: async (id, baseRef) => {
      const usable = await requireUsable(id)
      return usable.ok ? findFreshBase(usable.value, baseRef, 'known') : usable
    },
    requireUsable,
    checkAll: async () => {
      const known = await database.read(listProjects)
      for (const project of known) await saveFacts(runCommand, await checkProject(git, project), systemIdentity)
    },
  }
}

const renameProject = (
  runCommand: RunCommand,
  id: ProjectId,
  name: string,
  by: Identity,
): Promise<Result<Project, Gone>> =>
  runCommand<Project, Gone>({ name: 'rename-project', by }, async ({ tx, emit }) => {
    const project = await findProject(tx, id)
    if (!project) return gone()
    const renamed = { ...project, name }
    await putProject(tx, renamed)
    await emit('projects.changed', id, renamed)
    return ok(renamed)
  })

const forgetProject = (deps: ProjectsServiceDeps, id: ProjectId, by: Identity) =>
  deps.runCommand<undefined, Gone | 'HAS_LIVE_SESSIONS'>({ name: 'forget-project', by }, async (context) => {
    if (!(await findProject(context.tx, id))) return gone()
    const refusal = judgeForget(await deps.countLiveSessions(context.tx, id))
    if (refusal) return { ok: false, refusal }
    await deps.forgetDependents(context, id)
    await removeProject(context.tx, id)
    await context.emit('projects.removed', id, { id })
    return ok(undefined)
  })

const commitFirst = async (
  deps: ProjectsServiceDeps,
  id: ProjectId,
  by: Identity,
): Promise<Result<Project, Unusable | 'HAS_COMMITS' | 'NO_IDENTITY'>> => {
  const { git } = deps
  const project = await deps.database.read((tx) => findProject(tx, id))
  if (!project) return gone()
  const checked = await checkProject(git, project)
  if (checked.state.kind === 'ok') return refuse('HAS_COMMITS', 'The repository has a commit already.')
  if (checked.state.kind !== 'no-commits') return refuse('PROJECT_UNUSABLE', checked.state.message)
  const identity = await readIdentity(git, checked.rootPath)
  if (!identity) return refuse('NO_IDENTITY', noIdentityMessage)
  await createFirstCommit(git, checked.rootPath, { message: 'First commit\n', identity, includeFiles: true })
  return saveFacts(deps.runCommand, await checkProject(git, checked), by)
}

/** Keeps what git says of a project; its name and times are the person's and may have changed meanwhile. */
const saveFacts = (runCommand: RunCommand, project: Project, by: Identity): Promise<Result<Project, Gone>> =>
  runCommand<Project, Gone>({ name: 'check-project', by }, async ({ tx, emit }) => {
    const current = await findProject(tx, project.id)
    if (!current) return gone()
    const next: Project = { ...project, name: current.name, openedAt: current.openedAt }
    if (isDeepStrictEqual(next, current)) return ok(current)
    await putProject(tx, next)
    await emit('projects.changed', next.id, next)
    return ok(next)
  })

const noIdentityMessage =
  'git does not know who you are. Run: git config --global user.name "Your Name" and git config --global user.email you@example.com, then try again.'

const gone = (): Result<never, Gone> => refuse('NOT_FOUND', 'That project is not in the list any more.')

async function locate(
  deps: Pick<ProjectsServiceDeps, 'git' | 'home'>,
  typed: string,
  initialise: boolean,
): Promise<Result<Extract<RepositoryIdentity, { kind: 'repository' }>, OpenRefusalCode>> {
  const path = expandHome(typed, deps.home)
  const no = (obstacle: Parameters<typeof refuseToOpen>[1]): Result<never, OpenRefusalCode> => ({
    ok: false,
    refusal: refuseToOpen(path, obstacle),
  })
  if (!isAbsolute(path)) return no({ kind: 'relative' })
  const identity = await identifyRepository(deps.git, path)
  if (identity.kind === 'repository') return ok(identity)
  if (identity.kind !== 'no-repository' || !initialise) return no(identity)
  if (path === deps.home || parse(path).root === path) return no({ kind: 'home' })
  await initRepository(deps.git, path)
  const created = await identifyRepository(deps.git, path)
  return created.kind === 'repository' ? ok(created) : no(created)
}

function register(
  runCommand: RunCommand,
  facts: ProjectFacts,
  moved: Project | null,
  by: Identity,
): Promise<Result<Project>> {
  return runCommand({ name: 'open-project', by }, async ({ tx, now, newId, emit }) => {
    const known = (await findProjectByCommonDir(tx, facts.commonDir)) ?? moved
    const own = known ?? { id: newId('prj'), name: nameFromPath(facts.rootPath), createdAt: now }
    const project: Project = { ...own, ...facts, openedAt: now }
    await putProject(tx, project)
    await emit('projects.changed', project.id, project)
    return ok(project)
  })
}

async function readBranches(git: Git, cwd: string): Promise<Branch[]> {
  const [branches, worktrees] = await Promise.all([listBranches(git, cwd), listWorktrees(git, cwd)])
  const pathByBranch = new Map(worktrees.map((worktree) => [worktree.branch, worktree.path]))
  return branches.map((branch) => ({
    name: branch.name,
    ref: branch.ref,
    kind: branch.isRemote ? 'remote' : 'local',
    sha: branch.sha,
    committedAt: branch.committedAtMs,
    checkedOutAt: branch.isRemote ? null : (pathByBranch.get(branch.name) ?? null),
  }))
}

/** `~` and `~/x` as a person types them. */
function expandHome(path: string, home: string): string {
  if (path === '~') return home
  return path.startsWith('~/') ? join(home, path.slice(2)) : path
}
