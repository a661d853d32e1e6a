import type { RemoteComment } from '../../../../shared/contract/remote.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { PullRequestId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { RemoteDeps } from './remote-parts.ts'
import { composeComments } from './remote-rules.ts'
import { findPullRequest, listRemoteComments, markGiven, putPullRequest } from './remote-store.ts'

export interface GiveWish {
  readonly pullRequestId: PullRequestId
  /** Null is all that the agent was not given. */
  readonly keys: readonly string[] | null
}

/** Sends what people said of a pull request to the session of its worktree, and what the session had in review goes back to it. */
export const giveComments = (
  deps: RemoteDeps,
  { pullRequestId, keys }: GiveWish,
  by: Identity,
): Promise<Result<{ count: number }, 'NOT_FOUND' | 'NO_SESSION' | 'NOTHING_TO_SEND'>> =>
  deps.runCommand<{ count: number }, 'NOT_FOUND' | 'NO_SESSION' | 'NOTHING_TO_SEND'>(
    { name: 'give-comments', by },
    async (context) => {
      const { tx, now, emit } = context
      const pull = await findPullRequest(tx, pullRequestId)
      if (!pull) return refuse('NOT_FOUND', 'That pull request is not known any more. Look for it again.')
      const wanted = pick(await listRemoteComments(tx, pull.id), keys)
      if (wanted.length === 0) return refuse('NOTHING_TO_SEND', 'The agent has all of these comments already.')
      const session = sessionOf(await deps.sessions.list(tx), pull.worktreeId)
      if (!session)
        return refuse(
          'NO_SESSION',
          'No session works in this worktree any more. Start one there, then give them again.',
        )
      const { projectId, id: sessionId } = session
      await deps.mail.post(context, { projectId, sessionId, ...composeComments(pull, wanted) })
      for (const { key } of wanted) await markGiven(tx, pull.id, key, now)
      const left = (await listRemoteComments(tx, pull.id)).filter(({ givenAt }) => givenAt === null).length
      const next = { ...pull, newComments: left }
      await putPullRequest(tx, next)
      await emit('pullrequests.changed', next.id, next)
      const comment = `Sent back with ${wanted.length} of the comments on pull request #${pull.number}.`
      await deps.tasks.requestChangesOf(context, { sessionId, comment }, by)
      return ok({ count: wanted.length })
    },
  )

const pick = (comments: readonly RemoteComment[], keys: readonly string[] | null): RemoteComment[] =>
  comments.filter(({ key, givenAt }) => (keys === null ? givenAt === null : keys.includes(key)))

/** The one that works there, the newest of several. */
const sessionOf = (sessions: readonly Session[], worktreeId: WorktreeId): Session | undefined => {
  const there = sessions.filter((session) => session.worktreeId === worktreeId && session.lifecycle !== 'archived')
  const running = there.filter(({ runtime }) => runtime.kind === 'alive')
  return (running.length > 0 ? running : there).toSorted((a, b) => b.createdAt - a.createdAt)[0]
}
