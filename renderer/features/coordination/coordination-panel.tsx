import './coordination.css'
import { Waypoints } from 'lucide-react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import { targetText } from '../../../shared/contract/lease-claims.ts'
import type { LeaseId, MessageId, SessionId, TaskId, ThreadId } from '../../../shared/lib/ids.ts'
import { useLeasesOf, useUnreadMailOf, useUnreadMessagesOf, useWaitOf, useWorkOf } from '../../data/coordination.ts'
import { useData } from '../../data/data-context.tsx'
import { useWorstOverlapOf } from '../../data/radar.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { attemptText, mailText, overlapText, policyText, summaryText, waitText } from './coordination-words.ts'

/** Where the panel leads to. */
export interface CoordinationLinks {
  readonly openTask: (id: TaskId) => void
  readonly showLeases: () => void
  readonly openLease: (id: LeaseId) => void
  readonly showMail: () => void
  readonly openMessage: (message: { readonly id: MessageId; readonly threadId: ThreadId }) => void
  readonly showActivity: () => void
}

interface CoordinationProps {
  readonly sessionId: SessionId
  readonly links: CoordinationLinks
}

/** What a session has to do with others, in a word; all of it behind the button. */
export const CoordinationButton = ({ sessionId, links }: CoordinationProps) => {
  const work = useWorkOf(sessionId)
  const leases = useLeasesOf(sessionId).length
  const isWaiting = useWaitOf(sessionId) !== null
  const mail = useUnreadMailOf(sessionId)
  const taskKey = work?.task.key ?? null
  return (
    <Popover
      label="Coordination of this session"
      testId={testId.coordination}
      button={{
        icon: Waypoints,
        label: summaryText({ taskKey, leases, isWaiting, mail }),
        content: (
          <>
            {taskKey === null ? null : <span className="num">{visibleLine(taskKey)}</span>}
            {isWaiting || mail.waiting + mail.given > 0 ? <span className="coordination-dot" /> : null}
          </>
        ),
        testId: testId.coordinationToggle,
      }}
    >
      {(close) => <CoordinationPanel sessionId={sessionId} links={closing(links, close)} />}
    </Popover>
  )
}

/** Each way out of the panel closes it first. */
const closing = (links: CoordinationLinks, close: () => void): CoordinationLinks => {
  const first =
    <Args extends readonly unknown[]>(go: (...args: Args) => void) =>
    (...args: Args) => {
      close()
      go(...args)
    }
  return {
    openTask: first(links.openTask),
    showLeases: first(links.showLeases),
    openLease: first(links.openLease),
    showMail: first(links.showMail),
    openMessage: first(links.openMessage),
    showActivity: first(links.showActivity),
  }
}

/** Task, leases, mail and the last signs of one session. */
export const CoordinationPanel = ({ sessionId, links }: CoordinationProps) => (
  <>
    <WorkPart sessionId={sessionId} onOpen={links.openTask} />
    <LeasePart sessionId={sessionId} links={links} />
    <MailPart sessionId={sessionId} links={links} />
    <SignsPart sessionId={sessionId} onOpen={links.showActivity} />
  </>
)

interface PartProps {
  readonly name: string
  readonly link: string
  readonly onOpen: (() => void) | null
  readonly children: ReactNode
}

const Part = ({ name, link, onOpen, children }: PartProps) => (
  <section aria-label={name} data-testid={testId.coordinationSection}>
    <header className="coordination-head">
      <h3>{name}</h3>
      {onOpen === null ? null : (
        <Button size="small" variant="ghost" onClick={onOpen}>
          {link}
        </Button>
      )}
    </header>
    {children}
  </section>
)

