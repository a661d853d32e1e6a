import { join } from 'node:path'
import type { HostInfo } from '../../shared/contract/host.ts'
import { agentAdapters } from './adapters/agents/all-agents.ts'
import { createEditNotes } from './adapters/edit-notes.ts'
import { findGit } from './adapters/git/find-git.ts'
import { createGitWhenNeeded } from './adapters/git/git-when-needed.ts'
import { createProcessStarter } from './adapters/git/process-starter.ts'
import { createGit, type Git } from './adapters/git/run-git.ts'
import { writeLaunchers } from './adapters/launchers.ts'
import { findSessionProcess, readBootId, readProcessStart } from './adapters/processes.ts'
import { createCoordination } from './create-coordination.ts'
import { createReviewFeatures } from './create-review-features.ts'
import type { PtyClient } from './adapters/pty/pty-client.ts'
import { watchFolder } from './adapters/watch-folder.ts'
import { resolveShellEnvironment } from './adapters/shell-environment.ts'
import { answerByMail, createAgentDoors } from './create-agent-doors.ts'
import { createActivityService } from './features/activity/activity-service.ts'
import { createAgentsService, type AgentsService } from './features/agents/agents-service.ts'
import { askRecorder, createAsksService } from './features/asks/asks-service.ts'
import { createMergeFeatures } from './create-merge-features.ts'
import { createRemote } from './create-remote.ts'
import { createHostService, type HostCapabilities } from './features/host/host-service.ts'
import { createProjectsService, type ProjectsService } from './features/projects/projects-service.ts'
import { createRadarService, type RadarDeps } from './features/radar/radar-service.ts'
import { createSessionsService, type SessionsService } from './features/sessions/sessions-service.ts'
import { createSettingsService } from './features/settings/settings-service.ts'
import { createTerminalsService } from './features/terminals/terminals-service.ts'
import { createWorktreesService, type WorktreesService } from './features/worktrees/worktrees-service.ts'
import { systemIdentity } from './kernel/identity.ts'
import type { Kernel } from './kernel/open-kernel.ts'
import type { SuspendListener } from './kernel/suspend-watch.ts'

export interface FeatureOptions {
  readonly kernel: Kernel
  readonly pty: PtyClient
  readonly node: { readonly path: string; readonly needsRunAsNode: boolean }
  readonly dataDir: string
  readonly version: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly entries: { readonly cli: string; readonly resources: string }
  readonly capabilities: HostCapabilities
  readonly starts?: { readonly most: number; readonly gapMs: number } | undefined
  /** Opened by a command for a moment, while the app does not run. */
  readonly isDirect?: boolean
}

export type Features = Awaited<ReturnType<typeof createFeatures>>

/** A base is fetched this long before what is there already is used. */
const fetchBudgetMs = 5000
/** Agents share login and configuration files; starting many at once has corrupted those of several. */
const usualStarts = { most: 4, gapMs: 2000 }
const stopGraceMs = 5000

/** Every service, each given those to its left. News to the left travels as the functions handed over here. */
export const createFeatures = async (options: FeatureOptions) => {
  const { kernel, pty, home } = options
  const agents = createAgents(options)
  const { git, findInfo, closeGit } = await createGitFor(options, agents)

  const settings = createSettingsService(kernel)
  const projects = createProjectsService({
    ...kernel,
    git,
    home,
    sampleDir: join(options.entries.resources, 'sample-project'),
    fetchBudgetMs,
    // A shell in a worktree is somebody's dev server: it counts too.
    countLiveSessions: async (tx, id) =>
      (await sessions.countLive(tx, id)) +
      (await terminals.countLiveShells(tx, id)) +
      (await reading.checks.countLive(tx, id)),
    forgetDependents: async (context, id) => {
      const { hooks, verbs, teams } = doors
      const { checks, comments, staging, review } = reading
      const right = [hooks, verbs, teams, remote, merging.queue, merging.merge, checks, comments, staging, review]
      const left = [tasks, terminals, mail, leases, radar, sessions, worktrees]
      for (const feature of [...right, ...left]) await feature.forgetProject(context, id)
    },
    listWorktreePaths: (tx, id) => worktrees.listPaths(tx, id),
  })
  const worktrees = createWorktrees({ kernel, git, projects, home })
  const terminals = createTerminalsService({ ...kernel, pty })
  const bootId = await readBootId()
  const sessionsFolder = join(options.dataDir, 'sessions')
  const sessions = createSessionsService({
    ...kernel,
    agents,
    projects,
    worktrees,
    terminals,
    asks: askRecorder,
    findLivingProcess: (known) => findSessionProcess(known, bootId),
    readProcessStart,
    bootId,
    sessionsFolder,
    commandFolder: await makeCommandFolder(options),
    starts: options.starts ?? usualStarts,
    stopGraceMs,
  })
  const tellAnswer = answerByMail(kernel, { sessions, mail: () => mail })
  const asks = createAsksService({ ...kernel, sessions, tellAnswer })
  const radar = createRadar({ kernel, git, projects, worktrees, sessions }, options.dataDir)
  const neighbours = { kernel, agents, projects, worktrees, terminals, sessions }
  const creditSuspend: SuspendListener = (context, gapMs) => reading.checks.creditSuspend(context, gapMs)
  const coordination = await createCoordination({ ...neighbours, bootId, creditSuspend })
  const { leases, tasks, mail } = coordination
  const host = createHost(options, { findInfo, agents, projects, worktrees, sessions })
  const reading = createReviewFeatures({ ...neighbours, ...coordination, git }, { ...options, stopGraceMs })
  const merging = await createMergeFeatures({ ...neighbours, ...coordination, ...reading, git }, options.dataDir)
  const remote = createRemote({ ...neighbours, ...coordination, git }, options.dataDir)
  const handlers = new Map([sessions, tasks, reading.checks, merging.queue].flatMap((feature) => [...feature.handlers]))
  const activity = createActivityService({ ...kernel, sessions, tasks })
  const own = { settings, host, projects, agents, worktrees, terminals, sessions, asks, radar, activity, remote }
  const services = { ...own, ...reading, ...merging, ...coordination }
  const doors = createAgentDoors(kernel, { ...services, ...doorOptions(options, bootId, sessionsFolder) })
  return { ...services, ...doors, handlers, closeGit }
}

