import './conflict-editor.css'
import { Check, Circle, CircleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { conflictKey } from '../../../shared/contract/conflict-key.ts'
import type { ConflictView, MergeConflictViews, MergeResolution } from '../../../shared/contract/merge.ts'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import type { Result } from '../../../shared/lib/result.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useKeptValue } from '../../data/kept-value.ts'
import { testId } from '../../lib/test-ids.ts'
import { Note, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { leftIn, parseDrafts, resolutionsOf, type ConflictDrafts, type FileDraft } from './conflict-drafts.ts'
import { ConflictFile } from './conflict-file.tsx'
import { allLeftWords, conflictWords, leftWords } from './conflict-words.ts'

export interface ConflictEditorProps {
  readonly worktreeId: WorktreeId
  readonly target: string
  readonly onRead: () => Promise<Result<MergeConflictViews, string>>
  readonly onUse: (resolutions: readonly MergeResolution[]) => void
  readonly onClose: () => void
}

type Reading = { readonly kind: 'reading' } | { readonly kind: 'failed'; readonly message: string } | Ready
interface Ready {
  readonly kind: 'ready'
  readonly views: readonly ConflictView[]
  readonly at: MergeConflictViews['at']
}

/** Makes one file of two, place by place. What was chosen is kept for these versions, whatever becomes of the page. */
export const ConflictEditor = ({ worktreeId, target, onRead, onUse, onClose }: ConflictEditorProps) => {
  const reading = useReading(onRead)
  const [drafts, setDrafts] = useKeptValue(`draft:conflicts:${worktreeId}`, parseDrafts)
  const views = reading.kind === 'ready' ? reading.views : []
  const resolutions = reading.kind === 'ready' ? resolutionsOf(views, drafts) : null
  const left = views.filter((view) => leftIn(view, drafts[conflictKey(view)]) > 0).length
  const use = () => {
    if (resolutions === null) return
    const keys = new Set(views.map(conflictKey))
    setDrafts((before) => Object.fromEntries(Object.entries(before).filter(([key]) => keys.has(key))))
    onUse(resolutions)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Resolve conflicts with ${visibleLine(target)}`}
      width={1240}
      testId={testId.conflictEditor}
      footer={
        <>
          <span className="text-12 text-quiet num" role="status" data-testid={testId.conflictLeft}>
            {reading.kind === 'ready' ? allLeftWords(left, views.length) : ''}
          </span>
          <span className="spacer" />
          <Button onClick={onClose}>Later</Button>
          <Button
            variant="primary"
            icon={Check}
            disabledReason={resolutions === null ? 'Choose for every file first. What you chose is kept.' : null}
            onClick={use}
            data-testid={testId.conflictUse}
          >
            Use this result
          </Button>
        </>
      }
    >
      <Content
        reading={reading}
        drafts={drafts}
        target={target}
        onDraft={(view, draft) => setDrafts((before) => ({ ...before, [conflictKey(view)]: draft }))}
      />
    </Dialog>
  )
}

const useReading = (onRead: ConflictEditorProps['onRead']): Reading => {
  const [reading, setReading] = useState<Reading>({ kind: 'reading' })
  useEffect(() => {
    let isWanted = true
    void onRead().then((result) => {
      if (!isWanted) return
      if (result.ok) setReading({ kind: 'ready', views: result.value.conflicts, at: result.value.at })
      else setReading({ kind: 'failed', message: result.refusal.message })
    })
    return () => {
      isWanted = false
    }
  }, [onRead])
  return reading
}

interface ContentProps {
  readonly reading: Reading
  readonly drafts: ConflictDrafts
  readonly target: string
  readonly onDraft: (view: ConflictView, draft: FileDraft) => void
}

const Content = ({ reading, drafts, target, onDraft }: ContentProps) => {
  const [chosen, setChosen] = useState<string | null>(null)
  if (reading.kind === 'reading') return <Loading />
  const shown =
    reading.kind === 'ready'
      ? (reading.views.find((one) => conflictKey(one) === chosen) ?? reading.views[0])
      : undefined
  if (reading.kind === 'failed' || shown === undefined) {
    const words = reading.kind === 'failed' ? reading.message : 'Nothing conflicts any more. Close this and merge.'
    return (
      <div className="conflict-editor-empty">
        <Note icon={reading.kind === 'failed' ? CircleAlert : Check}>{words}</Note>
      </div>
    )
  }
  return (
    <div className="conflict-editor">
      <nav className="conflict-files" aria-label="Files in conflict">
        {reading.at === null ? null : (
          <p className="text-12 text-quiet conflict-at">
            While <span className="mono">{reading.at.sha.slice(0, 7)}</span> is put on:{' '}
            {visibleLine(reading.at.subject)}
          </p>
        )}
        {reading.views.map((view) => (
          <FileRow
            key={conflictKey(view)}
            view={view}
            left={leftIn(view, drafts[conflictKey(view)])}
            isShown={view === shown}
            onShow={() => setChosen(conflictKey(view))}
          />
        ))}
      </nav>
      <ConflictFile
        key={conflictKey(shown)}
        view={shown}
        words={conflictWords(shown, target)}
        draft={drafts[conflictKey(shown)]}
        target={target}
        onDraft={(draft) => onDraft(shown, draft)}
      />
    </div>
  )
}

interface FileRowProps {
  readonly view: ConflictView
  readonly left: number
  readonly isShown: boolean
  readonly onShow: () => void
}

const FileRow = ({ view, left, isShown, onShow }: FileRowProps) => (
  <button
    type="button"
    className="conflict-file-row"
    aria-current={isShown ? 'true' : undefined}
    data-done={left === 0 || undefined}
    title={visibleLine(view.path)}
    onClick={onShow}
    data-testid={testId.conflictFile}
  >
    <Icon of={left === 0 ? Check : Circle} size={14} />
    <span className="cut mono">{visibleLine(view.path)}</span>
    <span className="spacer" />
    <span className="text-12 text-faint num">{leftWords(left)}</span>
  </button>
)

const widths = ['62%', '48%', '70%', '55%', '38%'] as const
const Loading = () => (
  <div className="conflict-editor-empty" aria-busy="true" role="status" aria-label="Reading the conflicts">
    {widths.map((width) => (
      <Skeleton key={width} width={width} />
    ))}
  </div>
)
