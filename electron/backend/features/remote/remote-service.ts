import type {
  ForgeCode,
  PullRequest,
  PushCode,
  RemoteComment,
  RemoteState,
} from '../../../../shared/contract/remote.ts'
import type { ProjectId, PullRequestId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { createPullRequest, refreshPullRequest, type CreateWish, type LooksByWorktree } from './follow-pull-request.ts'
import { giveComments, type GiveWish } from './give-comments.ts'
import { pushCommit, type Pushed, type PushWish } from './push-commit.ts'
import { proposeFor, readRemoteState } from './read-remote.ts'
import type { RemoteDeps } from './remote-parts.ts'
import { listPullRequests, listRemoteComments, removePullRequestsOf } from './remote-store.ts'

export type { RemoteDeps } from './remote-parts.ts'

type Gone = 'NOT_FOUND' | 'WORKTREE_MISSING'

export interface RemoteService {
  list(tx: Tx): Promise<PullRequest[]>
  /** Where a worktree's branch stands with its remote; nobody is asked. */
  state(id: WorktreeId): Promise<Result<RemoteState, Gone>>
  push(wish: PushWish, by: Identity, signal?: AbortSignal): Promise<Result<Pushed, Gone | PushCode>>
  propose(id: WorktreeId): Promise<Result<{ title: string; body: string; base: string }, Gone | 'NO_REMOTE'>>
  createPullRequest(
    wish: CreateWish,
    by: Identity,
  ): Promise<Result<PullRequest, Gone | 'NO_REMOTE' | 'NOT_PUSHED' | ForgeCode>>
  refresh(
    wish: { readonly worktreeId: WorktreeId; readonly isAsked: boolean },
    by: Identity,
  ): Promise<Result<PullRequest | null, Gone | ForgeCode>>
  comments(id: PullRequestId): Promise<RemoteComment[]>
  give(wish: GiveWish, by: Identity): Promise<Result<{ count: number }, 'NOT_FOUND' | 'NO_SESSION' | 'NOTHING_TO_SEND'>>
  forgetProject(context: Pick<CommandContext, 'tx'>, projectId: ProjectId): Promise<void>
}

/** What leaves this computer: pushes and pull requests, each when a person asks for it. */
export const createRemoteService = (deps: RemoteDeps): RemoteService => {
  const looks: LooksByWorktree = new Map()
  return {
    list: listPullRequests,
    state: (id) => readRemoteState(deps, id),
    push: (wish, by, signal) => pushCommit(deps, wish, by, signal),
    propose: (id) => proposeFor(deps, id),
    createPullRequest: (wish, by) => createPullRequest(deps, wish, by),
    refresh: (wish, by) => refreshPullRequest(deps, looks, wish, by),
    comments: (id) => deps.database.read((tx) => listRemoteComments(tx, id)),
    give: (wish, by) => giveComments(deps, wish, by),
    forgetProject: ({ tx }, projectId) => removePullRequestsOf(tx, projectId),
  }
}
