import type { LandCode, Merge, PrepareCode } from '../../../../shared/contract/merge.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import { isContained, readBranch } from '../../adapters/git/branch-refs.ts'
import { buildMerge, type Built } from '../../adapters/git/merge-build.ts'
import { keepObjects, openMergeDesk, type MergeDesk } from '../../adapters/git/merge-objects.ts'
import { resolveCommit } from '../../adapters/git/read-head.ts'
import type { Identity } from '../../kernel/identity.ts'
import { describeChanges, readCommitter, refusalOf, tellUnreadable, toRaw } from './compute-merge.ts'
import { landMerge } from './land-merge.ts'
import type { MergeParts } from './merge-parts.ts'
import { dropPrepared, holdPrepared } from './prepare-merge.ts'
import { proposeMessage } from './merge-rules.ts'
import { goneBranch, noIdentity, unreadable } from './merge-words-rules.ts'

export interface RefreshInput {
  readonly worktreeId: WorktreeId
  readonly strategy: 'rebase' | 'merge'
}

export type RefreshCode = PrepareCode | LandCode | 'NOT_FOUND' | 'WORKTREE_MISSING' | 'NO_BASE'

/** A worktree's branch, and where its base is now. */
interface Refreshed {
  readonly worktree: Worktree
  readonly branch: string
  /** As people call it: "main", "origin/main". */
  readonly base: string
  readonly baseSha: string
  readonly head: string
}

/**
 * Brings the branch of a worktree onto its base as that is now: its commits anew, or the base merged into it. It lands in the
 * branch as any merge lands in its target, with a backup, and is undone in the same way; only a clean worktree takes it.
 */
export const refreshBase = async (
  parts: MergeParts,
  { worktreeId, strategy }: RefreshInput,
  by: Identity,
): Promise<Result<Merge, RefreshCode>> => {
  const found = await parts.worktrees.requireFolder(worktreeId)
  if (!found.ok) return found
  const usable = await parts.projects.requireUsable(found.value.projectId)
  if (!usable.ok) return unreadable(usable.refusal.message)
  const project = usable.value
  const looked = await lookAt(parts, found.value)
  if (!looked.ok) return looked
  const { worktree, branch, baseSha, head } = looked.value
  await using desk = await openMergeDesk(parts.git, {
    folder: parts.folder,
    cwd: worktree.path,
    commonDir: project.commonDir,
  })
  const built = await build(desk, looked.value, strategy).catch(tellUnreadable)
  if (!built.ok) return built
  const { commit, message } = built.value
  const files = await describeChanges(desk, { from: head, to: commit })
  await keepObjects(desk.place, project.commonDir)
  const source = { sha: baseSha, branch: looked.value.base }
  const computed = { projectId: project.id, strategy, source, target: branch, base: head, commit, message, files }
  const refresh = { worktreeId, baseWas: worktree.base?.sha ?? baseSha }
  const id = parts.newId('mrg')
  const held = await holdPrepared(parts, project, { id, computed, refresh })
  if (!held.ok) return held
  const landed = await landMerge(parts, { prepared: id, targetWas: head }, by)
  if (!landed.ok) await dropPrepared(parts, id)
  return landed
}

const lookAt = async (
  { git }: MergeParts,
  worktree: Worktree,
): Promise<Result<Refreshed, 'NO_BASE' | 'GONE' | 'ALREADY_MERGED'>> => {
  const { branch, base, path } = worktree
  if (branch === null)
    return refuse('NO_BASE', 'No branch is checked out in this worktree. Check one out there, then try again.')
  if (base === null)
    return refuse(
      'NO_BASE',
      `It is not known what ${visibleLine(branch)} was begun from. Rebase it with git in its terminal.`,
    )
  const baseSha = await resolveCommit(git, path, base.ref)
  const name = base.ref.replace(/^refs\/(?:heads|remotes)\//, '')
  const tip = await readBranch(git, path, branch)
  if (baseSha === null) return goneBranch(name)
  if (tip === null) return goneBranch(branch)
  if (await isContained(git, path, baseSha, tip.sha))
    return refuse(
      'ALREADY_MERGED',
      `${visibleLine(branch)} has everything of ${visibleLine(name)} already. There is nothing to refresh.`,
    )
  return ok({ worktree, branch, base: name, baseSha, head: tip.sha })
}

interface BuiltRefresh {
  readonly commit: string
  readonly message: string
}

const build = async (
  desk: MergeDesk,
  refreshed: Refreshed,
  strategy: RefreshInput['strategy'],
): Promise<Result<BuiltRefresh, PrepareCode>> => {
  const { git, place } = desk
  const { branch, base, baseSha, head } = refreshed
  // Nothing of its own: it goes on to where the base is, as git does it either way.
  if (await isContained(git, place.cwd, head, baseSha)) return ok({ commit: baseSha, message: '' })
  const committer = await readCommitter(desk)
  if (committer === null) return noIdentity()
  const proposal = { strategy, branch: base, sha: baseSha, target: branch, commits: [], committer: '' }
  const message = proposeMessage(proposal)
  const sides = strategy === 'rebase' ? { source: head, onto: baseSha } : { source: baseSha, onto: head }
  const built: Built = await buildMerge(git, place, { ...sides, strategy, committer, message: `${toRaw(message)}\n` })
  if (built.kind === 'built') return ok({ commit: built.commit, message })
  // All it has is in the base by now, in other commits.
  if (built.kind === 'already-merged') return ok({ commit: baseSha, message: '' })
  return refusalOf(built, base, sides.onto)
}
