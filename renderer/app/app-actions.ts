import type { ActivityObject } from '../../shared/contract/activity.ts'
import type { Session } from '../../shared/contract/sessions.ts'
import type { Appearance } from '../../shared/contract/settings.ts'
import type { LeaseId, MessageId, ProjectId, SessionId, TaskId, TerminalId, ThreadId } from '../../shared/lib/ids.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import type { AppData } from '../data/app-data.ts'
import { orderedIds } from '../data/sessions.ts'
import { parseAppearance, readSetting, writeSetting } from '../data/settings.ts'
import { settle } from '../data/settle.ts'
import { nextEntry, nextSessionEntry } from '../features/asks/needs-you-entries.ts'
import { readNeedsYou } from '../features/asks/use-needs-you.ts'
import type { MailPlace } from '../features/mail/mail-place.ts'
import { draftOfSession } from '../features/sessions/new-session/new-session-rules.ts'
import type { AskWhy } from '../lib/why-context.tsx'
import type { Notices } from '../lib/notices.tsx'
import { createTaskStarts } from './task-starts.ts'
import type { Dialogs, OpenDialog, OpenProjectProblem } from './dialogs.ts'
import {
  closeTab,
  projectOf,
  revealLease,
  revealMessage,
  revealSession,
  revealTask,
  showView,
  type Navigation,
  type Reveal,
  type View,
} from './navigation.ts'

export interface AppActions {
  readonly show: (view: View) => void
  readonly close: (view: View) => void
  readonly open: (dialog: OpenDialog) => void
  readonly closeDialog: () => void
  readonly goToSession: (id: SessionId, focus?: Reveal['focus']) => void
  /** The n-th session of the sidebar, counted from 1 over all projects. */
  readonly goToNth: (n: number) => void
  readonly goToTerminals: () => void
  readonly goToTasks: () => void
  /** Shows what a session changed. */
  readonly review: (id: SessionId) => void
  /** The same of the session that is looked at. */
  readonly reviewSelected: () => void
  /** Shows the mail, with this beside its threads. */
  readonly showMail: (place: MailPlace) => void
  /** Shows the very lease, or the very message, that a link stands for. */
  readonly openLease: (id: LeaseId) => void
  readonly openMessage: (message: { readonly id: MessageId; readonly threadId: ThreadId }) => void
  /** The project that is looked at, or the one opened last. */
  readonly currentProject: () => ProjectId | null
  /** Shows a task beside the board of its project; null closes what is shown there. */
  readonly openTask: (id: TaskId | null) => void
  /** Starts a session on a task at once, as the last one of the project was started. */
  readonly startOnTask: (id: TaskId) => Promise<void>
  /** The same, with a look at the choices first. */
  readonly configureStart: (id: TaskId) => Promise<void>
  /** Shows in the log why a session or a task is where it is. */
  readonly askWhy: AskWhy
  /** How an object of the log is shown; null when it is shown nowhere, or is not there any more. */
  readonly follow: (object: ActivityObject) => (() => void) | null
  readonly goToNextThatNeedsYou: () => void
  readonly selectNeed: (key: string) => void
  readonly newSession: (projectId: ProjectId | null) => void
  /** Offers to start in another way what a session was to do. */
  readonly startAgain: (session: Session) => void
  readonly openProject: () => void
  readonly openFolder: (path: string, initialise: boolean) => Promise<OpenProjectProblem | null>
  readonly openSample: () => Promise<OpenProjectProblem | null>
  /** A session was just created: its row is there at once, and it is looked at. */
  readonly started: (session: Session, isRepeating: boolean) => void
  readonly openShell: (id: SessionId) => void
  /** The tile that is worked in changed: the sidebar marks its session. */
  readonly select: (id: SessionId) => void
  readonly goToShell: (id: SessionId, terminalId: TerminalId) => void
  readonly appear: (change: Partial<Appearance>) => void
  readonly seen: (id: SessionId) => void
  /** Ends the app; with `stopAll` also every session and the process that keeps the terminals. */
  readonly quit: (stopAll: boolean) => void
}

interface ActionDeps {
  readonly data: AppData
  readonly navigation: Navigation
  readonly dialogs: Dialogs
  readonly notices: Notices
}

