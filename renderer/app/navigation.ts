import { createStore, type StoreApi } from 'zustand/vanilla'
import type { WhyQuery } from '../../shared/contract/activity.ts'
import type { MailPlace } from '../features/mail/mail-place.ts'
import type { LeaseId, MessageId, ProjectId, SessionId, TaskId, TerminalId, ThreadId } from '../../shared/lib/ids.ts'

/** What the main area shows. Each open view has a tab. */
export type View =
  | { readonly kind: 'terminals'; readonly projectId: ProjectId }
  | { readonly kind: 'tasks'; readonly projectId: ProjectId }
  /** What a session changed. */
  | { readonly kind: 'review'; readonly projectId: ProjectId; readonly sessionId: SessionId }
  | { readonly kind: 'needs-you' }
  | { readonly kind: 'mail' }
  | { readonly kind: 'leases' }
  | { readonly kind: 'queue' }
  | { readonly kind: 'activity' }
  | { readonly kind: 'get-started' }

/** A session to be shown and given the focus; `turn` counts up, so that asking twice for the same one works. */
export interface Reveal {
  readonly sessionId: SessionId
  /** A shell of the session instead of its agent. */
  readonly terminalId: TerminalId | null
  readonly focus: 'terminal' | 'answer'
  readonly turn: number
}

export interface NavigationState {
  readonly view: View
  readonly tabs: readonly View[]
  /** The session the person looks at; the sidebar marks it. */
  readonly selectedSessionId: SessionId | null
  readonly reveal: Reveal | null
  readonly needsYouKey: string | null
  /** Counts up when the keyboard chose the entry of the needs-you list, so that the focus follows. */
  readonly needsYouTurn: number
  /** The task shown beside its board. */
  readonly openTaskId: TaskId | null
  /** What stands beside the list of threads. */
  readonly mailPlace: MailPlace
  /** The lease that a link led to, until something else is gone to. */
  readonly markedLease: { readonly id: LeaseId } | null
  /** What somebody asked why about, until the log has taken it. */
  readonly askedWhy: WhyQuery | null
}

export type Navigation = StoreApi<NavigationState>

export const viewKey = (view: View): string => {
  if (view.kind === 'review') return `review:${view.sessionId}`
  const projectId = projectOf(view)
  return projectId === null ? view.kind : `${view.kind}:${projectId}`
}

/** The project whose view it is; null for a view of the whole window. */
export const projectOf = (view: View): ProjectId | null => ('projectId' in view ? view.projectId : null)

const getStarted: View = { kind: 'get-started' }

export const createNavigation = (): Navigation =>
  createStore<NavigationState>(() => ({
    view: getStarted,
    tabs: [getStarted],
    selectedSessionId: null,
    reveal: null,
    needsYouKey: null,
    needsYouTurn: 0,
    openTaskId: null,
    mailPlace: { kind: 'nothing' },
    markedLease: null,
    askedWhy: null,
  }))

/** Shows a view, in its tab when it has one and else in a new one. The first-run page gives way to anything. */
export const showView = (state: NavigationState, view: View): NavigationState => {
  const tabs = state.tabs.filter((tab) => tab.kind !== 'get-started' || view.kind === 'get-started')
  const isOpen = tabs.some((tab) => viewKey(tab) === viewKey(view))
  return { ...state, view, tabs: isOpen ? tabs : [...tabs, view], markedLease: null }
}

/** Shows a session among the terminals of its project and gives it the focus. */
export const revealSession = (
  state: NavigationState,
  session: { readonly id: SessionId; readonly projectId: ProjectId },
  focus: Reveal['focus'] = 'terminal',
  terminalId: TerminalId | null = null,
): NavigationState => ({
  ...showView(state, { kind: 'terminals', projectId: session.projectId }),
  selectedSessionId: session.id,
  reveal: { sessionId: session.id, terminalId, focus, turn: (state.reveal?.turn ?? 0) + 1 },
})

/** Shows a task beside the board of its project. */
export const revealTask = (
  state: NavigationState,
  task: { readonly id: TaskId; readonly projectId: ProjectId },
): NavigationState => ({ ...showView(state, { kind: 'tasks', projectId: task.projectId }), openTaskId: task.id })

/** Shows a lease among the others, marked. */
export const revealLease = (state: NavigationState, id: LeaseId): NavigationState => ({
  ...showView(state, { kind: 'leases' }),
  markedLease: { id },
})

/** Shows a message in its thread, marked. */
export const revealMessage = (
  state: NavigationState,
  message: { readonly id: MessageId; readonly threadId: ThreadId },
): NavigationState => ({
  ...showView(state, { kind: 'mail' }),
  mailPlace: { kind: 'thread', threadId: message.threadId, marked: { id: message.id } },
})

/** Closes a tab; the one that takes its place is shown when it was the one looked at. */
export const closeTab = (state: NavigationState, closed: View): NavigationState => {
  const at = state.tabs.findIndex((tab) => viewKey(tab) === viewKey(closed))
  if (at === -1) return state
  const tabs = state.tabs.filter((_, index) => index !== at)
  const rest = tabs.length === 0 ? [getStarted] : tabs
  const isShown = viewKey(state.view) === viewKey(closed)
  return { ...state, tabs: rest, view: isShown ? (rest[Math.min(at, rest.length - 1)] ?? getStarted) : state.view }
}

/** Drops the tabs of projects that are gone, and the first-run page once there is a project to show. */
export const keepKnown = (state: NavigationState, projectIds: readonly ProjectId[]): NavigationState => {
  const isKnown = (view: View) => {
    const projectId = projectOf(view)
    return projectId === null || projectIds.includes(projectId)
  }
  const gone = state.tabs.filter((tab) => !isKnown(tab))
  return gone.reduce(closeTab, state)
}
