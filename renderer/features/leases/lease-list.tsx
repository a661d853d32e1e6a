import { FileLock2, Hourglass, Info, KeySquare, LockOpen, MailQuestionMark, X } from 'lucide-react'
import { useMemo, type KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { targetText } from '../../../shared/contract/lease-claims.ts'
import type { Lease, LeaseTarget, LeaseWaiter } from '../../../shared/contract/leases.ts'
import type { LeaseId, SessionId } from '../../../shared/lib/ids.ts'
import { useData, useHostInfo } from '../../data/data-context.tsx'
import { useLeaseIds, useWaiterIds } from '../../data/leases.ts'
import { useTaskKeyOf } from '../../data/tasks.ts'
import { testId } from '../../lib/test-ids.ts'
import { exactTime } from '../../lib/time.ts'
import { useNow } from '../../lib/use-now.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Count, EmptyState, Note, Tag } from '../../ui/bits.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { leaseRows, type LeaseRow } from './lease-rows.ts'
import { policyWords, untilText } from './lease-words.ts'
import { SessionLink } from './session-link.tsx'
import { SightList } from './sight-list.tsx'
import { useLeaseActions } from './use-lease-actions.ts'

export interface LeaseListProps {
  /** The one that a link led to. */
  readonly marked: { readonly id: LeaseId } | null
  readonly onGoToSession: (id: SessionId) => void
  /** Begins a message to whoever holds it. */
  readonly onAsk: (lease: Lease) => void
}

const usualHeight = 60

/** Who holds what, until when, and who waits for it. */
export const LeaseList = ({ marked, onGoToSession, onAsk }: LeaseListProps) => {
  const rows = useRows()
  const actions = useLeaseActions()
  const onKey = (row: LeaseRow, event: KeyboardEvent) => {
    const sessionId = row.kind === 'lease' ? row.lease.sessionId : row.waiter.sessionId
    if (event.key === 'Enter') onGoToSession(sessionId)
    else if (event.key === 'Delete' && row.kind === 'lease') void actions.end(row.lease)
    else if (event.key === 'Delete' && row.kind === 'waiter') void actions.cancelWait(row.waiter)
    else if (event.key === 'a' && row.kind === 'lease') onAsk(row.lease)
    else return
    event.preventDefault()
  }
  const held = rows.filter(({ kind }) => kind === 'lease').length
  const markedRow = useMemo(() => (marked === null ? null : { key: marked.id }), [marked])
  const isGone = marked !== null && !rows.some((row) => row.kind === 'lease' && row.lease.id === marked.id)
  return (
    <section className="leases-part" aria-label="Leases">
      <header className="leases-bar">
        <h2>Leases</h2>
        <Count value={held} />
      </header>
      {isGone ? (
        <div className="leases-gone" data-testid={testId.leaseGone}>
          <Note icon={Info}>The lease you came for has ended.</Note>
        </div>
      ) : null}
      {rows.length === 0 ? (
        <div className="leases-empty">
          <EmptyState icon={KeySquare} title="Nothing is leased">
            Sessions lease the files, ports and other things they work on, so that others keep off. Who holds what
            appears here, with those who wait for it.
          </EmptyState>
        </div>
      ) : (
        <SightList
          label="Leases"
          rows={rows}
          usualHeight={usualHeight}
          testId={testId.leaseList}
          marked={markedRow}
          onKey={onKey}
          renderRow={(row) =>
            row.kind === 'lease' ? (
              <HeldRow
                lease={row.lease}
                waiting={row.waiting}
                onGoToSession={onGoToSession}
                onAsk={() => onAsk(row.lease)}
                onEnd={() => void actions.end(row.lease)}
              />
            ) : (
              <WaitingRow
                waiter={row.waiter}
                isBeneath={row.isBeneath}
                onGoToSession={onGoToSession}
                onCancel={() => void actions.cancelWait(row.waiter)}
              />
            )
          }
        />
      )}
    </section>
  )
}

const useRows = (): readonly LeaseRow[] => {
  const { stores } = useData()
  const leaseIds = useLeaseIds(null)
  const waiterIds = useWaiterIds(null)
  const leases = useStore(
    stores.leases.store,
    useShallow((rows) => leaseIds.flatMap((id) => rows.byId.get(id) ?? [])),
  )
  const waiters = useStore(
    stores.waiters.store,
    useShallow((rows) => waiterIds.flatMap((id) => rows.byId.get(id) ?? [])),
  )
  // As the backend compares names: the file systems of the other platforms ignore case.
  const ignoresCase = (useHostInfo()?.platform ?? 'linux') !== 'linux'
  return useMemo(() => leaseRows(leases, waiters, ignoresCase), [leases, waiters, ignoresCase])
}

interface HeldRowProps {
  readonly lease: Lease
  readonly waiting: number
  readonly onGoToSession: (id: SessionId) => void
  readonly onAsk: () => void
  readonly onEnd: () => void
}

const HeldRow = ({ lease, waiting, onGoToSession, onAsk, onEnd }: HeldRowProps) => (
  <div className="lease-row" data-lease={lease.id} data-testid={testId.leaseRow}>
    <div className="lease-line">
      <TargetText target={lease.target} />
      <span className="spacer" />
      {lease.mode === 'shared' ? <Tag>Shared</Tag> : null}
      <Tag>{policyWords[lease.policy]}</Tag>
      {waiting === 0 ? null : <Tag tone="warn">{waiting === 1 ? '1 waits' : `${waiting} wait`}</Tag>}
    </div>
    <div className="lease-line lease-second">
      <SessionLink id={lease.sessionId} onGoToSession={onGoToSession} />
      <TaskKey sessionId={lease.sessionId} />
      <span className="lease-times">
        since <AgeAgo at={lease.acquiredAt} />, <Ends lease={lease} />
      </span>
      <span className="spacer" />
      <IconButton
        icon={MailQuestionMark}
        label="Ask the holder"
        keys="A"
        data-testid={testId.leaseAsk}
        onClick={onAsk}
      />
      <IconButton icon={LockOpen} label="End this lease" keys="Delete" data-testid={testId.leaseEnd} onClick={onEnd} />
    </div>
  </div>
)

const TargetText = ({ target }: { readonly target: LeaseTarget }) => (
  <span className="lease-target">
    <Icon of={target.kind === 'path' ? FileLock2 : KeySquare} size={14} />
    <span className="mono cut">{visibleLine(target.kind === 'path' ? target.pattern : target.name)}</span>
  </span>
)

const TaskKey = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const key = useTaskKeyOf(sessionId)
  return key === null ? null : <span className="num lease-task">{key}</span>
}

