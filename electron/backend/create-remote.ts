import { createGithub } from './adapters/forges/github.ts'
import { createGitlab } from './adapters/forges/gitlab.ts'
import { runTool } from './adapters/forges/run-tool.ts'
import { findExecutable } from './adapters/find-executable.ts'
import type { AgentsService } from './features/agents/agents-service.ts'
import { createRemoteService, type RemoteDeps } from './features/remote/remote-service.ts'
import type { Kernel } from './kernel/open-kernel.ts'

export interface RemoteNeighbours extends Pick<
  RemoteDeps,
  'git' | 'projects' | 'worktrees' | 'sessions' | 'tasks' | 'mail'
> {
  readonly kernel: Kernel
  readonly agents: Pick<AgentsService, 'shellEnvironment'>
}

/** Pushes and pull requests, by the programs that the person's shell would find, run in the app's own folder. */
export const createRemote = ({ kernel, agents, ...neighbours }: RemoteNeighbours, folder: string) => {
  const person = async () => (await agents.shellEnvironment()).variables
  const tools = { person, folder, run: runTool }
  const { git, projects, worktrees, sessions, tasks, mail } = neighbours
  return createRemoteService({
    ...kernel,
    git,
    projects,
    worktrees,
    sessions,
    tasks,
    mail,
    forges: { github: createGithub(tools), gitlab: createGitlab(tools) },
    hasTool: async (command) => (await findExecutable(command, await person())) !== null,
  })
}
