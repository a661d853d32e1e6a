import { GitCommitHorizontal } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useCommands } from '../../lib/command-context.tsx'
import { testId } from '../../lib/test-ids.ts'
import { CommandButton } from '../../ui/command-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { CommitDialog } from './commit-dialog.tsx'
import { useReviewState } from './review-context.tsx'

/** The command that commits, wherever in the review one is, and what it opens. */
export const CommitCommand = () => {
  const [isOpen, setOpen] = useState(false)
  useCommands(
    useMemo(
      () => [
        {
          id: 'review.commit',
          title: 'Commit what is staged…',
          group: 'Review' as const,
          keys: [{ press: 'Shift+C', scope: 'outside-terminal' as const }],
          keywords: ['amend', 'message'],
          run: () => setOpen(true),
        },
      ],
      [],
    ),
  )
  return isOpen ? <CommitDialog onClose={() => setOpen(false)} /> : null
}

/** What is staged, and the way to commit it. */
export const CommitFoot = () => {
  const staged = useReviewState((state) => state.listing?.stagedFiles ?? 0)
  return staged === 0 ? null : (
    <div className="commit-foot" data-testid={testId.commitFoot}>
      <Icon of={GitCommitHorizontal} size={14} />
      <span className="grow num">{staged === 1 ? '1 file staged' : `${staged} files staged`}</span>
      <CommandButton command="review.commit" size="small" testId={testId.commitOpen}>
        Commit…
      </CommandButton>
    </div>
  )
}
