import type { CommitDraft, Committed } from '../../../../shared/contract/staging.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { findConfigValue } from '../../adapters/git/config-entries.ts'
import { isAncestor } from '../../adapters/git/diff-numbers.ts'
import { readHead, type Head } from '../../adapters/git/read-head.ts'
import { findHalfDone } from '../../adapters/git/review-points.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { listTreeChanges } from '../../adapters/git/tree-changes.ts'
import { hasRemoteBranch, moveHead, readCommit, writeCommit, writeIndexTree } from '../../adapters/git/write-commit.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { ReviewLook } from '../review/review-service.ts'
import { placeOf } from './act-on-changes.ts'
import { cannotWrite, lockedMessage, type Place, type StagingDeps, type StagingParts } from './staging-deps.ts'
import { cleanMessage } from './staging-rules.ts'

type Unreadable = 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'
export type CommitRefusal = Unreadable | 'STALE' | 'NOT_NOW' | 'NO_PERSON' | 'LOCKED' | 'CANNOT_WRITE'

export interface CommitWish {
  readonly worktreeId: WorktreeId
  readonly head: string | null
  readonly tree: string
  readonly message: string
  readonly isAmend: boolean
}

/** What a commit would hold now, and whether there may be one. */
export const draftCommit = async ({ deps }: StagingParts, id: WorktreeId): Promise<Result<CommitDraft, Unreadable>> => {
  const look = await deps.review.look(id)
  if (!look.ok) return look
  const place = await placeOf(deps, look.value.worktree, look.value.trees.head)
  if (!place) return gone()
  return ok(await readDraft(deps.git, place, look.value))
}

const gone = (): Result<never, 'NOT_FOUND'> => refuse('NOT_FOUND', 'That worktree is not in the list any more.')

const readDraft = async (git: Git, { cwd, gitDir }: Place, look: ReviewLook): Promise<CommitDraft> => {
  const { trees, reader, unmerged } = look
  const head = await readHead(git, cwd)
  const staged = await listTreeChanges(reader, cwd, { from: trees.head, to: trees.index })
  const halfDone = await findHalfDone(gitDir)
  return {
    head: head.kind === 'unborn' ? null : head.sha,
    tree: trees.index,
    branch: head.kind === 'detached' ? null : head.branch,
    stagedFiles: staged.length,
    person: await readPerson(git, cwd),
    amend: await readAmend(git, cwd, head, look),
    problem: problemOf(halfDone?.kind ?? null, unmerged.size),
  }
}

const problemOf = (halfDone: string | null, conflicts: number): string | null => {
  if (conflicts > 0) return 'Files have conflicts. Settle them and stage them with git add first.'
  if (halfDone === null || halfDone === 'bisect') return null
  return `A ${halfDone} is half done here. Finish it with git ${halfDone} --continue in the terminal, or leave it with git ${halfDone} --abort.`
}

const readPerson = async (git: Git, cwd: string): Promise<CommitDraft['person']> => {
  const entries = await git.listConfig(cwd)
  const [name, email] = [findConfigValue(entries, 'user.name'), findConfigValue(entries, 'user.email')]
  return name && email ? { name, email } : null
}

const readAmend = async (git: Git, cwd: string, head: Head, look: ReviewLook): Promise<CommitDraft['amend']> => {
  if (head.kind === 'unborn') return { kind: 'refused', reason: 'There is no commit yet that could be amended.' }
  if (look.base && (await isAncestor(git, cwd, head.sha, look.base.sha)))
    return { kind: 'refused', reason: 'The last commit is on the base already, so it cannot be amended.' }
  if (await hasRemoteBranch(git, cwd, head.sha))
    return { kind: 'refused', reason: 'The last commit was pushed, so it cannot be amended.' }
  return { kind: 'possible', message: (await readCommit(git, cwd, head.sha)).message }
}

/** Commits what is staged: an object is made, and the branch is moved to it if it is where it was. */
export const commitStaged = (
  { deps, inTurn }: StagingParts,
  wish: CommitWish,
  by: Identity,
): Promise<Result<Committed, CommitRefusal>> =>
  inTurn(wish.worktreeId, async () => {
    const look = await deps.review.look(wish.worktreeId)
    if (!look.ok) return look
    const place = await placeOf(deps, look.value.worktree, look.value.trees.head)
    if (!place) return gone()
    const committed = await commit(deps, place, look.value, wish).catch(cannotWrite)
    if (!committed.ok) return committed
    await deps.runCommand({ name: wish.isAmend ? 'amend-commit' : 'commit-staged', by }, async ({ emit }) => {
      await emit('commits.recorded', wish.worktreeId, committed.value)
      return ok(undefined)
    })
    await deps.worktrees.refresh(wish.worktreeId)
    return committed
  })

const commit = async (
  { git }: StagingDeps,
  place: Place,
  look: ReviewLook,
  wish: CommitWish,
): Promise<Result<Committed, CommitRefusal>> => {
  const { cwd } = place
  const draft = await readDraft(git, place, look)
  const refused = judge(draft, look, wish)
  if (refused) return refused
  // From the index itself: a copy's objects would not be in the repository.
  const tree = await writeIndexTree(git, cwd)
  if (tree !== wish.tree) return staleCommit()
  const message = cleanMessage(wish.message)
  const last = wish.isAmend && wish.head !== null ? await readCommit(git, cwd, wish.head) : null
  const person = draft.person ?? { name: '', email: '' }
  const parents = last ? last.parents : wish.head === null ? [] : [wish.head]
  const sha = await writeCommit(git, cwd, { tree, parents, message, person, author: last?.author ?? null })
  const subject = message.split('\n')[0] ?? ''
  const word = wish.isAmend ? 'commit (amend)' : wish.head === null ? 'commit (initial)' : 'commit'
  const moved = await moveHead(git, cwd, {
    branch: draft.branch,
    from: wish.head,
    to: sha,
    reason: `${word}: ${subject}`,
  })
  if (moved === 'locked') return refuse('LOCKED', lockedMessage(cwd))
  if (moved === 'moved') return staleCommit()
  const { id: worktreeId, projectId } = look.worktree
  return ok({ worktreeId, projectId, sha, subject, isAmend: wish.isAmend })
}

const staleCommit = (): Result<never, 'STALE'> =>
  refuse('STALE', 'What is staged or the branch changed meanwhile, so nothing was committed. Look at it again.')

const judge = (
  draft: CommitDraft,
  look: ReviewLook,
  wish: CommitWish,
): Result<never, 'STALE' | 'NOT_NOW' | 'NO_PERSON'> | null => {
  if (draft.problem !== null) return refuse('NOT_NOW', draft.problem)
  if (draft.head !== wish.head || draft.tree !== wish.tree) return staleCommit()
  if (draft.person === null)
    return refuse(
      'NO_PERSON',
      'git does not know who you are. Run git config --global user.name "Your Name" and git config --global user.email you@example.com, then try again.',
    )
  if (wish.isAmend) return draft.amend.kind === 'refused' ? refuse('NOT_NOW', draft.amend.reason) : null
  return look.trees.head === wish.tree ? refuse('NOT_NOW', 'Nothing is staged. Stage some changes first.') : null
}
