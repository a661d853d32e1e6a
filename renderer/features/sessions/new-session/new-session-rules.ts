import type { Agent, AgentId } from '../../../../shared/contract/agents.ts'
import type { ApiClient } from '../../../../shared/contract/api.ts'
import type { NewSession, Session, WorktreeChoice } from '../../../../shared/contract/sessions.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

export type Branch = Awaited<ReturnType<ApiClient['projects']['branches']>>[number]
export type WorktreeKind = WorktreeChoice['kind']

/** The form as the person left it. Empty text means "as it would be by itself". */
export interface NewSessionDraft {
  readonly prompt: string
  readonly title: string
  readonly agentId: AgentId | ''
  readonly model: string
  readonly permissionMode: string
  /** The agent may run a team of its own. */
  readonly usesTeams: boolean
  readonly worktreeKind: WorktreeKind
  readonly baseRef: string
  readonly branch: string
  readonly existingBranch: string
  readonly existingPath: string
}

export const emptyDraft: NewSessionDraft = {
  prompt: '',
  title: '',
  agentId: '',
  model: '',
  permissionMode: '',
  usesTeams: false,
  worktreeKind: 'new-branch',
  baseRef: '',
  branch: '',
  existingBranch: '',
  existingPath: '',
}

/** What is kept for the next session: the choices, not the words; and never a mode that skips permissions. */
export const draftAfterStart = (draft: NewSessionDraft): NewSessionDraft => ({
  ...emptyDraft,
  agentId: draft.agentId,
  model: draft.model,
})

/** What a session was to do, to be started in another way; never a mode that skips permissions. */
export const draftOfSession = (session: Session): NewSessionDraft => {
  const { worktreeChoice: choice } = session
  return {
    ...emptyDraft,
    prompt: session.prompt ?? '',
    title: session.title === titleFromPrompt(session.prompt ?? '') ? '' : session.title,
    agentId: session.agentId,
    model: session.model ?? '',
    usesTeams: session.usesTeams,
    worktreeKind: choice.kind,
    baseRef: choice.kind === 'new-branch' ? (choice.baseRef ?? '') : '',
    branch: choice.kind === 'new-branch' ? (choice.branch ?? '') : '',
    existingBranch: choice.kind === 'existing-branch' ? choice.branch : '',
    existingPath: choice.kind === 'existing-worktree' ? choice.path : '',
  }
}

const mostTitleLength = 200

