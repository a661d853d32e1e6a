import { RotateCw } from 'lucide-react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Note } from '../../ui/bits.tsx'

interface StaleBannerProps {
  readonly files: readonly ReviewFile[]
  readonly onShow: (file: ReviewFile) => void
}

/** What changed after it was viewed, which a person would else take for read. */
export const StaleBanner = ({ files, onShow }: StaleBannerProps) => {
  const stale = files.filter((file) => file.mark === 'stale')
  const [first] = stale
  if (first === undefined) return null
  const name = first.path.slice(first.path.lastIndexOf('/') + 1)
  return (
    <div className="stale-banner">
      <Note icon={RotateCw} tone="warn" testId={testId.reviewStale}>
        <b>{visibleLine(name)}</b>
        {stale.length === 1
          ? ' changed after you viewed it. '
          : ` and ${stale.length - 1} more changed after you viewed them. `}
        <button type="button" className="text-button" onClick={() => onShow(first)}>
          Show what changed
        </button>
      </Note>
    </div>
  )
}
