import type { Merge, MergePreview, Strategy } from '../../../shared/contract/merge.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { SelectOption } from '../../ui/select.tsx'

export const strategies: readonly { readonly value: Strategy; readonly label: string; readonly hint: string }[] = [
  { value: 'squash', label: 'Squash', hint: 'All changes as one new commit' },
  { value: 'merge', label: 'Merge commit', hint: 'Keeps the commits and adds one that joins them' },
  { value: 'rebase', label: 'Rebase', hint: 'Puts each commit anew on top of the target' },
  { value: 'fast-forward', label: 'Fast-forward', hint: 'Sets the target to the last commit, while it has not moved' },
]

/**
 * The strategies to choose from; one that cannot be done now says why. A base that is a branch elsewhere says nothing of the
 * local one that is merged into, so there git decides.
 */
export const strategyOptions = (base: { readonly ref: string; readonly movedBy: number }): readonly SelectOption[] => {
  const { ref, movedBy } = base
  if (movedBy === 0 || !ref.startsWith('refs/heads/')) return strategies
  const target = visibleLine(targetOf(ref) ?? ref)
  const has = movedBy === 1 ? 'a commit' : `${movedBy} commits`
  const hint = `Not now: ${target} has ${has} that the branch has not. Rebase keeps the commits in one line`
  return strategies.map((one) => (one.value === 'fast-forward' ? { ...one, hint, isDisabled: true } : one))
}

/** What becomes of the commits of a branch; null where there is nothing to say. */
export const commitsWords = (strategy: Strategy, commits: number | null): string | null => {
  if (commits === null || commits === 0) return null
  if (strategy === 'squash') return commits === 1 ? null : `${countOfCommits(commits)} become 1`
  return strategy === 'merge' ? `${countOfCommits(commits)} and 1 that joins them` : null
}

/** What is said where a message could be written otherwise. */
export const keptWords = (commits: number | null): string =>
  commits === null || commits === 0
    ? 'The commits keep their own messages'
    : `${countOfCommits(commits)}, ${commits === 1 ? 'with its own message' : 'with their own messages'}`

/** The listing has no more than these. */
const mostListed = 200
const countOfCommits = (count: number): string =>
  count === 1 ? '1 commit' : count >= mostListed ? `${mostListed} or more commits` : `${count} commits`

/** Squash and merge make a commit, so they have a message; the others keep those of the branch. */
export const hasMessage = (strategy: Strategy): boolean => strategy === 'squash' || strategy === 'merge'

/** The local branch that a base stands for: "refs/remotes/origin/main" is where "main" is pushed to. Null for anything else. */
export const targetOf = (baseRef: string | null): string | null => {
  const [, local, remote] = /^refs\/(?:heads\/(.+)|remotes\/[^/]+\/(.+))$/.exec(baseRef ?? '') ?? []
  return local ?? remote ?? null
}

/** What a preview came to. */
export type PreviewState =
  | { readonly kind: 'reading' }
  | { readonly kind: 'ready'; readonly preview: MergePreview }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }

export interface BarWords {
  readonly tone: 'ok' | 'warn' | 'bad' | 'quiet'
  readonly text: string
  /** Why merging is not possible now; null when it is. */
  readonly blocked: string | null
}

interface KnownOfMerge {
  /** Conflicts were chosen for. */
  readonly isResolved?: boolean
  /** This very commit was merged there, and nobody took it back. */
  readonly isLanded?: boolean
}

const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`)

/** What the bar says of a merge before it is made. */
export const barWords = (
  state: PreviewState,
  target: string,
  uncommitted: number | null,
  { isResolved = false, isLanded = false }: KnownOfMerge = {},
): BarWords => {
  const into = visibleLine(target)
  // What was resolved or made one commit conflicts with itself once it is there.
  if (isLanded && state.kind === 'ready' && state.preview.kind === 'conflicts')
    return nothingNew(into, uncommitted ?? 0)
  switch (state.kind) {
    case 'reading':
      return { tone: 'quiet', text: 'Looking at the result', blocked: 'The result is being computed.' }
    case 'refused':
      return state.code === 'ALREADY_MERGED'
        ? nothingNew(into, uncommitted ?? 0)
        : { tone: 'bad', text: state.message, blocked: state.message }
    case 'ready':
      break
  }
  const { preview } = state
  if (preview.kind === 'conflicts') {
    const where = preview.at === null ? '' : `, at “${visibleLine(preview.at.subject)}”`
    const text = `Conflicts with ${into} in ${files(preview.conflicts.length)}${where}`
    return { tone: 'bad', text, blocked: `${text}. Resolve them first.` }
  }
  const left = uncommitted ?? 0
  if (left > 0) {
    const text = `${files(left)} not committed: ${left === 1 ? 'it stays' : 'they stay'} behind`
    return { tone: 'warn', text, blocked: null }
  }
  const text = isResolved ? `Merges into ${into} as you resolved it` : `Merges cleanly into ${into}`
  return { tone: 'ok', text, blocked: null }
}

const nothingNew = (into: string, uncommitted: number): BarWords => {
  const text =
    uncommitted === 0 ? `Everything is in ${into} already` : `Nothing to merge yet: ${files(uncommitted)} not committed`
  return { tone: uncommitted === 0 ? 'ok' : 'warn', text, blocked: `${text}.` }
}

/** What a notice says once a merge is in the target. */
export const landedWords = ({ source, target, note }: Pick<Merge, 'source' | 'target' | 'note'>): string => {
  const what = source.branch === null ? source.sha.slice(0, 8) : visibleLine(source.branch)
  const said = `Merged ${what} into ${visibleLine(target)}.`
  return note === null ? said : `${said} ${visibleLine(note)}`
}

export const undoneWords = ({ target }: Pick<Merge, 'target'>): string =>
  `${visibleLine(target)} is where it was before the merge.`
