import { describe, expect, it, vi } from 'vitest'
import type { Agent } from '../../../../shared/contract/agents.ts'
import { agentRow, agentRows, branchRows, projectRow } from '../../../dev/fixtures.ts'
import { renderMarkup, wordsOf } from '../../../dev/render-markup.tsx'
import { testId } from '../../../lib/test-ids.ts'
import { AgentFields } from './agent-fields.tsx'
import { emptyDraft, type FormProblem, type NewSessionDraft } from './new-session-rules.ts'
import { PromptField, TitleField } from './prompt-field.tsx'
import type { BaseState } from './use-repository.ts'
import { WhatWillHappen } from './what-will-happen.tsx'
import { WorktreeFields } from './worktree-fields.tsx'

const claude = agentRows[0]!
const ready: Extract<BaseState, { kind: 'ready' }> = {
  kind: 'ready',
  base: { ref: 'origin/main', sha: '8f31c0757a2f', fetchedAt: Date.now() - 12_000, note: null },
}
const draftWith = (change: Partial<NewSessionDraft>): NewSessionDraft => ({ ...emptyDraft, ...change })

describe('the prompt', () => {
  const draw = (agent: Agent, draft = emptyDraft) =>
    renderMarkup(
      <PromptField draft={draft} problem={null} onChange={vi.fn()} agent={agent} field={{ current: null }} />,
    )

  it('is a labelled field that says how to add a line', () => {
    expect(wordsOf(draw(claude))).toBe('What should it do? The first line becomes the title. Shift+Enter adds a line.')
    expect(draw(claude)).toMatch(/<label[^>]*for="([^"]+)".*<textarea[^>]*id="\1"/s)
  })

  it('is left out for an agent that takes none', () => {
    expect(draw(agentRow('shell', 'Shell', { takesPrompt: false }))).toBe('')
  })

  it('shows its first line as the title that would be used', () => {
    const title = (draft: NewSessionDraft, agent = claude) =>
      renderMarkup(<TitleField draft={draft} onChange={vi.fn()} agent={agent} />)
    expect(title(draftWith({ prompt: '# Fix it\nnow' }))).toContain('placeholder="Fix it"')
    expect(title(emptyDraft)).toContain('placeholder="From the first line"')
    const shell = agentRow('shell', 'Shell', { takesPrompt: false })
    expect(title(draftWith({ prompt: 'left over' }), shell)).toContain('placeholder="Shell"')
  })
})

describe('the agent', () => {
  const draw = (agent: Agent, draft = emptyDraft, problem: FormProblem | null = null) =>
    renderMarkup(<AgentFields draft={draft} problem={problem} onChange={vi.fn()} agents={agentRows} agent={agent} />)

  it('is named with its version, its model and its own default mode', () => {
    const words = wordsOf(draw(claude))
    expect(words).toContain('Agent Claude Code 2.1.329')
    expect(words).toContain('Model As the agent is set')
    expect(words).toContain('Permission mode auto the agent’s own default')
  })

  it('marks a mode that asks nothing', () => {
    expect(wordsOf(draw(claude))).not.toContain('No questions')
    expect(wordsOf(draw(claude, draftWith({ permissionMode: 'bypassPermissions' })))).toContain('No questions')
  })

  it('leaves out what an agent does not have', () => {
    const words = wordsOf(draw(agentRow('demo', 'Demo agent')))
    expect(words).not.toMatch(/Model|Permission mode/)
  })

  it('may run a team where it has such a thing, and not of its own accord', () => {
    const markup = draw(claude)
    expect(wordsOf(markup)).toContain('Let it run a team')
    expect(markup).toMatch(
      new RegExp(
        `aria-checked="false"[^>]*data-testid="${testId.newSessionTeams}"|data-testid="${testId.newSessionTeams}"[^>]*aria-checked="false"`,
      ),
    )
    expect(wordsOf(draw(agentRow('codex', 'Codex')))).not.toContain('team')
  })

  it('says at the field that the agent is gone', () => {
    const markup = draw(claude, emptyDraft, { field: 'agent', message: 'Claude Code was not found.' })
    expect(wordsOf(markup)).toContain('Claude Code was not found.')
    expect(markup).toContain('aria-invalid="true"')
  })
})

