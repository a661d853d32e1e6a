import './tab-bar.css'
import {
  Activity,
  BellDot,
  GitMerge,
  GitPullRequest,
  KeySquare,
  LayoutGrid,
  Mail,
  Plus,
  SquareKanban,
  Stethoscope,
  X,
  type LucideIcon,
} from 'lucide-react'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useMailForPersonCount } from '../data/mail.ts'
import { useProject } from '../data/projects.ts'
import { useSessionIds, useSessionValue } from '../data/sessions.ts'
import { useNeedsYouCount } from '../features/asks/use-needs-you.ts'
import { testId } from '../lib/test-ids.ts'
import { visibleLine } from '../../shared/lib/visible-text.ts'
import { Count } from '../ui/bits.tsx'
import { CommandButton } from '../ui/command-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useActions, useNavigation } from './app-context.tsx'
import { viewKey, type View } from './navigation.ts'

interface TabBarProps {
  /** What the shown view puts at the end of the bar. */
  readonly tools: ReactNode
}

/** The open views. Arrows move between the tabs, Delete closes one. */
export const TabBar = ({ tools }: TabBarProps) => {
  const tabs = useNavigation((state) => state.tabs)
  const list = useRef<HTMLElement>(null)
  return (
    <div className="tab-bar" data-region data-testid={testId.tabBar}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move between the buttons inside */}
      <nav
        ref={list}
        aria-label="Open views"
        className="tab-list"
        onKeyDown={(event) => moveBetweenTabs(event, list.current)}
      >
        {tabs.map((view) => (
          <Tab key={viewKey(view)} view={view} />
        ))}
      </nav>
      <div className="tab-bar-end">
        {tools}
        <CommandButton
          command="session.new"
          variant="primary"
          size="small"
          icon={Plus}
          testId={testId.newSessionButton}
        />
      </div>
    </div>
  )
}

const Tab = ({ view }: { readonly view: View }) => {
  switch (view.kind) {
    case 'terminals':
      return <ProjectTab view={view} />
    case 'tasks':
      return <TasksTab view={view} />
    case 'review':
      return <ReviewTab view={view} />
    case 'leases':
      return <PlainTab view={view} icon={KeySquare} label="Leases and radar" />
    case 'queue':
      return <PlainTab view={view} icon={GitMerge} label="Merge queue" />
    case 'mail':
      return <MailTab view={view} />
    case 'needs-you':
      return <NeedsYouTab view={view} />
    case 'activity':
      return <PlainTab view={view} icon={Activity} label="Activity" />
    default:
      return <PlainTab view={view} icon={Stethoscope} label="Get started" />
  }
}

const ProjectTab = ({ view }: { readonly view: Extract<View, { kind: 'terminals' }> }) => {
  const name = useProject(view.projectId)?.name ?? ''
  const count = useSessionIds(view.projectId).length
  return (
    <PlainTab view={view} icon={LayoutGrid} label={visibleLine(name)}>
      {count === 0 ? null : <Count value={count} />}
    </PlainTab>
  )
}

const TasksTab = ({ view }: { readonly view: Extract<View, { kind: 'tasks' }> }) => {
  const name = useProject(view.projectId)?.name ?? ''
  return <PlainTab view={view} icon={SquareKanban} label={`Tasks of ${visibleLine(name)}`} />
}

const ReviewTab = ({ view }: { readonly view: Extract<View, { kind: 'review' }> }) => {
  const title = useSessionValue(view.sessionId, (session) => session.title) ?? 'Review'
  return <PlainTab view={view} icon={GitPullRequest} label={visibleLine(title)} />
}

const NeedsYouTab = ({ view }: { readonly view: View }) => {
  const count = useNeedsYouCount()
  return (
    <PlainTab view={view} icon={BellDot} label="Needs you">
      {count === 0 ? null : <Count value={count} isAmber />}
    </PlainTab>
  )
}

const MailTab = ({ view }: { readonly view: View }) => {
  const count = useMailForPersonCount()
  return (
    <PlainTab view={view} icon={Mail} label="Mail">
      {count === 0 ? null : <Count value={count} isAmber />}
    </PlainTab>
  )
}

interface PlainTabProps {
  readonly view: View
  readonly icon: LucideIcon
  readonly label: string
  readonly children?: ReactNode
}

const PlainTab = ({ view, icon, label, children }: PlainTabProps) => {
  const actions = useActions()
  const isSelected = useNavigation((state) => viewKey(state.view) === viewKey(view))
  const isClosable = view.kind !== 'get-started'
  return (
    <div className="tab" data-selected={isSelected || undefined} data-testid={testId.tab} data-view={viewKey(view)}>
      <button
        type="button"
        className="tab-button"
        aria-current={isSelected ? 'page' : undefined}
        tabIndex={isSelected ? 0 : -1}
        onClick={() => actions.show(view)}
        onAuxClick={(event) => {
          if (event.button === 1 && isClosable) actions.close(view)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Delete' && isClosable) actions.close(view)
        }}
      >
        <Icon of={icon} />
        <span className="cut">{label}</span>
        {children}
      </button>
      {isClosable && isSelected ? (
        <button
          type="button"
          className="tab-close"
          aria-label={`Close ${label}`}
          tabIndex={-1}
          onClick={() => actions.close(view)}
        >
          <Icon of={X} size={14} />
        </button>
      ) : null}
    </div>
  )
}

const moveBetweenTabs = (event: KeyboardEvent, list: HTMLElement | null) => {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (by === 0 || list === null) return
  const tabs = [...list.querySelectorAll<HTMLElement>('.tab-button')]
  const at = tabs.findIndex((tab) => tab === event.target)
  if (at === -1) return
  event.preventDefault()
  const next = tabs[(at + by + tabs.length) % tabs.length]
  next?.focus()
  next?.click()
}
