import './new-session-dialog.css'
import { FolderGit2, TriangleAlert } from 'lucide-react'
import { useRef, useState } from 'react'
import type { NewSession, Session } from '../../../../shared/contract/sessions.ts'
import type { Task } from '../../../../shared/contract/task-rows.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { useAgents } from '../../../data/agents.ts'
import { useData } from '../../../data/data-context.tsx'
import { useProject } from '../../../data/projects.ts'
import { settle } from '../../../data/settle.ts'
import { testId } from '../../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../../shared/lib/visible-text.ts'
import { Note } from '../../../ui/bits.tsx'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { AgentFields } from './agent-fields.tsx'
import { agentSupplyOf, whyNoStart } from './agent-supply-rules.ts'
import { useDraft } from './draft-store.ts'
import {
  agentOf,
  draftAfterStart,
  fieldOfRefusal,
  formProblem,
  toNewSession,
  type FormProblem,
  type NewSessionDraft,
} from './new-session-rules.ts'
import { ProjectChoice } from './project-choice.tsx'
import { PromptField } from './prompt-field.tsx'
import { useRepository } from './use-repository.ts'
import { WhatWillHappen } from './what-will-happen.tsx'
import { WorktreeFields } from './worktree-fields.tsx'

interface NewSessionDialogProps {
  readonly projectId: ProjectId
  /** What the form begins with instead of the project's own draft, which then stays as it is. */
  readonly initialDraft: NewSessionDraft | null
  /** The task the session is started on; null for a session of its own. */
  readonly task: Task | null
  readonly onProject: (id: ProjectId) => void
  readonly onClose: () => void
  /** `isRepeating`: the dialog stays for the next one, so nothing else may take the focus. */
  readonly onStarted: (session: Session, isRepeating: boolean) => void
}

/** Says what a session should do and where. Everything has a default: a line of text and Enter start one. */
export const NewSessionDialog = (props: NewSessionDialogProps) => {
  const { projectId, task } = props
  const project = useProject(projectId)
  const agents = useAgents()
  const { draft, replace } = useDraft(projectId, props.initialDraft)
  const noStart = whyNoStart(agentSupplyOf(agents))
  const [isAgentMissed, setAgentMissed] = useState(false)
  const { branches, base, readBranches } = useRepository(projectId, draft.baseRef)
  const form = useStart(projectId, task, readBranches)
  const [isRepeating, setRepeating] = useState(false)
  const prompt = useRef<HTMLTextAreaElement>(null)
  const isStarted = useRef(false)
  const agent = agentOf(agents, draft.agentId)
  const early = formProblem(draft, branches)
  // A name that cannot be is said while it is typed; a choice that is still to be made only when it is missed.
  const missed: FormProblem | null = isAgentMissed && noStart !== null ? { field: 'agent', message: noStart } : null
  const problem = missed ?? (early?.field === 'branch' ? early : form.problem)

  const change = (part: Partial<NewSessionDraft>) => {
    form.clear()
    replace({ ...draft, ...part })
  }
  const start = async () => {
    if (form.isStarting) return
    setAgentMissed(noStart !== null)
    if (agent === undefined || noStart !== null) return undefined
    if (early !== null) return form.refuse(early)
    const session = await form.send(toNewSession(draft, { projectId, agent, requestId: form.requestId }))
    if (session === null) return undefined
    replace(draftAfterStart(draft))
    isStarted.current = !isRepeating
    props.onStarted(session, isRepeating)
    if (isRepeating) prompt.current?.focus()
    else props.onClose()
    return undefined
  }
  const fields = { draft, problem, onChange: change }

  return (
    <Dialog
      isOpen
      title={task === null ? 'New session' : `New session on ${task.key}`}
      heading={
        task === null ? (
          <>
            <span className="text-faint">in</span>
            <ProjectChoice icon={FolderGit2} projectId={projectId} onChange={props.onProject} />
          </>
        ) : (
          <span className="text-faint cut">{visibleLine(task.title)}</span>
        )
      }
      width={912}
      initialFocus={prompt}
      testId={testId.newSession}
      returnsFocus={() => !isStarted.current}
      onClose={props.onClose}
      footer={
        <>
          {task === null ? (
            <Checkbox label="Start another after this" isChecked={isRepeating} onChange={setRepeating} />
          ) : null}
          <span className="spacer" />
          <Button size="large" keys="Esc" data-testid={testId.newSessionCancel} onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            size="large"
            variant="primary"
            keys="Enter"
            isBusy={form.isStarting}
            disabledReason={noStart}
            data-testid={testId.newSessionStart}
            onClick={() => void start()}
          >
            Start session
          </Button>
        </>
      }
    >
      <div className="new-session">
        {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- Enter in any of its text fields starts */}
        <div
          className="new-session-form scroll"
          onKeyDown={(event) => {
            const isText = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
            // React also hands up the keys of lists that open outside: Enter chooses there.
            const isOurs = event.target instanceof Node && event.currentTarget.contains(event.target)
            if (!isText || !isOurs || event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            void start()
          }}
        >
          <PromptField {...fields} agent={agent} field={prompt} />
          <AgentFields {...fields} agents={agents} agent={agent} />
          <WorktreeFields {...fields} project={project} branches={branches} base={base} />
          {problem?.field === 'form' ? (
            <Note icon={TriangleAlert} tone="bad" role="alert" testId={testId.newSessionError}>
              {visibleText(problem.message)}
            </Note>
          ) : null}
        </div>
        <WhatWillHappen draft={draft} agent={agent} project={project} base={base} />
      </div>
    </Dialog>
  )
}

/** Sends the form. The same request id is used until it was taken, so a lost answer starts no second session. */
const useStart = (projectId: ProjectId, task: Task | null, onRefused: () => Promise<void>) => {
  const { api, stores } = useData()
  const [isStarting, setStarting] = useState(false)
  const [problem, setProblem] = useState<FormProblem | null>(null)
  const [requestId, setRequestId] = useState(() => crypto.randomUUID())
  const create = async (input: NewSession): Promise<Session> => {
    if (task === null) return api.sessions.create(input)
    const started = await api.tasks.startSession({ ...input, taskId: task.id })
    stores.tasks.put([started.task])
    stores.attempts.put([started.attempt])
    return started.session
  }
  const send = async (input: ReturnType<typeof toNewSession>): Promise<Session | null> => {
    setStarting(true)
    setProblem(null)
    const result = await settle(create({ ...input, projectId }))
    setStarting(false)
    if (result.ok) {
      setRequestId(crypto.randomUUID())
      return result.value
    }
    const { code, message } = result.refusal
    setProblem({ field: fieldOfRefusal(code, input.worktree.kind), message })
    void onRefused()
    return null
  }
  return { isStarting, problem, requestId, send, refuse: setProblem, clear: () => setProblem(null) }
}
