import { ChevronDown } from 'lucide-react'
import type { ReviewCommit, ReviewView } from '../../../shared/contract/review.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { testId } from '../../lib/test-ids.ts'
import { exactTime } from '../../lib/time.ts'
import { Count } from '../../ui/bits.tsx'
import { checked } from '../../ui/filter-bar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'

interface CommitMenuProps {
  readonly commits: readonly ReviewCommit[]
  readonly view: ReviewView
  readonly onShow: (view: ReviewView) => void
}

/** The commits of the branch, the newest first: what each of them changed. */
export const CommitMenu = ({ commits, view, onShow }: CommitMenuProps) => {
  const shown = commits.find((commit) => isShown(commit, view))
  return (
    <Menu align="start" entries={commitEntries({ commits, view, onShow })}>
      <button
        type="button"
        className="review-view"
        aria-current={shown === undefined ? undefined : 'true'}
        data-testid={testId.reviewCommits}
      >
        {shown === undefined ? 'Commits' : `Commit ${shown.sha.slice(0, 8)}`}
        <Count value={commits.length} />
        <Icon of={ChevronDown} size={14} />
      </button>
    </Menu>
  )
}

const isShown = ({ sha, parent }: ReviewCommit, view: ReviewView): boolean =>
  view.kind === 'range' && view.to === sha && view.from === parent

export const commitEntries = ({ commits, view, onShow }: CommitMenuProps): readonly MenuEntry[] =>
  commits.map((commit) => ({
    kind: 'item',
    id: commit.sha,
    label: `${visibleLine(commit.subject)} · ${visibleLine(commit.author)}, ${exactTime(commit.at)}`,
    ...checked(isShown(commit, view)),
    onChoose: () => onShow({ kind: 'range', from: commit.parent, to: commit.sha }),
  }))