/** What menus, keys, the palette and buttons of the shell do. */
export const createAppActions = (deps: ActionDeps): AppActions => {
  const { data, navigation, dialogs, notices } = deps
  const open = (dialog: OpenDialog) => dialogs.setState({ open: dialog })
  const show = (view: View) => navigation.setState((state) => showView(state, view))
  const goToSession = (id: SessionId, focus: Reveal['focus'] = 'terminal') => {
    const session = data.stores.sessions.get(id)
    if (session === undefined) return
    navigation.setState((state) => revealSession(state, session, focus))
    if (session.isUnread) seen(id)
  }
  const goToShell = (id: SessionId, terminalId: TerminalId) => {
    const session = data.stores.sessions.get(id)
    if (session !== undefined) navigation.setState((state) => revealSession(state, session, 'terminal', terminalId))
  }
  // Not worth a notice: the next look tries again.
  const seen = (sessionId: SessionId) => void settle(data.api.sessions.markSeen({ sessionId }))
  const projects = projectActions({ ...deps, open, show })
  return {
    show,
    open,
    goToSession,
    goToShell,
    select: (selectedSessionId) => navigation.setState({ selectedSessionId }),
    seen,
    ...projects,
    ...createTaskStarts({ ...deps, open, goToSession }),
    openTask: (id) => {
      const task = id === null ? undefined : data.stores.tasks.get(id)
      if (id === null) navigation.setState({ openTaskId: null })
      else if (task === undefined) navigation.setState({ openTaskId: id })
      else navigation.setState((state) => revealTask(state, task))
    },
    goToTasks: () => {
      const projectId = currentProject(deps)
      show(projectId === null ? { kind: 'get-started' } : { kind: 'tasks', projectId })
    },
    ...reviewActions(deps, show),
    showMail: (mailPlace) => navigation.setState((state) => ({ ...showView(state, { kind: 'mail' }), mailPlace })),
    openLease: (id) => navigation.setState((state) => revealLease(state, id)),
    openMessage: (message) => navigation.setState((state) => revealMessage(state, message)),
    currentProject: () => currentProject(deps),
    askWhy: (askedWhy) => navigation.setState((state) => ({ ...showView(state, { kind: 'activity' }), askedWhy })),
    follow: followActions(deps, goToSession),
    ...needActions(deps, goToSession),
    close: (view) => navigation.setState((state) => closeTab(state, view)),
    closeDialog: () => open({ kind: 'none' }),
    goToNth: (n) => {
      const id = allInOrder(data)[n - 1]
      if (id !== undefined) goToSession(id)
    },
    goToTerminals: () => {
      const projectId = currentProject(deps)
      show(projectId === null ? { kind: 'get-started' } : { kind: 'terminals', projectId })
    },
    newSession: (projectId) => {
      const chosen = projectId ?? currentProject(deps)
      if (chosen === null) projects.openProject()
      else open({ kind: 'new-session', projectId: chosen, draft: null, task: null })
    },
    startAgain: (session) =>
      open({ kind: 'new-session', projectId: session.projectId, draft: draftOfSession(session), task: null }),
    started: (session, isRepeating) => {
      data.stores.sessions.put([session])
      if (!isRepeating) goToSession(session.id)
    },
    openShell: (sessionId) => {
      void settle(data.api.sessions.openShell({ sessionId })).then((result) => {
        if (!result.ok) return notices.refuse(result.refusal.message)
        return goToShell(sessionId, result.value.terminalId)
      })
    },
    quit: (stopAll) => {
      void settle(data.api.host.quit({ stopAll })).then((result) => {
        // The app may be gone before its answer arrives; that is what was asked for.
        if (!result.ok && result.refusal.code !== 'CONNECTION_LOST') notices.refuse(result.refusal.message)
      })
    },
    appear: (change) => {
      const appearance = { ...parseAppearance(readSetting(data, 'appearance')), ...change }
      void writeSetting(data, 'appearance', appearance)
    },
  }
}

