import './shell.css'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useAppearance } from '../data/settings.ts'
import { testId } from '../lib/test-ids.ts'
import { EmptyState } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { ConnectionBanner } from './connection-gate.tsx'
import { MainView, MainTools } from './main-view.tsx'
import { Sidebar } from './sidebar.tsx'
import { StatusBar } from './status-bar.tsx'
import { TabBar } from './tab-bar.tsx'

/** The window: sidebar, tabs, the view, the status bar. A crash stays in the part it happened in. */
export const Shell = () => {
  const isRail = useAppearance().sidebar === 'rail'
  return (
    <div className="shell" data-rail={isRail || undefined} data-testid={testId.shell}>
      <Contained what="the sidebar">
        <Sidebar />
      </Contained>
      <main className="main">
        <TabBar tools={<MainTools />} />
        <ConnectionBanner />
        <Contained what="this view">
          <MainView />
        </Contained>
      </main>
      <StatusBar />
    </div>
  )
}

const Contained = ({ what, children }: { readonly what: string; readonly children: ReactNode }) => (
  <ErrorBoundary fallback={crashText(what)}>{children}</ErrorBoundary>
)

const crashText = (what: string) => (error: Error, retry: () => void) => (
  <div className="crash scroll" role="alert" data-testid={testId.crash}>
    <EmptyState
      icon={TriangleAlert}
      title={`Drawing ${what} failed`}
      actions={<Button onClick={retry}>Draw it again</Button>}
    >
      Your agents are not touched by this. The error: <code className="selectable">{error.message}</code>
    </EmptyState>
  </div>
)
