import {
  Activity,
  BellDot,
  GitMerge,
  KeySquare,
  Mail,
  SquareKanban,
  SquareTerminal,
  type LucideIcon,
} from 'lucide-react'
import { useLeaseIds } from '../data/leases.ts'
import { useMailForPersonCount } from '../data/mail.ts'
import { useSessionIds } from '../data/sessions.ts'
import { useQueueSummary } from '../data/queue.ts'
import { useOpenTaskCount } from '../data/tasks.ts'
import { useNeedsYouCount } from '../features/asks/use-needs-you.ts'
import { testId } from '../lib/test-ids.ts'
import { useActions } from './app-context.tsx'
import type { View } from './navigation.ts'

type RoomKind = Exclude<View['kind'], 'get-started' | 'review'>

interface Room {
  readonly kind: RoomKind
  readonly icon: LucideIcon
  readonly label: string
  readonly testId: string
  readonly countTestId?: string
}

const rooms: readonly Room[] = [
  {
    kind: 'needs-you',
    icon: BellDot,
    label: 'Needs you',
    testId: testId.navNeedsYou,
    countTestId: testId.needsYouCount,
  },
  { kind: 'terminals', icon: SquareTerminal, label: 'Terminals', testId: testId.navTerminals },
  { kind: 'tasks', icon: SquareKanban, label: 'Tasks', testId: testId.navTasks },
  { kind: 'mail', icon: Mail, label: 'Mail', testId: testId.navMail, countTestId: testId.mailCount },
  { kind: 'leases', icon: KeySquare, label: 'Leases', testId: testId.navLeases },
  { kind: 'queue', icon: GitMerge, label: 'Merge queue', testId: testId.navQueue },
  { kind: 'activity', icon: Activity, label: 'Activity', testId: testId.navActivity },
]

/** One room of the window, as the sidebar leads to it. */
export interface Place extends Room {
  readonly count: number
  /** What is counted waits for the person, in words: "3 for you". Null for what only says how many there are. */
  readonly waiting: string | null
  readonly go: () => void
}

/** Where to go, in the order of the sidebar, wide or folded. */
export const usePlaces = (): readonly Place[] => {
  const { show, goToTerminals, goToTasks } = useActions()
  const counts: Readonly<Record<RoomKind, number>> = {
    'needs-you': useNeedsYouCount(),
    terminals: useSessionIds(null).length,
    tasks: useOpenTaskCount(),
    mail: useMailForPersonCount(),
    leases: useLeaseIds(null).length,
    queue: useQueueSummary().inLine,
    activity: 0,
  }
  const waiting: Partial<Record<RoomKind, string>> = {
    'needs-you': `${counts['needs-you']}`,
    mail: `${counts.mail} for you`,
  }
  const goTo = (kind: RoomKind) => {
    if (kind === 'terminals') goToTerminals()
    else if (kind === 'tasks') goToTasks()
    else show({ kind })
  }
  return rooms.map((room) => ({
    ...room,
    count: counts[room.kind],
    waiting: waiting[room.kind] ?? null,
    go: () => goTo(room.kind),
  }))
}
