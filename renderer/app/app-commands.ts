import type { AppData } from '../data/app-data.ts'
import { parseAppearance, readSetting } from '../data/settings.ts'
import type { Command, CommandKey } from '../lib/commands.ts'
import type { AppActions } from './app-actions.ts'
import type { Navigation } from './navigation.ts'
import { focusNextRegion } from './regions.ts'

interface CommandDeps {
  readonly data: AppData
  readonly navigation: Navigation
  readonly actions: AppActions
}

const key = (press: string, scope: CommandKey['scope'] = 'auto'): CommandKey => ({ press, scope })

/** The commands of the shell. The palette, the help, the tooltips and the keyboard all read them. */
export const createAppCommands = (deps: CommandDeps): readonly Command[] => [
  ...sessionCommands(deps),
  ...placeCommands(deps),
  reviewCommand(deps),
  queueCommand(deps),
  ...viewCommands(deps),
  ...applicationCommands(deps),
  ...appearanceCommands(deps),
]

const sessionCommands = ({ data, navigation, actions }: CommandDeps): Command[] => {
  const selected = () => navigation.getState().selectedSessionId
  return [
    {
      id: 'session.new',
      title: 'New session',
      group: 'Sessions',
      // A browser keeps Ctrl N for itself, and a shell wants it: the second one always arrives.
      keys: [key('$mod+n'), key('Alt+Shift+n', 'everywhere')],
      keywords: ['agent', 'start', 'worktree', 'branch'],
      run: () => actions.newSession(null),
    },
    {
      id: 'needs-you.next',
      title: 'Next that needs you',
      group: 'Needs you',
      keys: [key('$mod+Shift+u', 'everywhere')],
      keywords: ['permission', 'question', 'ask'],
      run: actions.goToNextThatNeedsYou,
    },
    {
      id: 'session.shell',
      title: 'Open a shell in the worktree',
      group: 'Sessions',
      keys: [key('$mod+t')],
      isEnabled: () => selected() !== null,
      run: () => {
        const id = selected()
        if (id !== null) actions.openShell(id)
      },
    },
    {
      id: 'session.why',
      title: 'Why is the session where it is?',
      group: 'Sessions',
      keys: [key('Alt+Shift+y', 'everywhere')],
      keywords: ['state', 'badge', 'reason', 'waiting', 'stopped'],
      isEnabled: () => selected() !== null,
      run: () => {
        const id = selected()
        if (id !== null) actions.askWhy({ kind: 'session', id })
      },
    },
    ...Array.from({ length: 9 }, (_, index) => ({
      id: `session.nth-${index + 1}`,
      title: `Go to session ${index + 1}`,
      group: 'Sessions' as const,
      keys: [key(`$mod+${index + 1}`, 'everywhere')],
      isHidden: true,
      isEnabled: () => data.stores.sessions.store.getState().byId.size > index,
      run: () => actions.goToNth(index + 1),
    })),
  ]
}

/** Where to go. */
const placeCommands = ({ actions }: CommandDeps): Command[] => [
  {
    id: 'view.needs-you',
    title: 'Go to Needs you',
    group: 'View',
    keys: [],
    run: () => actions.show({ kind: 'needs-you' }),
  },
  { id: 'view.terminals', title: 'Go to Terminals', group: 'View', keys: [], run: actions.goToTerminals },
  {
    id: 'view.tasks',
    title: 'Go to Tasks',
    group: 'View',
    keys: [key('$mod+Shift+b', 'everywhere')],
    keywords: ['board', 'kanban', 'list', 'issues', 'todo'],
    run: actions.goToTasks,
  },
  {
    id: 'view.mail',
    title: 'Go to Mail',
    group: 'View',
    keys: [key('$mod+Shift+e', 'everywhere')],
    keywords: ['messages', 'inbox', 'threads', 'letters'],
    run: () => actions.show({ kind: 'mail' }),
  },
  {
    id: 'view.leases',
    title: 'Go to Leases',
    group: 'View',
    keys: [key('$mod+Shift+l', 'everywhere')],
    keywords: ['radar', 'overlap', 'conflict', 'locks', 'waiting'],
    run: () => actions.show({ kind: 'leases' }),
  },
  {
    id: 'mail.new',
    title: 'New message',
    group: 'Mail',
    // Among the mail it has letters of its own.
    keys: [],
    keywords: ['write', 'compose', 'mail', 'send', 'everyone'],
    run: () => actions.showMail({ kind: 'compose', preset: null }),
  },
  {
    id: 'view.activity',
    title: 'Go to Activity',
    group: 'View',
    keys: [key('$mod+Shift+a', 'everywhere')],
    keywords: ['events', 'log', 'history', 'why', 'refused'],
    run: () => actions.show({ kind: 'activity' }),
  },
  {
    id: 'view.get-started',
    title: 'Get started',
    group: 'View',
    keys: [],
    keywords: ['doctor', 'check', 'first run', 'computer'],
    run: () => actions.show({ kind: 'get-started' }),
  },
]

