import { join } from 'node:path'
import type { Git } from './adapters/git/run-git.ts'
import { createCommentsService } from './features/comments/comments-service.ts'
import type { MailService } from './features/mail/mail-service.ts'
import type { ProjectsService } from './features/projects/projects-service.ts'
import { createReviewService } from './features/review/review-service.ts'
import type { SessionsService } from './features/sessions/sessions-service.ts'
import type { TasksService } from './features/tasks/tasks-service.ts'
import type { WorktreesService } from './features/worktrees/worktrees-service.ts'
import type { Kernel } from './kernel/open-kernel.ts'

export interface ReviewNeighbours {
  readonly kernel: Kernel
  readonly git: Git
  readonly projects: ProjectsService
  readonly worktrees: WorktreesService
  readonly sessions: SessionsService
  readonly tasks: TasksService
  readonly mail: MailService
}

/** What the person reads of worktrees and says of their lines. */
export const createReviewFeatures = ({ kernel, ...neighbours }: ReviewNeighbours, dataDir: string) => {
  const { git, projects, worktrees, sessions, tasks, mail } = neighbours
  const review = createReviewService({
    ...kernel,
    git,
    projects,
    worktrees,
    sessions,
    folder: join(dataDir, 'review'),
    listKept: (tx, id) => comments.listKept(tx, id),
  })
  const comments = createCommentsService({ ...kernel, worktrees, sessions, tasks, mail, review })
  return { review, comments }
}
