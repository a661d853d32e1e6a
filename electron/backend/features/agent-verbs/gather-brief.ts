import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Attempt, Task } from '../../../../shared/contract/task-rows.ts'
import type { BriefFacts, BriefWork } from './brief-rules.ts'
import { readPeers } from './read-peers.ts'
import { inboxLines, readInbox } from './run-mail-verbs.ts'
import { leaseLine } from './verb-lines-rules.ts'
import { readYard, type Asking, type VerbDeps } from './verb-parts.ts'

const mostMailLines = 5

/** All that a brief tells of a session. */
export const gatherBrief = async (
  deps: VerbDeps,
  asking: Pick<Asking, 'projectId' | 'worker' | 'reader'> & {
    /** Null of the person. */
    readonly session: Session | null
    readonly isFresh?: boolean
  },
): Promise<BriefFacts> => {
  const { session, projectId, isFresh = false } = asking
  const inbox = await readInbox(deps, asking, { isAll: false, limit: mostMailLines })
  const works: BriefWork[] = []
  for (const attempt of await deps.database.read((tx) => deps.tasks.listOfHolder(tx, projectId, asking.worker))) {
    const work = await gatherWork(deps, attempt)
    // A session that is started on a task has its text as its prompt.
    if (work) works.push({ ...work, isToldAlready: isFresh && isIn(session?.prompt ?? null, work.task) })
  }
  const ready = works.length > 0 ? [] : await deps.tasks.listReady(projectId)
  return deps.database.read(async (tx) => {
    const yard = await readYard(deps, tx, projectId)
    const project = await deps.projects.find(tx, projectId)
    const leases = (await deps.leases.list(tx)).filter(({ sessionId }) => sessionId === session?.id)
    return {
      title: session?.title ?? null,
      role: session?.role ?? null,
      projectName: project?.name ?? '',
      branch: session && yard.branchOf(session),
      worktreePath: yard.worktrees.find(({ id }) => id === session?.worktreeId)?.path ?? null,
      works,
      ready,
      leases: leases.map((lease) => leaseLine(lease, lease.sessionId, yard.titleOf)),
      mail: { unread: inbox.openCount, lines: inboxLines(inbox.items, yard.titleOf) },
      peers: await readPeers(deps, tx, { yard, own: session }),
    }
  })
}

const isIn = (prompt: string | null, { key }: Task) => prompt?.startsWith(`# ${key}:`) ?? false

const gatherWork = async (deps: VerbDeps, attempt: Attempt): Promise<Omit<BriefWork, 'isToldAlready'> | null> => {
  const detail = await deps.tasks.detail(attempt.taskId)
  if (!detail.ok) return null
  const { task, attempts, checkpoints, comments, dependencies } = detail.value
  const waitsFor = await deps.database.read(async (tx) => {
    const found: Task[] = []
    for (const { taskId, dependsOnId } of dependencies) {
      const other = taskId === task.id ? await deps.tasks.find(tx, dependsOnId) : undefined
      if (other) found.push(other)
    }
    return found
  })
  const before = attempts.filter(({ id }) => id !== attempt.id)
  return {
    task,
    attempt,
    checkpoint: checkpoints[0] ?? null,
    rescueRef: before.find(({ rescueRef }) => rescueRef !== null)?.rescueRef ?? null,
    waitsFor,
    comments,
  }
}
