import './connection-gate.css'
import { KeyRound, Unplug } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useConnection, useData } from '../data/data-context.tsx'
import { testId } from '../lib/test-ids.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState, Skeleton } from '../ui/bits.tsx'
import { Icon } from '../ui/icon.tsx'

/** Shows the window once there is something to show; until then what it waits for. */
export const ConnectionGate = ({ children }: { readonly children: ReactNode }) => {
  const connection = useConnection()
  const [wasLive, setWasLive] = useState(false)
  if (connection.kind === 'live' && !wasLive) setWasLive(true)
  if (connection.kind === 'unauthorised') return <Unauthorised isLinkRefused={connection.isLinkRefused} />
  return wasLive ? children : <FirstConnection />
}

const Unauthorised = ({ isLinkRefused }: { readonly isLinkRefused: boolean }) => (
  <main className="gate" data-testid={testId.unauthorised}>
    <EmptyState icon={KeyRound} title="This browser is not signed in">
      {isLinkRefused ? <b role="alert">That link was used already, or is too old. </b> : null}
      Each link lets one browser in, once, within a minute. Run <code>npm start</code> again in the folder of Switchyard
      and open the link it prints; a running Switchyard stays as it is.
    </EmptyState>
  </main>
)

// Below this nothing is drawn, so that a quick start does not flicker; beyond the second one it says what is amiss.
const quietMs = 100
const explainMs = 1_500

const FirstConnection = () => {
  const connection = useConnection()
  const { retryNow } = useData().connection
  const isLate = useElapsed(quietMs)
  const isVeryLate = useElapsed(explainMs)
  if (!isLate) return null
  const reason = connection.kind === 'connecting' ? connection.reason : null
  if (isVeryLate && reason !== null) {
    return (
      <main className="gate" data-testid={testId.loading}>
        <EmptyState
          icon={Unplug}
          title="Switchyard does not answer"
          actions={<Button onClick={retryNow}>Try now</Button>}
        >
          {reason} This page keeps trying. If it was closed, start it again with <code>npm start</code>.
        </EmptyState>
      </main>
    )
  }
  return <SkeletonShell />
}

/** The window's real shape, before its rows are there. */
const SkeletonShell = () => (
  <div className="shell" aria-busy="true" data-testid={testId.loading}>
    <div className="sidebar skeleton-rows">
      {['70%', '54%', '62%', '48%', '66%'].map((width) => (
        <div key={width} className="skeleton-row">
          <Skeleton width={width} />
          <Skeleton width="38%" />
        </div>
      ))}
    </div>
    <div className="main">
      <div className="tab-bar" />
    </div>
    <footer className="status-bar" />
  </div>
)

// A restarted app is back within a second; a banner for that would only flash.
const bannerDelayMs = 1_000

/** Says that what is shown may be old, once the connection has been away for a while. */
export const ConnectionBanner = () => {
  const connection = useConnection()
  return connection.kind === 'away' ? <AwayBanner reason={connection.reason} /> : null
}

const AwayBanner = ({ reason }: { readonly reason: string }) => {
  const { retryNow } = useData().connection
  return useElapsed(bannerDelayMs) ? (
    <div className="connection-banner" role="status" data-testid={testId.connectionBanner}>
      <Icon of={Unplug} size={14} />
      <span className="grow cut">
        {reason} Your agents keep working; what you see is as it was. Trying to reach Switchyard again.
      </span>
      <Button size="small" onClick={retryNow}>
        Try now
      </Button>
    </div>
  ) : null
}

/** Whether the component has been shown for so long. */
const useElapsed = (ms: number): boolean => {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return isOver
}
