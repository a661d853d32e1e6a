import { ArrowRight, ChevronDown, ChevronRight, Copy } from 'lucide-react'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Lines, Tag } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { useCommandKeys } from '../../ui/command-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useDesk, useFile } from './review-context.tsx'
import { tagsOf } from './review-words.ts'
import { StagingButtons } from './staging-buttons.tsx'
import { ViewedBox } from './viewed-box.tsx'

interface FileHeaderProps {
  readonly rawPath: string
  readonly isFolded: boolean
  /** Only what changed since it was viewed is shown beneath. */
  readonly isSince: boolean
  readonly isCurrent: boolean
  /** Which of its hunks one is in, "hunk 2 of 3"; null when in none. */
  readonly hunk: string | null
}

/** The line above the changes of a file: it stays in sight while they are scrolled through. */
export const FileHeader = ({ rawPath, isFolded, isSince, isCurrent, hunk }: FileHeaderProps) => {
  const file = useFile(rawPath)
  const desk = useDesk()
  const keys = useCommandKeys('review.viewed')
  if (file === undefined) return null
  const slash = file.path.lastIndexOf('/') + 1
  return (
    <div
      className="file-header"
      data-testid={testId.reviewFile}
      data-path={file.path}
      data-current={isCurrent || undefined}
    >
      <IconButton
        icon={isFolded ? ChevronRight : ChevronDown}
        label={isFolded ? 'Unfold' : 'Fold'}
        aria-expanded={!isFolded}
        onClick={() => desk.toggleFold(rawPath)}
      />
      {file.oldPath === null ? null : (
        <>
          <span className="mono cut text-faint">{visibleLine(file.oldPath)}</span>
          <Icon of={ArrowRight} size={12} />
        </>
      )}
      <span className="mono cut selectable" title={visibleLine(file.path)}>
        <span className="text-faint">{visibleLine(file.path.slice(0, slash))}</span>
        {visibleLine(file.path.slice(slash))}
      </span>
      <IconButton icon={Copy} label="Copy path" onClick={() => desk.copyPath(file)} />
      <Lines added={file.added ?? 0} removed={file.removed ?? 0} />
      {tagsOf(file).map((tag) => (
        <Tag key={tag} tone={tag === 'conflict' ? 'bad' : 'plain'}>
          {tag}
        </Tag>
      ))}
      <span className="spacer" />
      {hunk === null ? null : <span className="text-12 text-faint num file-header-hunk">{hunk}</span>}
      <StagingButtons file={file} />
      {file.mark === 'stale' ? (
        <Button size="small" variant="ghost" onClick={() => desk.toggleSince(file)}>
          {isSince ? 'Show all of it' : 'Show what changed'}
        </Button>
      ) : null}
      <span className="file-header-viewed">
        <ViewedBox state={file.mark} label="Viewed" onToggle={() => desk.toggleViewed(file)} />
        <span aria-hidden="true">Viewed</span>
        {keys === undefined ? null : <Kbd keys={keys.toLowerCase()} />}
      </span>
    </div>
  )
}
