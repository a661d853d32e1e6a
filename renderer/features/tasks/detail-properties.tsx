import { Check, ChevronDown } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { agentIdSchema } from '../../../shared/contract/agents.ts'
import type { TaskPatch } from '../../../shared/contract/tasks.ts'
import { taskKindSchema, type Task } from '../../../shared/contract/task-rows.ts'
import { isEnded } from '../../../shared/contract/task-waits.ts'
import { useAgents } from '../../data/agents.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { toggled } from '../../lib/toggled.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { Stepper } from '../../ui/stepper.tsx'
import { dayFromField, fieldFromDay } from './day-field.ts'
import { DetailField } from './detail-field.tsx'
import { hasAttempt } from './drop-plan.ts'
import { useTasksRoom } from './room-context.tsx'
import { dayOf, kindNames, priorities, priorityName } from './task-words.ts'

/** What is said of a task beside its words. A choice is saved at once, what is typed when it is done. */
export const DetailProperties = ({ task }: { readonly task: Task }) => {
  const { actions } = useTasksRoom()
  const [problem, setProblem] = useState<string | null>(null)
  const patch = async (part: TaskPatch) => {
    const refusal = await actions.update({ id: task.id, rev: null }, part)
    setProblem(refusal?.message ?? null)
  }
  if (isEnded(task.state)) return <EndedProperties task={task} />
  return (
    <div className="detail-properties">
      <Choices task={task} onPatch={(part) => void patch(part)} />
      <Property name="Labels">
        <DetailField task={task} field="labels" label="Labels" placeholder="None; put commas between them" />
      </Property>
      <Property name="Paths">
        <DetailField
          task={task}
          field="declaredPaths"
          label="Declared paths"
          placeholder="Where it will change files: one pattern a line"
          isMultiline
          isCode
        />
      </Property>
      <Property name="Base">
        <DetailField task={task} field="baseRef" label="Base" placeholder="The default branch" isCode />
      </Property>
      <Property name="Role">
        <DetailField task={task} field="requiredRole" label="Role" placeholder="Sessions of any role" />
      </Property>
      <Property name="Agents">
        <Agents task={task} onPatch={(part) => void patch(part)} />
      </Property>
      <Property name="Attempts">
        <Stepper
          label="Attempts before a person decides"
          value={task.maxAttempts}
          min={1}
          max={20}
          onChange={(maxAttempts) => void patch({ maxAttempts })}
        />
        <span className="text-faint text-12">before you decide</span>
      </Property>
      <Property name="Done when">
        <Segmented
          label="Done when"
          value={task.doneWhen}
          options={[
            { value: 'completed', label: 'Accepted' },
            { value: 'merged', label: 'Merged' },
          ]}
          onChange={(doneWhen) => void patch({ doneWhen })}
        />
      </Property>
      <Property name="Defer until">
        <DeferField task={task} />
      </Property>
      {problem === null ? null : (
        <span className="field-error" role="alert">
          {visibleText(problem)}
        </span>
      )}
    </div>
  )
}

const Property = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className="detail-property">
    <span className="detail-property-name">{name}</span>
    <div className="detail-property-value">{children}</div>
  </div>
)

interface PatchProps {
  readonly task: Task
  readonly onPatch: (part: TaskPatch) => void
}

const Choices = ({ task, onPatch }: PatchProps) => (
  <>
    <Property name="Priority">
      <Select
        label="Priority"
        value={String(task.priority)}
        options={priorities.map((priority) => ({ value: String(priority), label: priorityName(priority) }))}
        onChange={(priority) => onPatch({ priority: Number(priority) })}
      />
    </Property>
    <Property name="Kind">
      <Select
        label="Kind"
        value={task.kind}
        options={taskKindSchema.options.map((kind) => ({ value: kind, label: kindNames[kind] }))}
        onChange={(kind) => {
          const chosen = taskKindSchema.options.find((one) => one === kind)
          if (chosen !== undefined) onPatch({ kind: chosen })
        }}
      />
    </Property>
  </>
)

const Agents = ({ task, onPatch }: PatchProps) => {
  const agents = useAgents()
  const nameOf = (id: Task['allowedAgents'][number]) => agents.find((agent) => agent.id === id)?.name ?? id
  return (
    <Menu
      align="start"
      entries={agentIdSchema.options.map((id) => ({
        kind: 'item',
        id,
        label: nameOf(id),
        ...(task.allowedAgents.includes(id) ? { icon: Check } : {}),
        onChoose: () => onPatch({ allowedAgents: toggled(task.allowedAgents, id) }),
      }))}
    >
      <Button size="small" iconAfter={ChevronDown}>
        <span className="cut">
          {task.allowedAgents.length === 0 ? 'Any' : task.allowedAgents.map(nameOf).join(', ')}
        </span>
      </Button>
    </Menu>
  )
}

const DeferField = ({ task }: { readonly task: Task }) => {
  const { actions } = useTasksRoom()
  const isAtWork = hasAttempt(task.state)
  const shown = fieldFromDay(task.deferUntil)
  // A day that is being typed is no day yet: the field keeps what it holds until it is one.
  const [text, setText] = useState(shown)
  const [seen, setSeen] = useState(shown)
  if (seen !== shown) {
    setSeen(shown)
    setText(shown)
  }
  const defer = (next: string) => {
    setText(next)
    const until = dayFromField(next)
    if (until === null && (next !== '' || task.state !== 'deferred')) return
    void actions.changeAndTell(task.id, { verbs: [{ kind: 'move', move: { to: 'deferred', until } }] })
  }
  return isAtWork ? (
    <span className="text-faint text-12">A session works on it</span>
  ) : (
    <input
      type="date"
      className="input detail-day"
      data-size="small"
      aria-label="Defer until"
      value={text}
      onChange={(event) => defer(event.target.value)}
    />
  )
}

const EndedProperties = ({ task }: { readonly task: Task }) => (
  <div className="detail-properties">
    <Property name="Priority">{priorityName(task.priority)}</Property>
    <Property name="Kind">{kindNames[task.kind]}</Property>
    {task.labels.length === 0 ? null : <Property name="Labels">{visibleText(task.labels.join(', '))}</Property>}
    {task.endedAt === null ? null : <Property name="Ended">{dayOf(task.endedAt)}</Property>}
  </div>
)