describe('the worktree', () => {
  const draw = (draft: NewSessionDraft, base: BaseState = ready, problem: FormProblem | null = null) =>
    renderMarkup(
      <WorktreeFields
        draft={draft}
        problem={problem}
        onChange={vi.fn()}
        project={projectRow(1, 'ledger-api')}
        branches={branchRows}
        base={base}
      />,
    )

  it('begins with a new branch from the newest base, shown with its age', () => {
    const markup = draw(draftWith({ prompt: 'Rate-limit transfers.' }))
    expect(wordsOf(markup)).toContain('Base origin/main 8f31c07')
    expect(wordsOf(markup)).toMatch(/Fetched 1\d s ago/)
    expect(markup).toContain('placeholder="switchyard/rate-limit-transfers"')
    expect(markup).toMatch(
      /aria-checked="true"[^>]*data-value="new-branch"|data-value="new-branch"[^>]*aria-checked="true"/,
    )
  })

  it('says that the base is being fetched, what was used instead, or why there is none', () => {
    expect(wordsOf(draw(emptyDraft, { kind: 'fetching' }))).toContain('Looking for the newest… Fetching…')
    const offline = { ...ready, base: { ...ready.base, note: 'No network: the last fetch is used.' } }
    expect(wordsOf(draw(emptyDraft, offline))).toContain('No network: the last fetch is used.')
    const local = { ...ready, base: { ...ready.base, fetchedAt: null } }
    expect(wordsOf(draw(emptyDraft, local))).toContain('Local: it has no remote.')
    expect(wordsOf(draw(emptyDraft, { kind: 'refused', message: 'There is no commit.' }))).toContain(
      'There is no commit.',
    )
  })

  it('shows a problem at the branch it concerns', () => {
    const markup = draw(draftWith({ branch: 'a b' }), ready, { field: 'branch', message: 'No spaces.' })
    expect(markup).toContain(`data-testid="${testId.newSessionError}"`)
    expect(wordsOf(markup)).toContain('No spaces.')
    expect(wordsOf(markup)).not.toContain('Your own name.')
  })

  it('asks for the branch or the worktree that is there already', () => {
    expect(wordsOf(draw(draftWith({ worktreeKind: 'existing-branch' })))).toContain('Choose a branch')
    const worktree = wordsOf(draw(draftWith({ worktreeKind: 'existing-worktree' })))
    expect(worktree).toContain('Choose a worktree, or type its path')
    expect(worktree).toContain('It stays when the session is deleted.')
  })

  it('warns before an agent works in the checkout itself', () => {
    const words = wordsOf(draw(draftWith({ worktreeKind: 'in-place' })))
    expect(words).toContain('In place. The agent edits your checkout at /home/mara/code/northpier/ledger-api .')
    expect(words).toContain('two sessions in place disturb one another')
  })
})

describe('what will happen', () => {
  const draw = (draft: NewSessionDraft, agent = claude, notes: string[] = []) =>
    wordsOf(
      renderMarkup(
        <WhatWillHappen draft={draft} agent={agent} project={projectRow(1, 'ledger-api', { notes })} base={ready} />,
      ),
    )

  it('says where the branch comes from and that the checkout stays as it is', () => {
    expect(draw(draftWith({ prompt: 'x' }))).toBe(
      'What will happen A branch from origin/main , not from your checkout. What you have changed there stays where it is. A worktree of its own, apart from your checkout. Claude Code starts in a terminal with your prompt. Its state comes from its own hooks: what it does, and when it needs you.',
    )
  })

  it('says that an agent without a prompt waits, and how much of its state can be known', () => {
    expect(draw(emptyDraft)).toContain('and waits for what you type.')
    expect(draw(emptyDraft, agentRow('aider', 'Aider'))).toContain('what it does is shown as unknown.')
    expect(draw(emptyDraft, agentRow('codex', 'Codex', { statusSource: 'title' }))).toContain('read from the title')
  })

  it.each([
    ['existing-branch', 'is checked out in a worktree of its own.'],
    ['existing-worktree', 'Nothing is created or moved.'],
    ['in-place', 'The agent works in your own checkout.'],
  ] as const)('says what %s means', (worktreeKind, text) => {
    expect(draw(draftWith({ worktreeKind }))).toContain(text)
  })

  it('warns of a mode that asks nothing, of an untried version and of what the repository brings', () => {
    expect(draw(draftWith({ permissionMode: 'bypassPermissions' }))).toContain(
      'bypassPermissions: Runs every tool without asking',
    )
    expect(draw(emptyDraft, agentRow('codex', 'Codex', { versionNote: 'tested up to 0.60' }))).toContain(
      'tested up to 0.60',
    )
    expect(draw(emptyDraft, claude, ['Its submodules are not set up.'])).toContain('Its submodules are not set up.')
  })
})
