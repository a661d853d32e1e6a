import { findCheckouts, judgeCheckout, type BranchCheckout, type CheckoutProblem } from './branch-checkouts.ts'
import { isContained, moveRef, readBranch } from './branch-refs.ts'
import type { CheckoutDisk } from './checkout-disk.ts'
import { findGitDir } from './config-cache.ts'
import { readRef } from './refs.ts'
import type { Git } from './run-git.ts'
import { settleCheckout, tryUpdate, updateCheckout } from './update-checkout.ts'
import { listWorktrees } from './worktree-list.ts'

export interface BranchMoveDeps {
  readonly git: Git
  readonly disk: CheckoutDisk
}

export interface BranchMove {
  /** Any folder of the repository. */
  readonly cwd: string
  readonly branch: string
  readonly from: string
  readonly to: string
  /** Whose move it is: after a crash its locks are known by this. */
  readonly owner: string
  /** Keeps `from`, whatever becomes of the branch. */
  readonly backupRef: string
  /** For the reflog. */
  readonly reason: string
}

export type MoveProblem =
  | CheckoutProblem
  /** The branch is not where it was expected; null when it is gone. */
  | { readonly kind: 'moved'; readonly now: string | null }
  | { readonly kind: 'ref-refused'; readonly message: string }

/**
 * Moves a branch from one commit to another by compare-and-swap, and with it the files of every checkout that has it checked
 * out. All of it, or nothing: whatever stands in the way is found before the branch moves, under a lock that keeps git out of
 * these checkouts, and a checkout that cannot be brought up to date after all takes the branch back with it. A process that
 * is killed anywhere in between leaves what `settleMove` brings to one of the two ends.
 */
export async function moveBranch(deps: BranchMoveDeps, move: BranchMove): Promise<MoveProblem | null> {
  const found = await findCheckouts(deps.git, move.cwd, move.branch)
  if (found.problem) return found.problem
  const { checkouts } = found
  const problem = (await lockAll(deps, move, checkouts)) ?? (await judgeAll(deps, move, checkouts))
  const refused = problem ?? (await moveRefs(deps, move, checkouts))
  if (refused) {
    await unlockAll(deps, move, checkouts)
    return refused
  }
  for (const checkout of checkouts) {
    const message = await updateCheckout(deps, checkout, move).catch(String)
    if (message === null) continue
    await takeBack(deps, move, checkouts)
    return { kind: 'refused', path: checkout.path, message }
  }
  await unlockAll(deps, move, checkouts)
  return null
}

const unlockAll = async ({ disk }: BranchMoveDeps, { owner }: BranchMove, checkouts: readonly BranchCheckout[]) => {
  for (const { gitDir } of checkouts) await disk.freeLock(gitDir, owner)
}

async function lockAll(
  { disk }: BranchMoveDeps,
  { owner }: BranchMove,
  checkouts: readonly BranchCheckout[],
): Promise<MoveProblem | null> {
  for (const { path, gitDir } of checkouts)
    if (!(await disk.takeLock(gitDir, owner))) return { kind: 'index-locked', path, lock: `${gitDir}/index.lock` }
  return null
}

async function judgeAll(
  deps: BranchMoveDeps,
  { from, to }: BranchMove,
  checkouts: readonly BranchCheckout[],
): Promise<MoveProblem | null> {
  for (const checkout of checkouts) {
    const problem = await judgeCheckout(deps.git, checkout, { from, to })
    if (problem) return problem
    const message = await tryUpdate(deps, checkout, { from, to })
    if (message !== null) return { kind: 'refused', path: checkout.path, message }
  }
  return null
}

