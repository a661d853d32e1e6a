import type { ReviewFile } from '../../../shared/contract/review.ts'
import type { StagingVerb } from '../../../shared/contract/staging.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { useCommandKeys } from '../../ui/command-button.tsx'
import { useReviewState } from './review-context.tsx'
import { extentWords, verbsOf, verbWords } from './staging-verbs.ts'
import { useStagingDesk } from './use-staging.ts'

/** What can be done to a file, or to the hunk or lines one is at in it. */
export const StagingButtons = ({ file }: { readonly file: ReviewFile }) => {
  const staging = useStagingDesk()
  const view = useReviewState((state) => state.view)
  if (staging === null) return null
  const { target, run } = staging
  const aim = target?.rawPath === file.rawPath ? target : null
  const extent = aim?.extent ?? 'file'
  const verbs = verbsOf(file, view, extent)
  const what = extentWords(extent, aim?.count ?? 0)
  // The first says of what; to discard and to revert are alike enough that one of them is drawn.
  const [first, ...others] = verbs.filter((verb) => verb !== 'revert' || !verbs.includes('discard'))
  if (first === undefined) return null
  return (
    <span className="staging-buttons" data-testid={testId.reviewStaging}>
      <StagingButton verb={first} label={`${verbWords[first]} ${what}`} onRun={() => run(first, file.rawPath)} />
      {others.map((verb) => (
        <StagingButton key={verb} verb={verb} label={verbWords[verb]} onRun={() => run(verb, file.rawPath)} />
      ))}
    </span>
  )
}

interface StagingButtonProps {
  readonly verb: StagingVerb
  readonly label: string
  readonly onRun: () => void
}

const StagingButton = ({ verb, label, onRun }: StagingButtonProps) => (
  <Button size="small" variant="ghost" title={hint(useCommandKeys(`review.${verb}`))} onClick={onRun}>
    {label}
  </Button>
)

const hint = (keys: string | undefined) => (keys === undefined ? undefined : `Key ${keys}`)
