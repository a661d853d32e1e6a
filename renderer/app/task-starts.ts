import { Play } from 'lucide-react'
import { briefOf } from '../../shared/contract/task-brief.ts'
import type { Task } from '../../shared/contract/task-rows.ts'
import type { SessionId, TaskId } from '../../shared/lib/ids.ts'
import type { AppData } from '../data/app-data.ts'
import { readSetting } from '../data/settings.ts'
import { settle } from '../data/settle.ts'
import { agentSupplyOf, whyNoStart } from '../features/sessions/new-session/agent-supply-rules.ts'
import { draftKey, parseDraft } from '../features/sessions/new-session/draft-store.ts'
import { agentOf, emptyDraft, type NewSessionDraft } from '../features/sessions/new-session/new-session-rules.ts'
import type { Notices } from '../lib/notices.tsx'
import type { OpenDialog } from './dialogs.ts'

interface StartDeps {
  readonly data: AppData
  readonly notices: Notices
  readonly open: (dialog: OpenDialog) => void
  readonly goToSession: (id: SessionId) => void
}

/** How a session begins on a task: at once, or with a look at the form. */
export const createTaskStarts = ({ data, notices, open, goToSession }: StartDeps) => ({
  startOnTask: async (taskId: TaskId): Promise<void> => {
    const task = data.stores.tasks.get(taskId)
    if (task === undefined) return undefined
    const agents = agentsOf(data)
    const noStart = whyNoStart(agentSupplyOf(agents))
    if (noStart !== null) return notices.refuse(noStart)
    const { agentId, model } = usualChoice(data, task)
    if (agentId === '') return notices.refuse(`None of the agents that ${task.key} allows was found on this computer.`)
    const started = await settle(
      data.api.tasks.startSession({
        taskId,
        title: null,
        prompt: null,
        agentId,
        model: model === '' ? null : model,
        permissionMode: null,
        worktree: { kind: 'new-branch', baseRef: task.baseRef, branch: null },
        requestId: crypto.randomUUID(),
      }),
    )
    if (!started.ok) return notices.refuse(started.refusal.message)
    const { session, attempt } = started.value
    data.stores.sessions.put([session])
    data.stores.attempts.put([attempt])
    data.stores.tasks.put([started.value.task])
    return notices.show({
      icon: Play,
      text: `A session starts on ${task.key}.`,
      action: { label: 'Go to it', run: () => goToSession(session.id) },
    })
  },
  configureStart: async (taskId: TaskId): Promise<void> => {
    const detail = await settle(data.api.tasks.detail({ taskId }))
    if (!detail.ok) return notices.refuse(detail.refusal.message)
    const { task } = detail.value
    const draft = { ...usualChoice(data, task), title: task.title, prompt: briefOf(detail.value) }
    return open({ kind: 'new-session', projectId: task.projectId, draft, task })
  },
})

const agentsOf = ({ stores }: AppData) => [...stores.agents.store.getState().byId.values()]

/** The form as it begins for a task: its base, and the agent of the project's last session if the task allows it. */
const usualChoice = (data: AppData, task: Task): NewSessionDraft => {
  const kept = parseDraft(readSetting(data, draftKey(task.projectId)))
  const isAllowed =
    task.allowedAgents.length === 0 ? () => true : (id: string) => task.allowedAgents.some((one) => one === id)
  const agent = agentOf(
    agentsOf(data).filter(({ id, availability }) => isAllowed(id) && availability.kind === 'found'),
    kept.agentId,
  )
  return {
    ...emptyDraft,
    agentId: agent?.id ?? '',
    model: agent?.id === kept.agentId ? kept.model : '',
    baseRef: task.baseRef ?? '',
  }
}