const queueCommand = ({ navigation, actions }: CommandDeps): Command => ({
  id: 'view.queue',
  title: 'Go to the merge queue',
  group: 'View',
  // In a review the key merges what is looked at.
  keys: [key('$mod+Shift+m', 'everywhere')],
  keywords: ['merge', 'land', 'line', 'gates', 'branches'],
  isEnabled: () => navigation.getState().view.kind !== 'review',
  run: () => actions.show({ kind: 'queue' }),
})

const reviewCommand = ({ navigation, actions }: CommandDeps): Command => ({
  id: 'view.review',
  title: 'Review the changes of the session',
  group: 'View',
  keys: [key('$mod+Shift+g', 'everywhere')],
  keywords: ['diff', 'files', 'changed', 'git'],
  isEnabled: () => navigation.getState().selectedSessionId !== null,
  run: actions.reviewSelected,
})

const viewCommands = ({ data, navigation, actions }: CommandDeps): Command[] => [
  {
    id: 'view.sidebar',
    title: 'Show or fold the sidebar',
    group: 'View',
    keys: [key('$mod+b')],
    run: () => {
      const { sidebar } = parseAppearance(readSetting(data, 'appearance'))
      actions.appear({ sidebar: sidebar === 'wide' ? 'rail' : 'wide' })
    },
  },
  {
    id: 'view.close',
    title: 'Close tab',
    group: 'View',
    keys: [key('$mod+w')],
    // Among terminals the key closes a terminal, which is the terminals' own command.
    isEnabled: () =>
      ['needs-you', 'tasks', 'review', 'mail', 'leases', 'queue', 'activity'].includes(navigation.getState().view.kind),
    run: () => actions.close(navigation.getState().view),
  },
  {
    id: 'view.next-region',
    title: 'Next part of the window',
    group: 'View',
    keys: [key('F6', 'everywhere')],
    isHidden: true,
    run: () => focusNextRegion(document, 1),
  },
  {
    id: 'view.previous-region',
    title: 'Previous part of the window',
    group: 'View',
    keys: [key('Shift+F6', 'everywhere')],
    isHidden: true,
    run: () => focusNextRegion(document, -1),
  },
]

const applicationCommands = ({ actions }: CommandDeps): Command[] => [
  {
    id: 'app.palette',
    title: 'Commands and sessions',
    group: 'Application',
    keys: [key('$mod+Shift+p', 'everywhere'), key('$mod+k', 'outside-terminal')],
    isHidden: true,
    run: () => actions.open({ kind: 'palette' }),
  },
  {
    id: 'project.open',
    title: 'Open a repository',
    group: 'Projects',
    keys: [key('$mod+o')],
    keywords: ['folder', 'project', 'add'],
    run: actions.openProject,
  },
  {
    id: 'app.settings',
    title: 'Settings',
    group: 'Application',
    keys: [key('$mod+,', 'everywhere')],
    keywords: ['theme', 'contrast', 'font', 'appearance', 'preferences'],
    run: () => actions.open({ kind: 'settings' }),
  },
  {
    id: 'app.help',
    title: 'Keyboard shortcuts',
    group: 'Application',
    keys: [key('$mod+/', 'everywhere')],
    keywords: ['help', 'keys'],
    run: () => actions.open({ kind: 'help' }),
  },
  {
    id: 'app.quit',
    title: 'Quit Switchyard, sessions go on',
    group: 'Application',
    keys: [],
    keywords: ['exit', 'close', 'end'],
    run: () => actions.quit(false),
  },
  {
    id: 'app.quit-all',
    title: 'Quit and stop every session',
    group: 'Application',
    keys: [],
    keywords: ['exit', 'kill', 'end all'],
    run: () => actions.quit(true),
  },
]

const appearanceCommands = ({ actions }: CommandDeps): Command[] => [
  {
    id: 'theme.dark',
    title: 'Theme: dark',
    group: 'Application',
    keys: [],
    run: () => actions.appear({ theme: 'dark' }),
  },
  {
    id: 'theme.light',
    title: 'Theme: light',
    group: 'Application',
    keys: [],
    run: () => actions.appear({ theme: 'light' }),
  },
  {
    id: 'theme.system',
    title: 'Theme: as the system',
    group: 'Application',
    keys: [],
    run: () => actions.appear({ theme: 'system' }),
  },
  {
    id: 'contrast.high',
    title: 'Contrast: high',
    group: 'Application',
    keys: [],
    run: () => actions.appear({ contrast: 'high' }),
  },
  {
    id: 'contrast.normal',
    title: 'Contrast: normal',
    group: 'Application',
    keys: [],
    run: () => actions.appear({ contrast: 'normal' }),
  },
]
