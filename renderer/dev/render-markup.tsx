import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { createAppActions } from '../app/app-actions.ts'
import { createAppCommands } from '../app/app-commands.ts'
import { AppProvider } from '../app/app-context.tsx'
import { createDialogs } from '../app/dialogs.ts'
import { createNavigation } from '../app/navigation.ts'
import type { AppData } from '../data/app-data.ts'
import { DataProvider } from '../data/data-context.tsx'
import { AskDraftProvider } from '../features/asks/ask-drafts.tsx'
import { createTerminalsController } from '../features/terminals/dock-state.ts'
import { CommandProvider } from '../lib/command-context.tsx'
import { createCommandRegistry } from '../lib/commands.ts'
import { WhyProvider } from '../lib/why-context.tsx'
import { createNotices, NoticeProvider } from '../lib/notices.tsx'
import { createFixtureData } from './fixture-data.ts'

/** The made-up data of the gallery, with rows that a drawing without a browser sees too. */
export const createMarkupData = (isEmpty = false): AppData => {
  const data = createFixtureData({ isEmpty, connection: 'live', theme: 'dark', contrast: 'normal', sidebar: 'wide' })
  const stores = [...Object.values(data.stores).map((rows) => rows.store), data.connection.state, data.hostInfo.store]
  for (const store of stores) store.getInitialState = store.getState as never
  return data
}

/** What a part of the page draws, as markup: for tests of what it says, without a browser. */
export const renderMarkup = (element: ReactNode, data: AppData = createMarkupData()): string => {
  const notices = createNotices()
  const navigation = createNavigation()
  const dialogs = createDialogs()
  const actions = createAppActions({ data, navigation, dialogs, notices })
  const commands = createCommandRegistry()
  commands.register(createAppCommands({ data, navigation, actions }))
  commands.store.getInitialState = commands.store.getState
  return renderToStaticMarkup(
    <DataProvider data={data}>
      <CommandProvider registry={commands}>
        <NoticeProvider notices={notices}>
          <AppProvider parts={{ navigation, dialogs, actions, tiles: createTerminalsController() }}>
            <WhyProvider value={actions.askWhy}>
              <AskDraftProvider>{element}</AskDraftProvider>
            </WhyProvider>
          </AppProvider>
        </NoticeProvider>
      </CommandProvider>
    </DataProvider>,
  )
}

/** The words of a markup, with one space between them. */
export const wordsOf = (markup: string): string =>
  markup
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()
