import type { CheckRun } from '../../shared/contract/checks.ts'
import type { ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import { useCallback, useMemo } from 'react'
import { ActivityScreen } from '../features/activity/activity-screen.tsx'
import { useNeedsYouCount } from '../features/asks/use-needs-you.ts'
import { NeedsYouScreen } from '../features/asks/needs-you-screen.tsx'
import { ChecksCommands, ChecksPanel, ChecksSummary } from '../features/checks/checks-panel.tsx'
import { CommentsActions } from '../features/comments/comments-actions.tsx'
import { CommentsRoom } from '../features/comments/comments-room.tsx'
import { LeasesRoom } from '../features/leases/leases-room.tsx'
import { MailRoom } from '../features/mail/mail-room.tsx'
import { FirstRunScreen } from '../features/first-run/first-run-screen.tsx'
import { MergeBar, type MergeChoice } from '../features/merge/merge-bar.tsx'
import { targetOf } from '../features/merge/merge-words.ts'
import { QueueButton } from '../features/queue/queue-button.tsx'
import { QueuePanel } from '../features/queue/queue-panel.tsx'
import { QueueRoom } from '../features/queue/queue-room.tsx'
import { RemotePanel } from '../features/remote/remote-panel.tsx'
import { ForecastPanel } from '../features/merge/forecast-panel.tsx'
import { RefreshBase } from '../features/merge/refresh-base.tsx'
import { ReviewScreen } from '../features/review/review-screen.tsx'
import type { BranchNow, ReviewSlots } from '../features/review/review-slots.ts'
import { TasksRoom } from '../features/tasks/tasks-room.tsx'
import { TerminalsTools } from '../features/terminals/terminals-tools.tsx'
import { useCommandKeys } from '../ui/command-button.tsx'
import type { AppActions } from './app-actions.ts'
import { useActions, useNavigation, useParts } from './app-context.tsx'
import { NotifyOffer } from './notify-offer.tsx'
import { TerminalsRoom } from './terminals-room.tsx'

/** The view of the selected tab. */
export const MainView = () => {
  const view = useNavigation((state) => state.view)
  switch (view.kind) {
    case 'needs-you':
      return <NeedsYou />
    case 'activity':
      return <ActivityRoom />
    case 'get-started':
      return <GetStarted />
    case 'mail':
      return <Mail />
    case 'leases':
      return <Leases />
    case 'queue':
      return <Queue />
    case 'tasks':
      return <Tasks projectId={view.projectId} />
    case 'review':
      return <Review key={view.sessionId} sessionId={view.sessionId} />
    case 'terminals':
      return <TerminalsRoom projectId={view.projectId} />
    default:
      return unreachable(view)
  }
}

/** What the view adds to the end of the tab bar. */
export const MainTools = () => {
  const { tiles } = useParts()
  return useNavigation((state) => state.view.kind) === 'terminals' ? <TerminalsTools controller={tiles} /> : null
}

const NeedsYou = () => {
  const actions = useActions()
  const selectedKey = useNavigation((state) => state.needsYouKey)
  const focusRequest = useNavigation((state) => state.needsYouTurn)
  const nextKeys = useCommandKeys('needs-you.next')
  const count = useNeedsYouCount()
  return (
    <NeedsYouScreen
      selectedKey={selectedKey}
      focusRequest={focusRequest}
      nextKeys={nextKeys}
      onSelect={actions.selectNeed}
      onGoToTerminal={actions.goToSession}
      onOpenTerminals={actions.goToTerminals}
      footer={<NotifyOffer isQuiet={count === 0} />}
    />
  )
}

const Tasks = ({ projectId }: { readonly projectId: ProjectId }) => {
  const actions = useActions()
  const openId = useNavigation((state) => state.openTaskId)
  return (
    <TasksRoom
      projectId={projectId}
      openId={openId}
      onOpen={actions.openTask}
      onProject={(id) => actions.show({ kind: 'tasks', projectId: id })}
      onStart={actions.startOnTask}
      onConfigureStart={actions.configureStart}
      onGoToSession={actions.goToSession}
    />
  )
}

/** What stands beside and beneath the changes of a review. */
const reviewSlots = (actions: AppActions): ReviewSlots => {
  const onEdit = (projectId: ProjectId) => actions.open({ kind: 'checks', projectId })
  const onOutput = (run: CheckRun) => actions.open({ kind: 'check-output', run })
  return {
    Around: CommentsRoom,
    action: <CommentsActions />,
    side: {
      panel: (branch) => (
        <>
          <ChecksPanel place={branch} onEdit={onEdit} onOutput={onOutput} />
          <ForecastPanel place={branch} onReview={actions.review} />
          <QueueSide branch={branch} onOpen={() => actions.show({ kind: 'queue' })} />
          <RemotePanel place={branch} />
        </>
      ),
      summary: (branch) => <ChecksSummary place={branch} />,
      commands: (branch) => <ChecksCommands place={branch} onEdit={onEdit} />,
    },
    bar: (branch) => <MergeBar branch={branch} later={(choice) => <QueueLater branch={branch} choice={choice} />} />,
    base: (branch) => <RefreshBase branch={branch} />,
  }
}

const QueueSide = ({ branch, onOpen }: { readonly branch: BranchNow; readonly onOpen: () => void }) => {
  const { projectId, sessionId, base } = branch
  const target = targetOf(base?.ref ?? null)
  return target === null ? null : (
    <QueuePanel projectId={projectId} sessionId={sessionId} target={target} onOpen={onOpen} />
  )
}

const QueueLater = ({ branch, choice }: { readonly branch: BranchNow; readonly choice: MergeChoice }) => {
  const { sessionId, worktreeId, head } = branch
  return head === null ? null : <QueueButton sessionId={sessionId} worktreeId={worktreeId} head={head} {...choice} />
}

const Review = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const actions = useActions()
  const slots = useMemo(() => reviewSlots(actions), [actions])
  return <ReviewScreen sessionId={sessionId} onGoToSession={actions.goToSession} slots={slots} />
}

const Mail = () => {
  const actions = useActions()
  const place = useNavigation((state) => state.mailPlace)
  return (
    <MailRoom
      place={place}
      usualProject={actions.currentProject()}
      onPlace={actions.showMail}
      onGoToSession={actions.goToSession}
    />
  )
}

const Leases = () => {
  const actions = useActions()
  const marked = useNavigation((state) => state.markedLease)
  return (
    <LeasesRoom
      marked={marked}
      onGoToSession={actions.goToSession}
      onWrite={(preset) => actions.showMail({ kind: 'compose', preset })}
    />
  )
}

const Queue = () => <QueueRoom onGoToSession={useActions().goToSession} />

const ActivityRoom = () => {
  const actions = useActions()
  const { navigation } = useParts()
  const asked = useNavigation((state) => state.askedWhy)
  const taken = useCallback(() => navigation.setState({ askedWhy: null }), [navigation])
  return <ActivityScreen asked={asked} onTaken={taken} follow={actions.follow} />
}

const GetStarted = () => {
  const actions = useActions()
  return (
    <FirstRunScreen
      keys={{
        openFolder: useCommandKeys('project.open'),
        newSession: useCommandKeys('session.new'),
        palette: useCommandKeys('app.palette'),
        help: useCommandKeys('app.help'),
      }}
      onOpenFolder={actions.openProject}
      onSample={actions.openSample}
      onNewSession={() => actions.newSession(null)}
      onOpenProject={(projectId) => actions.show({ kind: 'terminals', projectId })}
    />
  )
}
