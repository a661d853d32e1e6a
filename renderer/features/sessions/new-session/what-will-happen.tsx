import { Eye, Folder, GitBranch, Play, ShieldOff, TriangleAlert, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Agent } from '../../../../shared/contract/agents.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import { testId } from '../../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../../shared/lib/visible-text.ts'
import { Note, Why } from '../../../ui/bits.tsx'
import type { NewSessionDraft } from './new-session-rules.ts'
import type { BaseState } from './use-repository.ts'

interface WhatWillHappenProps {
  readonly draft: NewSessionDraft
  readonly agent: Agent | undefined
  readonly project: Project | undefined
  readonly base: BaseState
}

/** What starting does, in the order in which it happens, and what to know before. */
export const WhatWillHappen = ({ draft, agent, project, base }: WhatWillHappenProps) => {
  const mode = agent?.permissionModes.find((one) => one.id === draft.permissionMode)
  return (
    <aside className="new-session-aside scroll" aria-label="What will happen" data-testid={testId.newSessionSummary}>
      <h3>What will happen</h3>
      <PlaceLines draft={draft} base={base} project={project} />
      {agent === undefined ? null : <AgentLines draft={draft} agent={agent} />}
      {mode?.isDangerous === true ? (
        <Note icon={ShieldOff} tone="bad">
          <b>{mode.label}:</b> {mode.hint === '' ? 'the agent acts without asking you.' : visibleText(mode.hint)}
        </Note>
      ) : null}
      {agent?.versionNote == null ? null : (
        <Note icon={TriangleAlert} tone="warn">
          {visibleText(agent.versionNote)}
        </Note>
      )}
      {project?.notes.map((note) => (
        <Note key={note} icon={TriangleAlert} tone="warn">
          {visibleText(note)}
        </Note>
      ))}
    </aside>
  )
}

const PlaceLines = ({ draft, base, project }: Pick<WhatWillHappenProps, 'draft' | 'base' | 'project'>): ReactNode => {
  switch (draft.worktreeKind) {
    case 'new-branch':
      return (
        <>
          <Why icon={GitBranch}>
            A branch from <b>{baseName(draft, base, project)}</b>, not from your checkout. What you have changed there
            stays where it is.
          </Why>
          <Why icon={Folder}>A worktree of its own, apart from your checkout.</Why>
        </>
      )
    case 'existing-branch':
      return (
        <Why icon={Folder}>
          {draft.existingBranch === '' ? 'The branch' : <b>{visibleLine(draft.existingBranch)}</b>} is checked out in a
          worktree of its own.
        </Why>
      )
    case 'existing-worktree':
      return (
        <Why icon={Folder}>
          The agent works in that worktree, with what is changed there. Nothing is created or moved.
        </Why>
      )
    default:
      return <Why icon={Folder}>The agent works in your own checkout. Nothing is created.</Why>
  }
}

const baseName = (draft: NewSessionDraft, base: BaseState, project: Project | undefined) => {
  const ref =
    base.kind === 'ready' ? base.base.ref : draft.baseRef === '' ? (project?.defaultBranch ?? '') : draft.baseRef
  return visibleLine(ref.replace(/^refs\/(heads|remotes|tags)\//, ''))
}

const statusTexts: Readonly<Record<Agent['statusSource'], string>> = {
  hooks: 'Its state comes from its own hooks: what it does, and when it needs you.',
  title: 'Its state is read from the title of its terminal; what that does not say is shown as unknown.',
  process: 'Only whether it runs is known; what it does is shown as unknown.',
}

const AgentLines = ({ draft, agent }: { readonly draft: NewSessionDraft; readonly agent: Agent }) => (
  <>
    <Why icon={Play}>
      {agent.name} starts in a terminal
      {agent.takesPrompt ? (draft.prompt.trim() === '' ? ' and waits for what you type.' : ' with your prompt.') : '.'}
    </Why>
    {agent.canUseTeams && draft.usesTeams ? (
      <Why icon={Users}>It may start teammates. You see who they are and what they do; they belong to the agent.</Why>
    ) : null}
    <Why icon={Eye}>{statusTexts[agent.statusSource]}</Why>
  </>
)
