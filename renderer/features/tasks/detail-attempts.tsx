import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Attempt, Checkpoint } from '../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useSessionValue } from '../../data/sessions.ts'
import { testId } from '../../lib/test-ids.ts'
import { useNow } from '../../lib/use-now.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { attemptNote } from './attempt-note.ts'
import { isAttemptLive } from './blockers.ts'
import { useTasksRoom } from './room-context.tsx'
import { Section } from './detail-section.tsx'
import { attemptWord, holderName } from './task-words.ts'

/** Who worked on the task, newest first, with what each left behind. Nothing before the first. */
export const DetailAttempts = ({ taskId }: { readonly taskId: TaskId }) => {
  const { stores } = useData()
  const attempts = useStore(
    stores.attempts.store,
    useShallow((rows) =>
      [...rows.byId.values()].filter((row) => row.taskId === taskId).sort((a, b) => b.number - a.number),
    ),
  )
  const checkpoints = useStore(
    stores.checkpoints.store,
    useShallow((rows) => [...rows.byId.values()].filter((row) => row.taskId === taskId).sort((a, b) => b.at - a.at)),
  )
  if (attempts.length === 0) return null
  return (
    <Section title="Attempts">
      <ol className="detail-attempts">
        {attempts.map((attempt) => (
          <AttemptRow
            key={attempt.id}
            attempt={attempt}
            checkpoints={checkpoints.filter((row) => row.attemptId === attempt.id)}
          />
        ))}
      </ol>
    </Section>
  )
}

// The deadline of a lease is minutes away.
const leaseLookMs = 15_000

const AttemptRow = ({ attempt, checkpoints }: { attempt: Attempt; checkpoints: readonly Checkpoint[] }) => {
  const note = attemptNote(attempt, useNow(leaseLookMs))
  return (
    <li
      className="detail-attempt"
      data-live={isAttemptLive(attempt.state) || undefined}
      data-testid={testId.taskAttempt}
    >
      <div className="row">
        <span className="medium">
          {attempt.number}. {attemptWord(attempt.state)}
        </span>
        <HolderLink attempt={attempt} />
        <span className="spacer" />
        <span className="text-faint text-12">
          <AgeAgo at={attempt.endedAt ?? attempt.createdAt} />
        </span>
      </div>
      {note === null ? null : <p className="text-12 text-quiet">{visibleText(note)}</p>}
      {attempt.rescueRef === null ? null : (
        <p className="text-12 text-quiet">
          What it had not committed is kept under <code className="selectable">{attempt.rescueRef}</code>
        </p>
      )}
      {checkpoints.map((checkpoint) => (
        <CheckpointNote key={checkpoint.id} checkpoint={checkpoint} />
      ))}
    </li>
  )
}

const HolderLink = ({ attempt }: { readonly attempt: Attempt }) => {
  const { goToSession } = useTasksRoom()
  const sessionId = attempt.holder.kind === 'session' ? attempt.holder.sessionId : null
  const title = useSessionValue(sessionId ?? ('' as never), (session) => session.title)
  return sessionId === null || title === undefined ? (
    <span className="cut text-quiet">{visibleLine(holderName(attempt))}</span>
  ) : (
    <button type="button" className="link-button cut" onClick={() => goToSession(sessionId)}>
      {visibleLine(title)}
    </button>
  )
}

const CheckpointNote = ({ checkpoint }: { readonly checkpoint: Checkpoint }) => (
  <div className="detail-checkpoint" data-testid={testId.taskCheckpoint}>
    <p className="detail-text selectable">{visibleText(checkpoint.summary)}</p>
    {checkpoint.nextSteps === '' ? null : (
      <p className="detail-text selectable text-quiet">Next: {visibleText(checkpoint.nextSteps)}</p>
    )}
    <p className="text-12 text-faint">
      Checkpoint, <AgeAgo at={checkpoint.at} />
      {checkpoint.headSha === null ? null : (
        <>
          {' at '}
          <code className="selectable">{checkpoint.headSha.slice(0, 10)}</code>
        </>
      )}
    </p>
  </div>
)
