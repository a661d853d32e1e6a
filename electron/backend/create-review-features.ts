import { join } from 'node:path'
import type { Git } from './adapters/git/run-git.ts'
import type { AgentsService } from './features/agents/agents-service.ts'
import { createChecksService } from './features/checks/checks-service.ts'
import { writeFileVersion } from './adapters/git/worktree-files.ts'
import { createCommentsService } from './features/comments/comments-service.ts'
import type { MailService } from './features/mail/mail-service.ts'
import type { ProjectsService } from './features/projects/projects-service.ts'
import { createReviewService } from './features/review/review-service.ts'
import type { SessionsService } from './features/sessions/sessions-service.ts'
import type { TerminalsService } from './features/terminals/terminals-service.ts'
import { createStagingService } from './features/staging/staging-service.ts'
import type { TasksService } from './features/tasks/tasks-service.ts'
import type { WorktreesService } from './features/worktrees/worktrees-service.ts'
import type { Kernel } from './kernel/open-kernel.ts'
import type { SuspendWatch } from './kernel/suspend-watch.ts'

export interface ReviewNeighbours {
  readonly kernel: Kernel
  readonly git: Git
  readonly agents: AgentsService
  readonly projects: ProjectsService
  readonly worktrees: WorktreesService
  readonly terminals: TerminalsService
  readonly sessions: SessionsService
  readonly tasks: TasksService
  readonly mail: MailService
  readonly suspend: Pick<SuspendWatch, 'look'>
}

/** So many changes of the index or of files can be undone, in each worktree. */
const mostStagingsKept = 50

export interface ReviewOptions {
  readonly dataDir: string
  readonly stopGraceMs: number
}

/** Each may keep every core busy: two let a long one and a short one pass each other. */
const mostChecksAtOnce = 2

/** What the person reads of worktrees, does to them and says of their lines, and what the project's own commands say. */
export const createReviewFeatures = (
  { kernel, ...neighbours }: ReviewNeighbours,
  { dataDir, stopGraceMs }: ReviewOptions,
) => {
  const { git, agents, projects, worktrees, terminals, sessions, tasks, mail, suspend } = neighbours
  const review = createReviewService({
    ...kernel,
    git,
    projects,
    worktrees,
    sessions,
    folder: join(dataDir, 'review'),
    listKept: (tx, id) => comments.listKept(tx, id),
  })
  const staging = createStagingService({
    ...kernel,
    git,
    projects,
    worktrees,
    review,
    writeFile: writeFileVersion,
    mostKept: mostStagingsKept,
    folder: join(dataDir, 'staging'),
  })
  const comments = createCommentsService({ ...kernel, worktrees, sessions, tasks, mail, review })
  const checks = createChecksService({
    ...kernel,
    git,
    agents,
    projects,
    worktrees,
    terminals,
    sessions,
    review,
    lookForSuspend: suspend.look,
    mostAtOnce: mostChecksAtOnce,
    stopGraceMs,
  })
  return { review, staging, comments, checks }
}