const WorkPart = ({ sessionId, onOpen }: { readonly sessionId: SessionId; readonly onOpen: (id: TaskId) => void }) => {
  const { stores } = useData()
  const work = useWorkOf(sessionId)
  const report = useStore(stores.reports.store, (rows) => rows.byId.get(sessionId))
  return (
    <Part name="Task" link="Open the task" onOpen={work === null ? null : () => onOpen(work.task.id)}>
      {work === null ? (
        <p className="coordination-text text-faint">It works on no task.</p>
      ) : (
        <p className="coordination-text">
          <span className="num">{visibleLine(work.task.key)}</span>{' '}
          <span className="medium">{visibleLine(work.task.title)}</span>
          <br />
          <span className="text-faint">
            {attemptText(work.attempt.state)}, attempt {work.attempt.number} of at most {work.task.maxAttempts}, begun{' '}
            <AgeAgo at={work.attempt.createdAt} />
          </span>
        </p>
      )}
      {report === undefined ? null : (
        <p className="coordination-text">
          “{visibleLine(report.text)}”{' '}
          <span className="text-faint">
            <AgeAgo at={report.at} />
          </span>
        </p>
      )}
    </Part>
  )
}

const LeasePart = ({ sessionId, links }: CoordinationProps) => {
  const leases = useLeasesOf(sessionId)
  const wait = useWaitOf(sessionId)
  const overlap = useWorstOverlapOf(sessionId)
  return (
    <Part name="Leases" link="All leases" onOpen={links.showLeases}>
      {leases.length === 0 ? <p className="coordination-text text-faint">It holds none.</p> : null}
      <ul>
        {leases.map(({ id, target, mode, policy }) => (
          <li key={id} className="coordination-line">
            <button
              type="button"
              className="coordination-link mono cut"
              data-testid={testId.coordinationLease}
              onClick={() => links.openLease(id)}
            >
              {visibleLine(targetText(target))}
            </button>
            <span className="text-faint">
              {mode === 'shared' ? 'shared, ' : ''}
              {policyText[policy]}
            </span>
          </li>
        ))}
      </ul>
      {wait === null ? null : (
        <p className="coordination-text">
          Waits for <span className="mono">{waitText(wait)}</span>, asked <AgeAgo at={wait.askedAt} />
        </p>
      )}
      {overlap === null ? null : <p className="coordination-text">{overlapText[overlap]}</p>}
    </Part>
  )
}

/** As many as can be looked through at a glance; the rest is among the mail. */
const mostMessages = 3

const MailPart = ({ sessionId, links }: CoordinationProps) => (
  <Part name="Mail" link="All mail" onOpen={links.showMail}>
    <p className="coordination-text">
      {mailText(useUnreadMailOf(sessionId)) ?? <span className="text-faint">Nothing unread.</span>}
    </p>
    <ul>
      {useUnreadMessagesOf(sessionId, mostMessages).map((message) => (
        <li key={message.id} className="coordination-line">
          <button
            type="button"
            className="coordination-link cut"
            data-testid={testId.coordinationMessage}
            onClick={() => links.openMessage(message)}
          >
            {visibleLine(message.subject)}
          </button>
        </li>
      ))}
    </ul>
  </Part>
)

const SignsPart = ({ sessionId, onOpen }: { readonly sessionId: SessionId; readonly onOpen: () => void }) => {
  const activity = useSessionValue(sessionId, (session) => session.activity)
  const outage = useStore(useData().stores.outages.store, (rows) => rows.byId.get(sessionId))
  if (activity === undefined) return null
  const isKnown = activity.evidence.source !== 'none'
  return (
    <Part name="Last signs" link="Its activity" onOpen={onOpen}>
      <p className="coordination-text">
        {isKnown ? visibleLine(activity.evidence.detail) : 'No sign of its state yet.'}{' '}
        {isKnown ? (
          <span className="text-faint">
            <AgeAgo at={activity.at} />
          </span>
        ) : null}
      </p>
      {outage === undefined || outage.edits === 0 ? null : (
        <p className="coordination-text">
          {outage.edits} {outage.edits === 1 ? 'edit' : 'edits'} nobody checked, the last <AgeAgo at={outage.lastAt} />
        </p>
      )}
    </Part>
  )
}
