import './helpers.css'
import { Users } from 'lucide-react'
import type { TeamTask } from '../../../shared/contract/teams.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useHelpers, useTeamTasks, type Helper } from '../../data/helpers.ts'
import { testId } from '../../lib/test-ids.ts'
import { useShortAge } from '../../lib/age-clock.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Popover } from '../../ui/popover.tsx'
import { Status } from '../../ui/status-mark.tsx'
import { helpersText, helperStates, longListNote, taskDetail, taskLine, teamTaskStates } from './helper-words.ts'

/** How many helpers a session has, and who they are behind it. Draws nothing while it never had any. */
export const HelpersButton = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const helpers = useHelpers(sessionId)
  const tasks = useTeamTasks(sessionId)
  if (helpers.length === 0 && tasks.length === 0) return null
  const text = helpersText(helpers)
  const living = helpers.filter(({ state }) => state !== 'ended').length
  return (
    <Popover
      label="Helpers of this session"
      testId={testId.helpersPanel}
      button={{
        icon: Users,
        label: text,
        content: <span className="num">{living}</span>,
        testId: testId.helpersButton,
      }}
    >
      <HelpersPanel helpers={helpers} tasks={tasks} />
    </Popover>
  )
}

interface HelpersPanelProps {
  readonly helpers: readonly Helper[]
  readonly tasks: readonly TeamTask[]
}

/** Who works inside of a session, and what its team has to do. All of it is the agent's own; nothing here changes it. */
export const HelpersPanel = ({ helpers, tasks }: HelpersPanelProps) => (
  <>
    {helpers.length === 0 ? null : (
      <section aria-label="Helpers">
        <h3>Helpers</h3>
        <ul>
          {helpers.map((helper) => (
            <HelperRow key={helper.key} helper={helper} />
          ))}
        </ul>
      </section>
    )}
    {tasks.length === 0 ? null : (
      <section aria-label="Tasks of the team">
        <h3>Tasks of the team</h3>
        <p className="helpers-note">The agent’s own list. They are not tasks of this project.{longListNote(tasks)}</p>
        <ul>
          {tasks.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      </section>
    )}
  </>
)

const HelperRow = ({ helper }: { readonly helper: Helper }) => {
  const age = useShortAge(helper.since)
  const { word, mark } = helperStates[helper.state]
  const task = taskLine(helper.task)
  return (
    <li className="helpers-row" data-testid={testId.helperRow}>
      <div className="helpers-line">
        <span className="medium cut">{visibleLine(helper.name)}</span>
        <span className="helpers-kind cut">{kindOf(helper)}</span>
        <Status kind={mark} word={word} />
        <span className="helpers-age num">{age}</span>
      </div>
      {task === null ? null : <div className="helpers-detail cut">{task}</div>}
    </li>
  )
}

const kindOf = ({ kind, type }: Helper) =>
  kind === 'subagent' ? 'subagent' : type === '' ? 'teammate' : `teammate, ${visibleLine(type)}`

const TaskRow = ({ task }: { readonly task: TeamTask }) => {
  const { word, mark } = teamTaskStates[task.state]
  return (
    <li className="helpers-row" data-testid={testId.teamTaskRow}>
      <div className="helpers-line">
        <span className="cut">{taskLine(task)}</span>
        <span className="spacer" />
        <Status kind={mark} word={word} />
      </div>
      <div className="helpers-detail cut">{taskDetail(task)}</div>
    </li>
  )
}
