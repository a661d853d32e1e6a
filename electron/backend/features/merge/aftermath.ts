import type { Merge } from '../../../../shared/contract/merge.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { AttemptId } from '../../../../shared/lib/ids.ts'
import { isContained } from '../../adapters/git/branch-refs.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { MergeParts } from './merge-parts.ts'

/** Submitted work from the worktrees of a merged branch, as far as what was submitted is in what was merged. */
export const findMergedAttempts = async (
  { git, database, worktrees, tasks }: MergeParts,
  { rootPath }: Project,
  { projectId, source, refresh }: Merge,
): Promise<readonly AttemptId[]> => {
  if (refresh || source.branch === null) return []
  const submitted = await database.read(async (tx) => {
    const all = await worktrees.list(tx)
    const own = all.filter((each) => each.projectId === projectId && each.branch === source.branch)
    return (await Promise.all(own.map(({ id }) => tasks.listSubmittedIn(tx, id)))).flat()
  })
  const merged: AttemptId[] = []
  for (const { id, headSha } of submitted) {
    // Whatever an agent said its commit is: one that git does not know is none of it.
    const isIn = headSha === null || (await isContained(git, rootPath, headSha, source.sha).catch(() => false))
    if (isIn) merged.push(id)
  }
  return merged
}

/** What is true from the moment in which a merge has landed, in the same transaction. */
export const followLanding = async (
  { worktrees, sessions, tasks, mail }: MergeParts,
  context: CommandContext,
  { projectId, refresh, source, target, strategy, backupRef }: Merge,
  attempts: readonly AttemptId[],
): Promise<void> => {
  for (const id of attempts) await tasks.acceptMerged(context, id)
  if (!refresh) return
  await worktrees.moveBase(context, refresh.worktreeId, source.sha)
  const all = await sessions.list(context.tx)
  const session = all.find((each) => each.worktreeId === refresh.worktreeId && each.lifecycle !== 'archived')
  if (!session) return
  const base = source.branch ?? source.sha.slice(0, 8)
  const what =
    strategy === 'rebase'
      ? `I rebased your branch ${target} onto ${base}.`
      : `I merged ${base} into your branch ${target}.`
  const body = `${what} Look at your files again before you go on. What the branch was before is kept under ${backupRef}.`
  const subject = `${target} is up to date with ${base}`
  await mail.post(context, { projectId, sessionId: session.id, subject, bodies: [body] })
}

export const followUndoing = async (
  { worktrees }: MergeParts,
  context: CommandContext,
  { refresh }: Merge,
): Promise<void> => {
  if (refresh) await worktrees.moveBase(context, refresh.worktreeId, refresh.baseWas)
}

/** Whoever looks at a worktree whose base moved is told soon; nobody waits for it. */
export const tellMoves = ({ review, log }: MergeParts): void => {
  review.lookForMoves().catch((error: unknown) => log.warn({ err: error }, 'bases were not looked at'))
}
