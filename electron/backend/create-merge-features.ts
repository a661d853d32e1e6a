import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { MergeDeps } from './features/merge/merge-service.ts'
import { createMergeService } from './features/merge/merge-service.ts'
import { createQueueService, type QueueDeps } from './features/queue/queue-service.ts'
import type { Kernel } from './kernel/open-kernel.ts'

type MergeNeighbours = Pick<MergeDeps, 'git' | 'projects' | 'worktrees' | 'sessions' | 'tasks' | 'mail' | 'review'> &
  Pick<QueueDeps, 'worktrees' | 'sessions' | 'tasks' | 'mail' | 'checks'> & { readonly kernel: Kernel }

/** What brings branches into their targets: at once, or one after the other. */
export const createMergeFeatures = async ({ kernel, ...others }: MergeNeighbours, dataDir: string) => {
  const merge = createMergeService({ ...kernel, ...others, folder: join(dataDir, 'merge') })
  const folder = join(dataDir, 'queue')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // git names worktrees as the file system does; a home folder may be a link.
  const queue = createQueueService({ ...kernel, ...others, merge, folder: await realpath(folder) })
  return { merge, queue }
}
