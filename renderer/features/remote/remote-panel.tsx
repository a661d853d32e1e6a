import './remote.css'
import { CloudUpload, RefreshCw } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { RemoteState } from '../../../shared/contract/remote.ts'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useData } from '../../data/data-context.tsx'
import { useCommands } from '../../lib/command-context.tsx'
import type { Command } from '../../lib/commands.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { IconButton } from '../../ui/button.tsx'
import { PullRequestDialog } from './pull-request-dialog.tsx'
import { RemoteContent } from './remote-content.tsx'
import { createRemoteDesk, type RemoteDesk } from './remote-desk.ts'
import { createBlocked, forgeName, pushBlocked } from './remote-words.ts'
import { ReplaceDialog } from './replace-dialog.tsx'

/** The branch that is looked at; as the review tells it. */
export interface RemotePlace {
  readonly worktreeId: WorktreeId
  readonly branch: string | null
  readonly head: string | null
}

/** While a review is looked at, its pull request is. The backend says how often the forge is really asked. */
const everyMs = 2 * 60_000

/** Where the branch stands with its remote: pushing it, and its pull request. */
export const RemotePanel = ({ place }: { readonly place: RemotePlace }) => (
  <Panel key={place.worktreeId} place={place} />
)

const Panel = ({ place }: { readonly place: RemotePlace }) => {
  const { api } = useData()
  const [desk] = useState(() => createRemoteDesk(api.remote, place.worktreeId))
  const { state, problem, isAsking } = useStore(desk.store)
  const [open, setOpen] = useState<'create' | 'replace' | null>(null)
  const notices = useNotices()
  useLooks(desk, place)
  const push = usePush(desk)
  useRemoteCommands(state, { push: () => void push(null), create: () => setOpen('create') })
  const ask = () => void desk.refresh(true).then((refused) => refused !== null && notices.refuse(refused))
  const close = () => setOpen(null)
  return (
    <section className="remote-panel" aria-labelledby="remote-heading" data-testid={testId.remote}>
      <header className="remote-header">
        <h2 id="remote-heading">Remote</h2>
        <span className="spacer" />
        {state?.tool === 'ready' ? (
          <IconButton
            icon={RefreshCw}
            label={
              isAsking
                ? `Asking ${forgeName(state.forge ?? 'github')}`
                : `Ask ${forgeName(state.forge ?? 'github')} now`
            }
            onClick={ask}
            data-testid={testId.remoteAsk}
          />
        ) : null}
      </header>
      {state === null ? (
        <p className="remote-line text-12 text-quiet">{problem ?? 'Looking at the remote'}</p>
      ) : (
        <RemoteContent
          desk={desk}
          state={state}
          onPush={() => void push(null)}
          onReplace={() => setOpen('replace')}
          onCreate={() => setOpen('create')}
        />
      )}
      {open === 'create' && state !== null ? <PullRequestDialog desk={desk} state={state} onClose={close} /> : null}
      {open === 'replace' && state !== null ? (
        <ReplaceDialog state={state} onClose={close} onReplace={(replaces) => void push(replaces)} />
      ) : null}
    </section>
  )
}

/** Reads again when the branch or its pull request has changed, and has the forge asked from time to time. */
const useLooks = (desk: RemoteDesk, { worktreeId, branch, head }: RemotePlace) => {
  const { stores } = useData()
  const row = useStore(stores.pullRequests.store, (rows) => rows.byId.get(worktreeId))
  const stamp = JSON.stringify([branch, head, row])
  useEffect(() => {
    void desk.lookAt(stamp)
  }, [desk, stamp])
  useEffect(() => {
    // Nobody looks at a page that is hidden.
    const ask = () => void (document.visibilityState === 'visible' && desk.refresh(false))
    ask()
    const timer = setInterval(ask, everyMs)
    return () => clearInterval(timer)
  }, [desk])
}

const usePush = (desk: RemoteDesk) => {
  const notices = useNotices()
  return async (replaces: string | null) => {
    const branch = desk.store.getState().state?.branch ?? ''
    const done = await desk.push(replaces)
    if ('refused' in done) return notices.refuse(done.refused)
    const name = visibleLine(branch)
    const text =
      done.kind === 'pushed' ? `Pushed ${name}. The repository’s own hooks did not run.` : `${name} is there already.`
    return notices.show({ icon: CloudUpload, text })
  }
}

const useRemoteCommands = (
  state: RemoteState | null,
  verbs: { readonly push: () => void; readonly create: () => void },
) => {
  const latest = useLatest({ state, verbs })
  const commands = useMemo(
    (): readonly Command[] => [
      {
        id: 'remote.push',
        group: 'Review',
        title: 'Push the branch',
        keywords: ['remote', 'origin', 'upload'],
        keys: [],
        isEnabled: () => latest.current.state !== null && pushBlocked(latest.current.state) === null,
        run: () => latest.current.verbs.push(),
      },
      {
        id: 'remote.pull-request',
        group: 'Review',
        title: 'Make a pull request…',
        keywords: ['merge request', 'github', 'gitlab', 'pr'],
        keys: [],
        isEnabled: () => {
          const { state: now } = latest.current
          return now?.tool === 'ready' && now.pullRequest === null && createBlocked(now) === null
        },
        run: () => latest.current.verbs.create(),
      },
    ],
    [latest],
  )
  useCommands(commands)
}