/** The backup first: from then on nothing that was on the branch can get lost. */
async function moveRefs(
  { git }: BranchMoveDeps,
  move: BranchMove,
  checkouts: readonly BranchCheckout[],
): Promise<MoveProblem | null> {
  const { cwd, branch, from, to, backupRef, reason } = move
  const known = await readRef(git, cwd, backupRef)
  if (known !== from) {
    const kept = await moveRef(git, cwd, { ref: backupRef, from: known, to: from, reason })
    if (kept.kind === 'refused') return { kind: 'ref-refused', message: kept.message }
  }
  // From the checkout, so that the log of its head says it too.
  const place = checkouts[0]?.path ?? cwd
  const moved = await moveRef(git, place, { ref: `refs/heads/${branch}`, from, to, reason })
  if (moved.kind === 'moved') return null
  const now = (await readBranch(git, cwd, branch))?.sha ?? null
  if (now === to) return null
  return now === from ? { kind: 'ref-refused', message: moved.message } : { kind: 'moved', now }
}

/** Undoes a move whose files could not follow it. What it cannot take back now is brought to an end by `settleMove`. */
async function takeBack(deps: BranchMoveDeps, move: BranchMove, checkouts: readonly BranchCheckout[]): Promise<void> {
  const { cwd, branch, from, to, reason } = move
  const place = checkouts[0]?.path ?? cwd
  const back = { ref: `refs/heads/${branch}`, from: to, to: from, reason: `${reason}: taken back` }
  const result = await moveRef(deps.git, place, back)
  if (result.kind === 'refused') throw new Error(`${branch} could not be taken back: ${result.message}`)
  for (const checkout of checkouts) await settleCheckout(deps, checkout, { other: to, wanted: from })
  await unlockAll(deps, move, checkouts)
}

export interface SettledMove {
  /** The branch has what it was moved to. */
  readonly hasMoved: boolean
  /** What was left as it is in checkouts, for the person to see to. */
  readonly leftovers: readonly { readonly path: string; readonly files: readonly string[] }[]
}

/** Brings a move that was cut short to one of its ends, by where the branch is; may be called again and again. */
export async function settleMove(deps: BranchMoveDeps, move: BranchMove): Promise<SettledMove> {
  const { git, disk } = deps
  const { cwd, branch, from, to, owner } = move
  const tip = (await readBranch(git, cwd, branch))?.sha ?? null
  const leftovers: { path: string; files: readonly string[] }[] = []
  const { checkouts } = await findCheckouts(git, cwd, branch)
  for (const checkout of checkouts) {
    const { path, gitDir } = checkout
    if (tip !== from && tip !== to) continue
    const other = tip === to ? from : to
    if (!(await disk.hasLock(gitDir, owner))) {
      // Somebody took our lock away, as git advises. What was staged since is not ours to judge.
      if (tip === to && (await isIndexOf(git, path, from))) leftovers.push({ path, files: [] })
      continue
    }
    const settled = await settleCheckout(deps, checkout, { other, wanted: tip })
    if (settled.kind === 'refused') leftovers.push({ path, files: [] })
    else if (settled.foreign.length > 0) leftovers.push({ path, files: settled.foreign })
    await disk.freeLock(gitDir, owner)
  }
  // A checkout that has another branch by now, or whose branch went on, keeps no lock of ours.
  for (const { path } of await listWorktrees(git, cwd)) {
    const gitDir = await findGitDir(path)
    if (gitDir !== null) await disk.freeLock(gitDir, owner)
  }
  return { hasMoved: tip !== null && (await hasMoved(git, move, tip)), leftovers }
}

/** Forwards, it has what it was moved to; backwards, it has not any more what it was moved from. */
async function hasMoved(git: Git, { cwd, from, to }: BranchMove, tip: string): Promise<boolean> {
  const isForwards = await isContained(git, cwd, from, to)
  return isForwards ? isContained(git, cwd, to, tip) : !(await isContained(git, cwd, from, tip))
}

/** Whether all that is staged is just this commit: then nobody touched the index since. */
async function isIndexOf(git: Git, path: string, commit: string): Promise<boolean> {
  const args = ['diff-index', '--cached', '--quiet', '--ignore-submodules=none', commit, '--']
  return (await git.run({ cwd: path, args, access: 'read', pinWorkTree: true, expect: [0, 1] })).exitCode === 0
}
