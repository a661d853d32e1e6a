import type { Merge } from '../../../shared/contract/merge.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'

/** Why a branch cannot be brought onto its base now; null when it can, or while that is not known. */
export const refreshBlocked = (uncommitted: number | null): string | null => {
  if (uncommitted === null || uncommitted === 0) return null
  const files = uncommitted === 1 ? '1 file is' : `${uncommitted} files are`
  return `${files} not committed. Commit or stash them in the worktree first.`
}

type Refreshed = Pick<Merge, 'source' | 'target' | 'strategy' | 'note'>

/** What a notice says once it is done. The base is what was merged, and the branch is where it landed. */
export const refreshedWords = ({ source, target, strategy, note }: Refreshed): string => {
  const [branch, base] = [visibleLine(target), visibleLine(source.branch ?? source.sha.slice(0, 8))]
  const said = strategy === 'rebase' ? `Rebased ${branch} onto ${base}.` : `Merged ${base} into ${branch}.`
  return note === null ? said : `${said} ${visibleLine(note)}`
}

export const unrefreshedWords = ({ target }: Pick<Merge, 'target'>): string =>
  `${visibleLine(target)} is where it was before.`