// A quarter of a minute is exact enough for minutes.
const clockMs = 15_000

/** When it ends unless its holder works on, and when it ends in any case. */
const Ends = ({ lease }: { readonly lease: Lease }) => {
  const now = useNow(clockMs)
  return (
    <Tooltip
      text={`Each sign of life of its holder moves the end on. In any case it ends at ${exactTime(lease.holdUntil)}.`}
    >
      <span>ends in {untilText(lease.expiresAt, now)} unless it works on</span>
    </Tooltip>
  )
}

interface WaitingRowProps {
  readonly waiter: LeaseWaiter
  readonly isBeneath: boolean
  readonly onGoToSession: (id: SessionId) => void
  readonly onCancel: () => void
}

const WaitingRow = ({ waiter, isBeneath, onGoToSession, onCancel }: WaitingRowProps) => (
  <div className="waiter-row" data-beneath={isBeneath || undefined} data-testid={testId.leaseWaiter}>
    <Icon of={Hourglass} size={14} />
    <SessionLink id={waiter.sessionId} onGoToSession={onGoToSession} />
    <span className="cut lease-times">
      waits for{' '}
      <span className="mono">{waiter.wants.map(({ target }) => visibleLine(targetText(target))).join(', ')}</span>,
      asked <AgeAgo at={waiter.askedAt} />
    </span>
    <span className="spacer" />
    <IconButton
      icon={X}
      label="Take out of the line"
      keys="Delete"
      data-testid={testId.leaseCancelWait}
      onClick={onCancel}
    />
  </div>
)
