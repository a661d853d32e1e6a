import { useLayoutEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { AppData } from '../data/app-data.ts'
import { DataProvider } from '../data/data-context.tsx'
import { AskDraftProvider } from '../features/asks/ask-drafts.tsx'
import { createTerminalsController } from '../features/terminals/dock-state.ts'
import { CommandProvider } from '../lib/command-context.tsx'
import type { CommandRegistry } from '../lib/commands.ts'
import { isMac } from '../lib/platform.ts'
import { createNotices, NoticeProvider, type Notices } from '../lib/notices.tsx'
import { OpenReviewProvider } from '../lib/open-review.tsx'
import { WhyProvider } from '../lib/why-context.tsx'
import { testId } from '../lib/test-ids.ts'
import { Toasts } from '../ui/toasts.tsx'
import { createTerminalClient } from '../terminal/terminal-client.ts'
import { TerminalProvider } from '../terminal/terminal-context.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { createAppActions } from './app-actions.ts'
import { createAppCommands } from './app-commands.ts'
import { AppProvider, type AppParts } from './app-context.tsx'
import { ConnectionGate } from './connection-gate.tsx'
import { DialogHost } from './dialog-host.tsx'
import { createDialogs } from './dialogs.ts'
import { createNavigation } from './navigation.ts'
import { Shell } from './shell.tsx'
import { useLayoutKeeper } from './use-layout-keeper.ts'
import { useNotifications } from './use-notifications.ts'
import { useSeen } from './use-seen.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { useTheme } from './use-theme.ts'
import { useWindowTitle } from './use-window-title.ts'

interface AppProps {
  readonly data: AppData
  readonly commands: CommandRegistry
}

/** The whole page: what it knows, what it can do, and the shell that shows it. */
export const App = ({ data, commands }: AppProps) => {
  const [notices] = useState(createNotices)
  const [terminals] = useState(() => createTerminalClient({ data, notices, page: window, isMac }))
  const parts = useMemo((): AppParts => {
    const navigation = createNavigation()
    const dialogs = createDialogs()
    return {
      navigation,
      dialogs,
      actions: createAppActions({ data, navigation, dialogs, notices }),
      tiles: createTerminalsController(),
    }
  }, [data, notices])
  useLayoutEffect(
    () => commands.register(createAppCommands({ data, navigation: parts.navigation, actions: parts.actions })),
    [commands, data, parts],
  )
  useShortcuts(commands)
  return (
    <DataProvider data={data}>
      <CommandProvider registry={commands}>
        <NoticeProvider notices={notices}>
          <AppProvider parts={parts}>
            <WhyProvider value={parts.actions.askWhy}>
              <OpenReviewProvider value={parts.actions.review}>
                <AskDraftProvider>
                  <TooltipProvider>
                    <Keepers />
                    <TerminalProvider client={terminals}>
                      <ConnectionGate>
                        <Shell />
                        <DialogHost />
                      </ConnectionGate>
                    </TerminalProvider>
                    <Notifications notices={notices} />
                  </TooltipProvider>
                </AskDraftProvider>
              </OpenReviewProvider>
            </WhyProvider>
          </AppProvider>
        </NoticeProvider>
      </CommandProvider>
    </DataProvider>
  )
}

/** What goes on beside the screens; it draws nothing, so its changes draw nothing again. */
const Keepers = () => {
  useTheme()
  useWindowTitle()
  useLayoutKeeper()
  useSeen()
  useNotifications()
  return null
}

const Notifications = ({ notices }: { readonly notices: Notices }) => (
  <Toasts
    toasts={useStore(notices.store, (state) => state.notices)}
    onClose={notices.close}
    testId={testId.toast}
    actionTestId={testId.toastAction}
  />
)
