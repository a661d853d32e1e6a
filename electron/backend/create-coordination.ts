import type { SessionId } from '../../shared/lib/ids.ts'
import { targetText } from '../../shared/contract/lease-claims.ts'
import { createLeasesService, type LeasesService } from './features/leases/leases-service.ts'
import { createMailService, type MailDeps } from './features/mail/mail-service.ts'
import { createMailTyper } from './features/mail/mail-typer.ts'
import type { AgentsService } from './features/agents/agents-service.ts'
import type { ProjectsService } from './features/projects/projects-service.ts'
import type { SessionsService } from './features/sessions/sessions-service.ts'
import { judgeHolder } from './features/tasks/judge-holder.ts'
import { createTasksService } from './features/tasks/tasks-service.ts'
import type { TerminalsService } from './features/terminals/terminals-service.ts'
import type { WorktreesService } from './features/worktrees/worktrees-service.ts'
import type { Kernel } from './kernel/open-kernel.ts'
import { startSuspendWatch, type SuspendListener } from './kernel/suspend-watch.ts'

export interface Neighbours {
  readonly kernel: Kernel
  readonly agents: Pick<AgentsService, 'adapterOf'>
  readonly projects: ProjectsService
  readonly worktrees: WorktreesService
  readonly terminals: TerminalsService
  readonly sessions: SessionsService
  readonly bootId: string
  /** Of the features to the right: their deadlines are moved too. */
  readonly creditSuspend: SuspendListener
}

/** What sessions share, and the watch over the clock that all its deadlines need. */
export const createCoordination = async (neighbours: Neighbours) => {
  const { kernel, agents, projects, sessions, terminals } = neighbours
  const lookForSuspend = () => suspend.look()
  const leases = await createLeasesService({
    ...kernel,
    sessions,
    ignoresCase: process.platform !== 'linux',
    granted: (context, waiter) => {
      const targets = waiter.wants.map(({ target }) => targetText(target))
      return mail.tellGranted(context, waiter, targets)
    },
    lookForSuspend,
  })
  const tasks = createTasks(neighbours, leases)
  const hasProject: MailDeps['hasProject'] = async (tx, id) => (await projects.find(tx, id)) !== undefined
  const mail = createMailService({ ...kernel, sessions, hasProject, lookForSuspend })
  const typer = createMailTyper({
    ...kernel,
    mail,
    sessions,
    terminals,
    promptTestOf: (id) => agents.adapterOf(id).isPromptEmpty ?? null,
  })
  const listeners = [leases.creditSuspend, tasks.creditSuspend, mail.creditSuspend, neighbours.creditSuspend]
  const suspend = startSuspendWatch({ ...kernel, listeners })
  return { leases, tasks, mail, typer, suspend }
}

const createTasks = (
  { kernel, bootId, terminals, projects, worktrees, sessions }: Neighbours,
  leases: LeasesService,
) => {
  const { read } = kernel.database
  const livenessOf = (id: SessionId) => read((tx) => sessions.livenessOf(tx, id))
  const lastOutputAt = async (id: SessionId) => {
    const session = await read((tx) => sessions.find(tx, id))
    return session?.terminalId ? terminals.lastOutputAt(session.terminalId) : null
  }
  return createTasksService({
    ...kernel,
    projects,
    worktrees,
    sessions,
    verdictOf: (holder) => judgeHolder(holder, { bootId, livenessOf, lastOutputAt, now: kernel.clock.now }),
    freeLeases: leases.endAttempt,
  })
}