const followActions =
  ({ data, navigation }: ActionDeps, goToSession: AppActions['goToSession']): AppActions['follow'] =>
  (object) => {
    switch (object.kind) {
      case 'task':
        return () => navigation.setState((state) => revealTask(state, object))
      case 'session':
        return data.stores.sessions.get(object.id) === undefined ? null : () => goToSession(object.id)
      case 'message':
        return () => navigation.setState((state) => revealMessage(state, object))
      case 'lease':
        return () => navigation.setState((state) => revealLease(state, object.id))
      default:
        return unreachable(object)
    }
  }

const needActions = ({ data, navigation }: ActionDeps, goToSession: AppActions['goToSession']) => ({
  selectNeed: (key: string) => navigation.setState({ needsYouKey: key }),
  goToNextThatNeedsYou: () => {
    const { blocking } = readNeedsYou(data.stores, Date.now())
    const state = navigation.getState()
    if (state.view.kind === 'needs-you') {
      const next = nextEntry(blocking, state.needsYouKey)
      navigation.setState({ needsYouKey: next?.key ?? null, needsYouTurn: state.needsYouTurn + 1 })
      return
    }
    const next = nextSessionEntry(blocking, state.selectedSessionId)
    if (next === null) navigation.setState((before) => showView(before, { kind: 'needs-you' }))
    else goToSession(next.sessionId, next.kind === 'ask' ? 'answer' : 'terminal')
  },
})

const reviewActions = ({ data, navigation }: ActionDeps, show: AppActions['show']) => {
  const review = (sessionId: SessionId) => {
    const session = data.stores.sessions.get(sessionId)
    if (session !== undefined) show({ kind: 'review', projectId: session.projectId, sessionId })
  }
  return {
    review,
    reviewSelected: () => {
      const id = navigation.getState().selectedSessionId
      if (id !== null) review(id)
    },
  }
}

const projectActions = (deps: ActionDeps & Pick<AppActions, 'open' | 'show'>) => {
  const { data, open, show } = deps
  const openFolder = async (path: string, initialise: boolean): Promise<OpenProjectProblem | null> => {
    const result = await settle(data.api.projects.open({ path, initialise }))
    if (!result.ok) return result.refusal
    data.stores.projects.put([result.value])
    show({ kind: 'terminals', projectId: result.value.id })
    return null
  }
  /** With the system's folder dialog where there is one; what it refuses is said in our own, where it can be mended. */
  const pickAndOpen = async () => {
    const picked = await settle(data.api.host.pickFolder())
    if (!picked.ok) return open({ kind: 'open-project', path: null, problem: null })
    if (picked.value.path === null) return undefined
    const problem = await openFolder(picked.value.path, false)
    if (problem !== null) open({ kind: 'open-project', path: picked.value.path, problem })
    return undefined
  }
  return {
    openFolder,
    openProject: () => {
      if (data.hostInfo.store.getState().info?.canPickFolder === true) void pickAndOpen()
      else open({ kind: 'open-project', path: null, problem: null })
    },
    openSample: async (): Promise<OpenProjectProblem | null> => {
      const result = await settle(data.api.projects.openSample({ parent: null }))
      if (!result.ok) return result.refusal
      data.stores.projects.put([result.value])
      show({ kind: 'terminals', projectId: result.value.id })
      return null
    },
  }
}

/** The project that is looked at, or the one opened last. */
const currentProject = ({ data, navigation }: Pick<ActionDeps, 'data' | 'navigation'>): ProjectId | null => {
  const { view, tabs } = navigation.getState()
  const shown = [view, ...tabs].map(projectOf).find((id) => id !== null)
  if (shown != null) return shown
  const projects = [...data.stores.projects.store.getState().byId.values()]
  return projects.sort((a, b) => b.openedAt - a.openedAt)[0]?.id ?? null
}

/** Every session in the order of the sidebar. */
const allInOrder = ({ stores }: AppData): SessionId[] => {
  const sessions = [...stores.sessions.store.getState().byId.values()].filter((one) => one.lifecycle !== 'archived')
  const projects = [...stores.projects.store.getState().byId.values()].sort((a, b) => a.createdAt - b.createdAt)
  return projects.flatMap((project) => orderedIds(sessions.filter((one) => one.projectId === project.id)))
}