const createAgents = ({ kernel, node, entries, environment }: FeatureOptions): AgentsService =>
  createAgentsService({
    ...kernel,
    adapters: agentAdapters,
    resources: { folder: entries.resources, node },
    resolveEnvironment: () => resolveShellEnvironment({ own: environment, node }),
  })

const doorOptions = ({ home, version, isDirect = false }: FeatureOptions, bootId: string, sessionsFolder: string) => ({
  home,
  version,
  isDirect,
  editNotes: createEditNotes(sessionsFolder),
  findProcess: async (pid: number, label: string) => {
    const startTime = await readProcessStart(pid)
    return startTime === null ? null : ({ kind: 'process', pid, startTime, bootId, label } as const)
  },
})

/** Written at each start of the app. A command that works for a moment starts no terminals that would need them. */
const makeCommandFolder = async ({ dataDir, node, entries, isDirect }: FeatureOptions): Promise<string> => {
  const folder = join(dataDir, 'bin')
  return isDirect ? folder : writeLaunchers(folder, node, entries.cli)
}

const createWorktrees = ({ kernel, git, projects, home }: WorktreeNeighbours) =>
  createWorktreesService({
    ...kernel,
    git,
    projects,
    worktreesRoot: join(home, '.switchyard', 'worktrees'),
    branchPrefix: 'switchyard/',
    watchFolder,
  })

type RadarNeighbours = Pick<RadarDeps, 'git' | 'projects' | 'worktrees' | 'sessions'> & { readonly kernel: Kernel }

const createRadar = ({ kernel, ...others }: RadarNeighbours, dataDir: string) =>
  createRadarService({ ...kernel, ...others, scratchFolder: join(dataDir, 'scratch-objects') })

interface WorktreeNeighbours {
  readonly kernel: Kernel
  readonly git: Git
  readonly projects: ProjectsService
  readonly home: string
}

interface HostParts {
  readonly findInfo: () => Promise<HostInfo['git']>
  readonly agents: AgentsService
  readonly projects: ProjectsService
  readonly worktrees: WorktreesService
  readonly sessions: SessionsService
}

const createHost = (options: FeatureOptions, { findInfo, agents, projects, worktrees, sessions }: HostParts) =>
  createHostService({
    capabilities: options.capabilities,
    home: options.home,
    version: options.version,
    findGit: findInfo,
    findShell: () => describeShell(agents),
    listOpenableFolders: () =>
      options.kernel.database.read(async (tx) => [
        ...(await projects.list(tx)).map((project) => project.rootPath),
        ...(await worktrees.list(tx)).map((worktree) => worktree.path),
      ]),
    stopAll: async () => {
      await sessions.stopAll(systemIdentity)
      await options.pty.shutdownHost(stopGraceMs)
    },
  })

const describeShell = async (agents: AgentsService): Promise<HostInfo['shell']> => {
  const { shell, variables, ms, problem } = await agents.shellEnvironment()
  return { path: shell ?? '', variables: Object.keys(variables).length, ms, problem }
}

/** The app looks git up at its start. Most commands that work for a moment end without it, and others wait for them. */
const createGitFor = async (options: FeatureOptions, agents: AgentsService) => {
  const readPerson = async () => (await agents.shellEnvironment()).variables
  let finding: Promise<FoundGit> | null = null
  const find = () => (finding ??= findGitFor(options, readPerson))
  const findInfo = async () => (await find()).info
  if (options.isDirect)
    return { git: createGitWhenNeeded(async () => (await find()).deps), findInfo, closeGit: () => undefined }
  const script = join(options.entries.resources, 'git-starter', 'git-starter.mjs')
  const { start, close } = createProcessStarter({ node: options.node, script })
  return { git: createGit({ ...(await find()).deps, start }), findInfo, closeGit: close }
}

interface FoundGit {
  readonly deps: Parameters<typeof createGit>[0]
  readonly info: HostInfo['git']
}

/** git of the app's own PATH, or of the login shell's when an app started from the desktop has too short a one. */
const findGitFor = async (
  options: FeatureOptions,
  readPerson: () => Promise<Readonly<Record<string, string>>>,
): Promise<FoundGit> => {
  const own = await findGit(options.environment)
  const found = own.kind === 'found' ? own : await findGit(await readPerson())
  if (found.kind === 'found') return { deps: found.deps, info: { version: found.deps.version, problem: null } }
  // Every git call then fails with this path in its message; the first-run screen says what to install.
  const deps = { gitPath: 'git', version: '0', isLfsInstalled: false, env: options.environment }
  return { deps, info: { version: found.kind === 'too-old' ? found.version : null, problem: found.message } }
}
