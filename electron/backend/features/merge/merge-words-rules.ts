import type { LandCode } from '../../../../shared/contract/merge.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'

/** What keeps a branch from being moved, as the adapter found it. */
export type MoveTrouble =
  | { readonly kind: 'dirty' | 'in-the-way' | 'filtered'; readonly path: string; readonly files: readonly string[] }
  | { readonly kind: 'half-done'; readonly path: string; readonly what: string }
  | { readonly kind: 'away' | 'elsewhere'; readonly path: string }
  | { readonly kind: 'index-locked'; readonly path: string; readonly lock: string }
  | { readonly kind: 'refused'; readonly path: string; readonly message: string }
  | { readonly kind: 'moved'; readonly now: string | null }
  | { readonly kind: 'ref-refused'; readonly message: string }

type MoveCode = Extract<LandCode, 'GONE' | 'MOVED' | 'DIRTY_CHECKOUT' | 'LOCKED'>

const mostNamed = 5

/** A few names, and how many more there are. */
export const listNames = (names: readonly string[]): string => {
  const shown = names.slice(0, mostNamed).map(visibleLine).join(', ')
  return names.length > mostNamed ? `${shown} and ${names.length - mostNamed} more` : shown
}

/** Why a branch was not moved and what to do about it. */
export const moveRefusal = (trouble: MoveTrouble, branch: string): Result<never, MoveCode> => {
  const place = 'path' in trouble ? visibleLine(trouble.path) : ''
  const name = visibleLine(branch)
  switch (trouble.kind) {
    case 'dirty':
      return refuse(
        'DIRTY_CHECKOUT',
        `${name} is checked out in ${place} with changes that are not committed: ${listNames(trouble.files)}. Commit or stash them there, or check out another branch.`,
      )
    case 'in-the-way':
      return refuse(
        'DIRTY_CHECKOUT',
        `${name} is checked out in ${place}, where files that git does not keep are in the way: ${listNames(trouble.files)}. Move them elsewhere, or check out another branch there.`,
      )
    case 'filtered':
      return refuse(
        'DIRTY_CHECKOUT',
        `${name} is checked out in ${place}, and ${listNames(trouble.files)} would need a filter of the repository's, which Switchyard does not run. Check out another branch there, or merge with git in a terminal.`,
      )
    case 'half-done':
      return refuse(
        'DIRTY_CHECKOUT',
        `A ${trouble.what} of ${name} is half done in ${place}. Finish or abort it there, then try again.`,
      )
    case 'away':
      return refuse(
        'DIRTY_CHECKOUT',
        `${name} is checked out in ${place}, which is not there now. Connect its disk, or run “git worktree prune” when it is gone for good.`,
      )
    case 'elsewhere':
      return refuse('MOVED', `${name} changed in ${place} meanwhile. Look at it again, then merge.`)
    case 'index-locked':
      return refuse(
        'LOCKED',
        `Another git is at work in ${place}. Try again when it has ended; when none runs, delete ${visibleLine(trouble.lock)}.`,
      )
    case 'refused':
      return refuse(
        'DIRTY_CHECKOUT',
        `git would not bring the files in ${place} up to date, so nothing was merged: ${visibleLine(trouble.message)}`,
      )
    case 'moved':
      return trouble.now === null
        ? refuse('GONE', `There is no branch ${name} any more.`)
        : refuse(
            'MOVED',
            `${name} has moved to ${trouble.now.slice(0, 8)} meanwhile. Look at the result again, then merge.`,
          )
    default:
      return refuse(
        'LOCKED',
        `git could not move ${name}: ${visibleLine(trouble.message)}. When no git runs, delete the lock it names, then try again.`,
      )
  }
}

/** The same codes for undoing: a branch that moved is one that others have built on. */
export const undoRefusal = (
  trouble: MoveTrouble,
  branch: string,
): Result<never, Exclude<MoveCode, 'MOVED'> | 'MOVED_ON'> => {
  const refused = moveRefusal(trouble, branch)
  if (refused.ok) return refused
  const { code, message } = refused.refusal
  return code === 'MOVED' ? movedOn(branch) : refuse(code, message)
}

export const movedOn = (branch: string): Result<never, 'MOVED_ON'> =>
  refuse(
    'MOVED_ON',
    `${visibleLine(branch)} has moved on since this merge, so it is not set back. Revert the merge with a commit of its own instead.`,
  )

const noPrepare = {
  ALREADY_MERGED: (target: string) => `Everything of it is in ${target} already. There is nothing to merge.`,
  NOT_FAST_FORWARD: (target: string) =>
    `${target} has commits that the branch has not, so it cannot be fast-forwarded. Refresh the branch first, or choose another way to merge.`,
  UNRELATED: (target: string) =>
    `The branch and ${target} have no commit in common. Merge them with git in a terminal.`,
} as const

export const prepareRefusal = <Code extends keyof typeof noPrepare>(code: Code, target: string): Result<never, Code> =>
  refuse(code, noPrepare[code](visibleLine(target)))

export const goneBranch = (branch: string): Result<never, 'GONE'> =>
  refuse('GONE', `There is no branch ${visibleLine(branch)}. Reload the list and choose another.`)
export const goneCommit = (sha: string): Result<never, 'GONE'> =>
  refuse('GONE', `The commit ${sha.slice(0, 12)} is not in the repository any more. Reload and try again.`)
export const noIdentity = (): Result<never, 'NO_IDENTITY'> =>
  refuse(
    'NO_IDENTITY',
    'git does not know who commits. Run: git config --global user.name "Your Name" and git config --global user.email "you@example.com"',
  )
export const unreadable = (problem: string): Result<never, 'UNREADABLE'> =>
  refuse('UNREADABLE', `git could not compute the merge: ${visibleLine(problem)}. Look at it with git in a terminal.`)
export const aliasBranch = (branch: string, other: string): Result<never, 'UNREADABLE'> =>
  refuse(
    'UNREADABLE',
    `${visibleLine(branch)} is another name for ${visibleLine(other.replace(/^refs\/heads\//, ''))}. Choose that one.`,
  )

export const conflictWords = (
  paths: readonly string[],
  target: string,
  at: { readonly subject: string } | null,
): string => {
  const where = at === null ? '' : ` at “${visibleLine(at.subject)}”`
  const files = paths.length === 1 ? '1 file conflicts' : `${paths.length} files conflict`
  return `${files} with ${visibleLine(target)}${where}: ${listNames(paths)}. Refresh the branch and resolve them there, then merge.`
}