/** The first line that says something, without Markdown's heading and list marks. Empty when there is none. */
export const titleFromPrompt = (prompt: string): string => {
  const lines = prompt.split('\n').map((line) => line.replace(/^\s*(#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|>\s*)*/, '').trim())
  const first = lines.find((line) => line !== '') ?? ''
  const plain = first.replace(/[`*]/g, '').replace(/[.:]$/, '').trim()
  return plain.length <= mostTitleLength ? plain : `${plain.slice(0, mostTitleLength - 1).trimEnd()}…`
}

const mostSlugLength = 40

/** A title as part of a branch name: small ASCII letters, digits and hyphens. Empty when nothing is left. */
export const slugOf = (title: string): string => {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  if (plain.length <= mostSlugLength) return plain
  const cut = plain.slice(0, mostSlugLength + 1)
  const atWord = cut.lastIndexOf('-')
  return (atWord > mostSlugLength / 2 ? cut.slice(0, atWord) : plain.slice(0, mostSlugLength)).replace(/-+$/, '')
}

/** What is wrong with a branch name that is to be made, with a name that would do; null when it is fine. */
export const branchProblem = (name: string, branches: readonly Pick<Branch, 'name' | 'kind'>[]): string | null => {
  if (name === '') return null
  const suggestion = suggestedBranch(name)
  const hint = suggestion === '' || suggestion === name ? '' : ` Try ${suggestion}.`
  if (/\s/.test(name)) return `A branch name cannot hold a space.${hint}`
  const strange = /[^A-Za-z0-9._/-]/.exec(name)
  if (strange !== null)
    return `A branch name of ours cannot hold ${strange[0]}. Use letters, digits and . _ / -${hint && `.${hint}`}`
  if (name.length > 100) return 'Use at most 100 characters.'
  if (isRefusedByGit(name)) return `Git does not take this name.${hint}`
  if (branches.some((branch) => branch.kind === 'local' && branch.name === name)) {
    return `${name} is there already. Choose another name, or "Existing branch".`
  }
  return null
}

/** Git's own rules for ref names, as far as the characters above can break them. */
const isRefusedByGit = (name: string): boolean =>
  /^[-/.]|\/\.|\.\.|\/\/|[/.]$|\.lock(\/|$)/.test(name) || name.split('/').some((part) => part.endsWith('.lock'))

const suggestedBranch = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9._/-]+/g, '-')
    .replace(/\.\.+/g, '.')
    .replace(/\/+/g, '/')
    .replace(/(^|\/)[-.]+/g, '$1')
    .replace(/[-./]+($|\/)/g, '$1')
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.lock$/, '')

export const agentOf = (agents: readonly Agent[], id: AgentId | ''): Agent | undefined =>
  agents.find((agent) => agent.id === id) ?? defaultAgent(agents)

/** The first agent that is there and takes a prompt; the demo agent when there is none. */
export const defaultAgent = (agents: readonly Agent[]): Agent | undefined => {
  const found = agents.filter((agent) => agent.availability.kind === 'found')
  return (
    found.find((agent) => agent.takesPrompt && agent.id !== 'demo') ??
    found.find((agent) => agent.id === 'demo') ??
    found[0] ??
    agents[0]
  )
}

export type FormField = 'prompt' | 'agent' | 'base' | 'branch' | 'existingBranch' | 'existingPath' | 'form'
export interface FormProblem {
  readonly field: FormField
  readonly message: string
}

/** What keeps the form from being sent, at the field it concerns; null when it can be sent. */
export const formProblem = (draft: NewSessionDraft, branches: readonly Branch[]): FormProblem | null => {
  switch (draft.worktreeKind) {
    case 'new-branch': {
      const message = branchProblem(draft.branch.trim(), branches)
      return message === null ? null : { field: 'branch', message }
    }
    case 'existing-branch':
      return draft.existingBranch === '' ? { field: 'existingBranch', message: 'Choose a branch.' } : null
    case 'existing-worktree':
      return draft.existingPath.trim() === '' ? { field: 'existingPath', message: 'Choose or type a folder.' } : null
    case 'in-place':
      return null
    default:
      return unreachable(draft.worktreeKind)
  }
}

/** Where a refusal of the backend is shown: at the field it speaks of. */
export const fieldOfRefusal = (code: string, kind: WorktreeKind): FormField => {
  switch (code) {
    case 'AGENT_MISSING':
      return 'agent'
    case 'BAD_BASE':
      return kind === 'new-branch' ? 'base' : 'form'
    case 'BRANCH_EXISTS':
    case 'BRANCH_IN_USE':
    case 'BAD_BRANCH_NAME':
      return kind === 'existing-branch' ? 'existingBranch' : kind === 'new-branch' ? 'branch' : 'form'
    default:
      return 'form'
  }
}

interface Sending {
  readonly projectId: ProjectId
  readonly agent: Agent
  readonly requestId: string
}

/** The form as the backend takes it. */
export const toNewSession = (draft: NewSessionDraft, { projectId, agent, requestId }: Sending): NewSession => {
  const prompt = agent.takesPrompt ? draft.prompt.trim() : ''
  const title = draft.title.trim() === '' ? titleFromPrompt(prompt) : draft.title.trim()
  const isKnownModel = agent.models.some((model) => model.id === draft.model)
  const isKnownMode = agent.permissionModes.some((mode) => mode.id === draft.permissionMode)
  return {
    projectId,
    title: title === '' ? agent.name : title,
    prompt: prompt === '' ? null : prompt,
    agentId: agent.id,
    model: isKnownModel ? draft.model : null,
    permissionMode: isKnownMode ? draft.permissionMode : null,
    usesTeams: agent.canUseTeams && draft.usesTeams,
    worktree: worktreeOf(draft),
    requestId,
  }
}

const worktreeOf = (draft: NewSessionDraft): WorktreeChoice => {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  switch (draft.worktreeKind) {
    case 'new-branch':
      return { kind: 'new-branch', baseRef: orNull(draft.baseRef), branch: orNull(draft.branch) }
    case 'existing-branch':
      return { kind: 'existing-branch', branch: draft.existingBranch }
    case 'existing-worktree':
      return { kind: 'existing-worktree', path: draft.existingPath.trim() }
    case 'in-place':
      return { kind: 'in-place' }
    default:
      return unreachable(draft.worktreeKind)
  }
}
