import { useEffect, useMemo } from 'react'
import type { ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { useData } from '../data/data-context.tsx'
import { useSessionValue } from '../data/sessions.ts'
import { OutageBanner } from '../features/agent-hooks/outage-banner.tsx'
import { AnswerBar } from '../features/asks/answer-bar.tsx'
import { CoordinationButton, type CoordinationLinks } from '../features/coordination/coordination-panel.tsx'
import { HelpersButton } from '../features/helpers/helpers-panel.tsx'
import { SessionEndBar } from '../features/sessions/session-end-bar.tsx'
import { sessionMenu } from '../features/sessions/session-menu.ts'
import { SessionStage } from '../features/sessions/session-stage.tsx'
import { useSessionActions } from '../features/sessions/use-session-actions.ts'
import type { TileSlots } from '../features/terminals/tiles-context.tsx'
import { TerminalsView } from '../features/terminals/terminals-view.tsx'
import { sessionView, shellView } from '../features/terminals/view-ids.ts'
import type { AppActions } from './app-actions.ts'
import { useActions, useNavigation, useParts } from './app-context.tsx'

// A tile's own menu has these already, or has no place for them.
const leftOut: readonly string[] = ['open', 'shell', 'rename']

/** The terminals of a project, with what sessions and asks draw into the tiles. */
export const TerminalsRoom = ({ projectId }: { readonly projectId: ProjectId }) => {
  const { tiles } = useParts()
  const actions = useActions()
  const reveal = useNavigation((state) => state.reveal)
  useRevealedShell()
  return (
    <TerminalsView
      projectId={projectId}
      controller={tiles}
      slots={useSlots()}
      reveal={reveal}
      onSelect={actions.select}
      onNewSession={() => actions.newSession(projectId)}
    />
  )
}

const useSlots = (): TileSlots => {
  const { stores } = useData()
  const session = useSessionActions()
  const actions = useActions()
  return useMemo(
    () => ({
      renderStage: (id) => <SessionStage sessionId={id} onStartAgain={actions.startAgain} />,
      renderOthers: (id) => (
        <>
          <CoordinationButton sessionId={id} links={linksOf(actions, id)} />
          <HelpersButton sessionId={id} />
        </>
      ),
      renderFooter: (id) => <TileFooter sessionId={id} />,
      sessionMenu: (id) => {
        const row = stores.sessions.get(id)
        if (row === undefined) return []
        return sessionMenu({
          session: row,
          worktree: row.worktreeId === null ? undefined : stores.worktrees.get(row.worktreeId),
          agent: stores.agents.get(row.agentId),
          actions: session,
          onOpen: actions.goToSession,
          onRename: () => {},
          onWhy: actions.askWhy,
          onReview: actions.review,
          onShellOpened: actions.goToShell,
        }).filter((entry) => !leftOut.includes(entry.id))
      },
    }),
    [stores, session, actions],
  )
}

const linksOf = (actions: AppActions, sessionId: SessionId): CoordinationLinks => ({
  openTask: actions.openTask,
  showLeases: () => actions.show({ kind: 'leases' }),
  openLease: actions.openLease,
  showMail: () => actions.show({ kind: 'mail' }),
  openMessage: actions.openMessage,
  showActivity: () => actions.askWhy({ kind: 'session', id: sessionId }),
})

/** What passed unchecked, what it asks, or how it ended. A session without a terminal says both on its stage. */
const TileFooter = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const hasTerminal = useSessionValue(sessionId, (session) => session.terminalId !== null) ?? false
  return (
    <>
      <OutageBanner sessionId={sessionId} />
      <AnswerBar sessionId={sessionId} />
      {hasTerminal ? <SessionEndBar sessionId={sessionId} /> : null}
    </>
  )
}

/** A shell that was just opened gets a tile beside its session, and the focus. */
const useRevealedShell = (): void => {
  const { tiles } = useParts()
  const reveal = useNavigation((state) => state.reveal)
  useEffect(() => {
    if (reveal?.terminalId == null) return
    const shell = shellView(reveal.terminalId)
    tiles.run((dock) => dock.open(shell, sessionView(reveal.sessionId), 'within'))
  }, [tiles, reveal])
}
