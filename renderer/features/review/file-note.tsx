import { FileQuestion, FileX, Image as ImageIcon, Package, TriangleAlert, type LucideIcon } from 'lucide-react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import type { PatchState } from '../../data/review.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ImagePair } from './image-pair.tsx'
import { useDesk, useFile, useReviewState } from './review-context.tsx'
import { patchKey } from '../../data/review.ts'
import { shortOid } from './review-words.ts'

/** What stands in the place of a file's lines where there are none to show. */
export const FileNote = ({ rawPath }: { readonly rawPath: string }) => {
  const file = useFile(rawPath)
  const patch = useReviewState(({ patches, whitespace }) =>
    file === undefined ? undefined : patches.get(patchKey(file, whitespace)),
  )
  if (file === undefined) return null
  return (
    <div className="file-note" data-testid={testId.reviewNote}>
      <NoteBody file={file} patch={patch} />
    </div>
  )
}

const NoteBody = ({ file, patch }: { readonly file: ReviewFile; readonly patch: PatchState | undefined }) => {
  const { review } = useDesk()
  switch (file.content) {
    case 'image':
      return <ImagePair file={file} />
    case 'binary':
      return <Words icon={ImageIcon}>A binary file: it has no lines to compare.</Words>
    case 'submodule':
      return (
        <Words icon={Package}>
          Submodule, from <code>{shortOid(file.oldOid)}</code> to <code>{shortOid(file.newOid)}</code>
        </Words>
      )
    default:
      break
  }
  if (patch?.kind === 'too-large')
    return (
      <>
        <Words icon={FileX}>This change is too large to be shown at once. The rest stays quick without it.</Words>
        <Button size="small" onClick={() => review.wantWhole(file)}>
          Show anyway
        </Button>
      </>
    )
  if (patch?.kind === 'failed')
    return (
      <>
        <Words icon={TriangleAlert}>{patch.message}</Words>
        <Button size="small" onClick={() => void review.read().then(() => review.wantWhole(file))}>
          Try again
        </Button>
      </>
    )
  return <Words icon={FileQuestion}>{emptyReason(file)}</Words>
}

/** Why a file that changed has no changed line. */
export const emptyReason = (file: ReviewFile): string => {
  const isMoved = file.change === 'renamed' || file.change === 'copied'
  if (isMoved && file.oldOid === file.newOid)
    return `${file.change === 'copied' ? 'Copied' : 'Renamed'} without changes.`
  if (file.oldOid === file.newOid && file.oldMode !== file.newMode) return 'Only the mode of the file changed.'
  if (file.change === 'added') return 'An empty file.'
  if (file.change === 'deleted') return 'An empty file was deleted.'
  if (file.change === 'unmerged') return 'In conflict: the session that merges has to settle it first.'
  return 'Only whitespace changed.'
}

const Words = ({ icon, children }: { readonly icon: LucideIcon; readonly children: React.ReactNode }) => (
  <p className="file-note-words">
    <Icon of={icon} size={14} />
    <span>{children}</span>
  </p>
)
