import './status-bar.css'
import { BellDot, CircleCheck, Unplug, Users } from 'lucide-react'
import { useConnection, useHostInfo } from '../data/data-context.tsx'
import { useRunningCount, useSessionIds } from '../data/sessions.ts'
import { useNeedsYouCount } from '../features/asks/use-needs-you.ts'
import { QueueStatus } from '../features/queue/queue-status.tsx'
import { testId } from '../lib/test-ids.ts'
import { Icon } from '../ui/icon.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useActions } from './app-context.tsx'

/** What is true of the whole window, in 24 pixels. */
export const StatusBar = () => {
  const host = useHostInfo()
  return (
    <footer className="status-bar" data-testid={testId.statusBar}>
      <ConnectionPart />
      <RunningPart />
      <QueuePart />
      <NeedsPart />
      <span className="spacer" />
      <span>Local only: nothing leaves this computer but what your agents send and you push</span>
      {host === null ? null : (
        <Tooltip text={`${host.kind === 'desktop' ? 'Desktop' : 'Web host'} on ${host.platform}`} side="top">
          <span className="num">Switchyard {host.version}</span>
        </Tooltip>
      )}
    </footer>
  )
}

const ConnectionPart = () => {
  const connection = useConnection()
  const isLive = connection.kind === 'live'
  return (
    <span className="status-part" role="status" data-testid={testId.connection} data-state={connection.kind}>
      <Icon of={isLive ? CircleCheck : Unplug} size={14} />
      {isLive ? 'Connected' : 'Reconnecting'}
    </span>
  )
}

const RunningPart = () => {
  const running = useRunningCount()
  const all = useSessionIds(null).length
  return all === 0 ? null : (
    <span className="status-part">
      <Icon of={Users} size={14} />
      <span>
        <b className="num">
          {running} of {all}
        </b>{' '}
        running
      </span>
    </span>
  )
}

const QueuePart = () => {
  const actions = useActions()
  return <QueueStatus onOpen={() => actions.show({ kind: 'queue' })} />
}

const NeedsPart = () => {
  const needs = useNeedsYouCount()
  const actions = useActions()
  return needs === 0 ? null : (
    <button type="button" className="status-part" onClick={() => actions.show({ kind: 'needs-you' })}>
      <Icon of={BellDot} size={14} />
      <span>
        <b className="num">{needs}</b> {needs === 1 ? 'needs' : 'need'} you
      </span>
    </button>
  )
}
