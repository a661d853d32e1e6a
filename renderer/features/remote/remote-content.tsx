import { CircleStop, CloudUpload, GitMerge, GitPullRequestArrow, Info, TriangleAlert } from 'lucide-react'
import { useStore } from 'zustand'
import type { RemoteState } from '../../../shared/contract/remote.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { testId } from '../../lib/test-ids.ts'
import { Note, withCode } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Link } from './link.tsx'
import { PullRequestView } from './pull-request-view.tsx'
import type { RemoteDesk } from './remote-desk.ts'
import {
  canReplace,
  createBlocked,
  mergedWords,
  pushBlocked,
  requestWord,
  standWords,
  toolWords,
} from './remote-words.ts'

interface ContentProps {
  readonly desk: RemoteDesk
  readonly state: RemoteState
  readonly onPush: () => void
  readonly onReplace: () => void
  readonly onCreate: () => void
}

/** What the section says once it was read. */
export const RemoteContent = ({ desk, state, onPush, onReplace, onCreate }: ContentProps) => {
  const { remote, pullRequest, compareUrl, notes } = state
  const isPushing = useStore(desk.store, (now) => now.isPushing)
  if (remote === null)
    return <p className="remote-line text-12 text-quiet">{withCode(state.problem ?? 'There is no remote.')}</p>
  const merged = mergedWords(state)
  const missing = toolWords(state)
  return (
    <div className="remote-body">
      <p className="remote-line text-12" title={visibleLine(remote.url)}>
        <span>{visibleLine(remote.name)}</span>
        <span className="mono cut text-faint">{visibleLine(remote.url)}</span>
      </p>
      <p className="remote-line text-12 text-quiet" role="status" data-testid={testId.remoteStand}>
        {state.problem ?? standWords(state)}
      </p>
      <div className="remote-actions">
        {isPushing ? (
          <Button size="small" icon={CircleStop} onClick={desk.cancel} data-testid={testId.remoteCancel}>
            End the push
          </Button>
        ) : (
          <Button
            size="small"
            icon={CloudUpload}
            disabledReason={pushBlocked(state)}
            onClick={onPush}
            data-testid={testId.remotePush}
          >
            Push
          </Button>
        )}
        {canReplace(state) && !isPushing ? (
          <Button size="small" variant="danger" onClick={onReplace} data-testid={testId.remoteReplace}>
            Replace…
          </Button>
        ) : null}
        {pullRequest === null && state.tool === 'ready' ? (
          <Button
            size="small"
            icon={GitPullRequestArrow}
            disabledReason={createBlocked(state)}
            onClick={onCreate}
            data-testid={testId.remoteCreate}
          >
            Make a {requestWord(state.forge)}…
          </Button>
        ) : null}
      </div>
      {pullRequest === null && compareUrl !== null && state.remoteHead !== null ? (
        <p className="remote-line text-12">
          <Link url={compareUrl}>Compare in the browser</Link>
        </p>
      ) : null}
      {missing === null ? null : <p className="remote-line text-12 text-quiet">{withCode(missing)}</p>}
      {notes.map((note) => (
        <p key={note} className="remote-line remote-note text-12 text-quiet">
          <Icon of={Info} size={12} /> {note}
        </p>
      ))}
      {merged === null ? null : (
        <div className="remote-line">
          <Note icon={GitMerge} testId={testId.remoteMerged}>
            {merged}
          </Note>
        </div>
      )}
      {pullRequest === null ? null : <PullRequestView desk={desk} pull={pullRequest} />}
      {pullRequest?.problem == null ? null : (
        <div className="remote-line">
          <Note icon={TriangleAlert} tone="warn">
            {withCode(visibleLine(pullRequest.problem))}
          </Note>
        </div>
      )}
    </div>
  )
}
