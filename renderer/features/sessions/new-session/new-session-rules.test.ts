import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newSessionSchema } from '../../../../shared/contract/sessions.ts'
import { agentRow, agentRows, branchRows, projectIdAt, sessionRow } from '../../../dev/fixtures.ts'
import { parseDraft } from './draft-store.ts'
import {
  agentOf,
  branchProblem,
  defaultAgent,
  draftAfterStart,
  draftOfSession,
  emptyDraft,
  fieldOfRefusal,
  formProblem,
  slugOf,
  titleFromPrompt,
  toNewSession,
  type NewSessionDraft,
} from './new-session-rules.ts'

describe('titleFromPrompt', () => {
  it.each([
    ['Fix the login.\nIt fails on Safari.', 'Fix the login'],
    ['\n\n  Fix it  \n', 'Fix it'],
    ['# Retry webhooks', 'Retry webhooks'],
    ['- [x] one', '[x] one'],
    ['> quoted', 'quoted'],
    ['1. First thing', 'First thing'],
    ['Rate-limit `POST /transfers` per account.', 'Rate-limit POST /transfers per account'],
    ['', ''],
    ['   \n\t\n', ''],
  ])('makes %j into %j', (prompt, title) => {
    expect(titleFromPrompt(prompt)).toBe(title)
  })

  it('cuts a very long line, so that the title is always taken', () => {
    const title = titleFromPrompt('word '.repeat(100))
    expect(title.length).toBeLessThanOrEqual(200)
    expect(title.endsWith('…')).toBe(true)
  })
})

describe('slugOf', () => {
  it.each([
    ['Rate-limit POST /transfers', 'rate-limit-post-transfers'],
    ['Überprüfung der Größe', 'uberprufung-der-gro-e'],
    ['日本語', ''],
    ['$(rm -rf ~)', 'rm-rf'],
    ['', ''],
  ])('makes %j into %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug)
  })

  it('is always short and always a good part of a branch name', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 300 }), (title) => {
        const slug = slugOf(title)
        expect(slug).toMatch(/^$|^[a-z0-9]+(-[a-z0-9]+)*$/)
        expect(slug.length).toBeLessThanOrEqual(40)
        if (slug !== '') expect(branchProblem(`switchyard/${slug}`, [])).toBeNull()
      }),
    )
  })
})

describe('branchProblem', () => {
  it.each(['', 'fix-login', 'team/fix_login.2', 'switchyard/a'])('takes %j', (name) => {
    expect(branchProblem(name, [])).toBeNull()
  })

  it.each([
    ['rate limit', 'A branch name cannot hold a space. Try rate-limit.'],
    ['a..b', 'Git does not take this name. Try a.b.'],
    ['-a', 'Git does not take this name. Try a.'],
    ['a/', 'Git does not take this name. Try a.'],
    ['a.lock', 'Git does not take this name. Try a.'],
    ['a//b', 'Git does not take this name. Try a/b.'],
    ['.hidden', 'Git does not take this name. Try hidden.'],
  ])('refuses %j and offers one that would do', (name, message) => {
    expect(branchProblem(name, [])).toBe(message)
  })

  it.each(['$(id)', '`id`', 'a~1', 'a^', 'a:b', 'a?b', 'a*', 'a[b', 'a\\b', 'ä'])('refuses %j', (name) => {
    expect(branchProblem(name, [])).not.toBeNull()
  })

  it('refuses a local branch that is there, and not a remote one', () => {
    expect(branchProblem('main', branchRows)).toMatch(/there already/)
    expect(branchProblem('origin/main', branchRows)).toBeNull()
  })

  it('refuses more than a hundred characters', () => {
    expect(branchProblem('a'.repeat(101), [])).toBe('Use at most 100 characters.')
  })

  it('only ever suggests a name that it would take', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 90 }), (name) => {
        const suggestion = /Try (.+)\.$/.exec(branchProblem(name, []) ?? '')?.[1]
        if (suggestion !== undefined) expect(branchProblem(suggestion, [])).toBeNull()
      }),
    )
  })
})

describe('the agent of the form', () => {
  const missing = { kind: 'missing', hint: '' } as const

  it('is the first real agent that is there', () => {
    expect(defaultAgent(agentRows)?.id).toBe('claude-code')
    const withoutClaude = agentRows.map((agent) =>
      agent.id === 'claude-code' ? { ...agent, availability: missing } : agent,
    )
    expect(defaultAgent(withoutClaude)?.id).toBe('codex')
  })

  it('is the demo agent when no agent is installed', () => {
    const none = agentRows.map((agent) =>
      ['demo', 'shell'].includes(agent.id) ? agent : { ...agent, availability: missing },
    )
    expect(defaultAgent(none)?.id).toBe('demo')
  })

  it('is the chosen one while it is known', () => {
    expect(agentOf(agentRows, 'shell')?.id).toBe('shell')
    expect(agentOf(agentRows, 'aider')?.id).toBe('claude-code')
  })
})

describe('formProblem', () => {
  const draft = (change: Partial<NewSessionDraft>) => ({ ...emptyDraft, ...change })

  it('lets an untouched form start', () => {
    expect(formProblem(emptyDraft, branchRows)).toBeNull()
  })

  it('names the field that is missing or wrong', () => {
    expect(formProblem(draft({ branch: 'a b' }), [])?.field).toBe('branch')
    expect(formProblem(draft({ worktreeKind: 'existing-branch' }), [])?.field).toBe('existingBranch')
    expect(formProblem(draft({ worktreeKind: 'existing-worktree' }), [])?.field).toBe('existingPath')
    expect(formProblem(draft({ worktreeKind: 'in-place', branch: 'a b' }), [])).toBeNull()
  })
})

describe('fieldOfRefusal', () => {
  it.each([
    ['AGENT_MISSING', 'new-branch', 'agent'],
    ['BAD_BASE', 'new-branch', 'base'],
    ['BAD_BASE', 'in-place', 'form'],
    ['BRANCH_EXISTS', 'new-branch', 'branch'],
    ['BRANCH_IN_USE', 'existing-branch', 'existingBranch'],
    ['BRANCH_IN_USE', 'in-place', 'form'],
    ['PROJECT_UNUSABLE', 'new-branch', 'form'],
    ['CONNECTION_LOST', 'new-branch', 'form'],
  ] as const)('shows %s of a %s session at %s', (code, kind, field) => {
    expect(fieldOfRefusal(code, kind)).toBe(field)
  })
})

describe('toNewSession', () => {
  const claude = agentRows[0]!
  const sending = { projectId: projectIdAt(1), agent: claude, requestId: 'request-1' }
  const send = (change: Partial<NewSessionDraft>, agent = claude) =>
    toNewSession({ ...emptyDraft, ...change }, { ...sending, agent })

  it('sends what the contract takes, from an untouched form on', () => {
    for (const input of [
      send({}),
      send({ prompt: 'Do it\nwell', branch: ' x ' }),
      send({ worktreeKind: 'in-place' }),
    ]) {
      expect(newSessionSchema.safeParse(input).error).toBeUndefined()
    }
  })

  it('leaves to the backend what was not chosen', () => {
    expect(send({ prompt: 'Do it' })).toMatchObject({
      title: 'Do it',
      prompt: 'Do it',
      model: null,
      permissionMode: null,
      worktree: { kind: 'new-branch', baseRef: null, branch: null },
    })
  })

  it('names a session without a word after its agent', () => {
    expect(send({})).toMatchObject({ title: 'Claude Code', prompt: null })
  })

  it('sends no prompt to an agent that takes none', () => {
    const shell = agentRow('shell', 'Shell', { takesPrompt: false })
    expect(send({ prompt: 'left over', title: 'Logs' }, shell)).toMatchObject({ title: 'Logs', prompt: null })
  })

  it('drops a model or mode that belongs to another agent', () => {
    const input = send({ model: 'gpt', permissionMode: 'yolo' })
    expect(input).toMatchObject({ model: null, permissionMode: null })
    expect(send({ model: 'opus', permissionMode: 'plan' })).toMatchObject({ model: 'opus', permissionMode: 'plan' })
  })

  it('asks for a team only where the agent has such a thing', () => {
    expect(send({}).usesTeams).toBe(false)
    expect(send({ usesTeams: true }).usesTeams).toBe(true)
    expect(send({ usesTeams: true }, agentRow('codex', 'Codex')).usesTeams).toBe(false)
  })

  it('carries each kind of worktree with its own value', () => {
    expect(send({ worktreeKind: 'existing-branch', existingBranch: 'main' }).worktree).toEqual({
      kind: 'existing-branch',
      branch: 'main',
    })
    expect(send({ worktreeKind: 'existing-worktree', existingPath: ' /a b ' }).worktree).toEqual({
      kind: 'existing-worktree',
      path: '/a b',
    })
  })
})

describe('the draft', () => {
  it('keeps the agent and its model for the next session, but no mode that was chosen once', () => {
    const draft = {
      ...emptyDraft,
      prompt: 'x',
      agentId: 'codex' as const,
      model: 'm',
      permissionMode: 'bypassPermissions',
      usesTeams: true,
    }
    expect(draftAfterStart(draft)).toEqual({ ...emptyDraft, agentId: 'codex', model: 'm' })
  })

  it('is read back as it was stored, as far as it can be read', () => {
    const draft = { ...emptyDraft, prompt: 'half a thought', worktreeKind: 'in-place' as const }
    expect(parseDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft)
    expect(parseDraft({ prompt: 'kept', agentId: 'gone', worktreeKind: 7 })).toEqual({ ...emptyDraft, prompt: 'kept' })
    expect(parseDraft(undefined)).toEqual(emptyDraft)
    expect(parseDraft('nonsense')).toEqual(emptyDraft)
  })
})

describe('draftOfSession', () => {
  it('is the form that made the session, without a mode that skips permissions', () => {
    const prompt = '# Fix it\nproperly'
    const change = { prompt, model: 'opus', permissionMode: 'bypassPermissions', usesTeams: true }
    const session = sessionRow(1, 'Fix it', change)
    const draft = draftOfSession({ ...session, worktreeChoice: { kind: 'existing-branch', branch: 'wanted' } })
    expect(draft).toEqual({
      ...emptyDraft,
      prompt,
      agentId: session.agentId,
      model: 'opus',
      usesTeams: true,
      worktreeKind: 'existing-branch',
      existingBranch: 'wanted',
    })
  })

  it.each([
    [
      { kind: 'new-branch', baseRef: 'refs/heads/main', branch: 'mine' },
      { baseRef: 'refs/heads/main', branch: 'mine' },
    ],
    [{ kind: 'new-branch', baseRef: null, branch: null }, {}],
    [{ kind: 'existing-worktree', path: '/elsewhere' }, { existingPath: '/elsewhere' }],
    [{ kind: 'in-place' }, {}],
  ] as const)('keeps the choice %j', (worktreeChoice, fields) => {
    const draft = draftOfSession(sessionRow(1, 'Own title', { prompt: null, worktreeChoice }))
    expect(draft).toMatchObject({ title: 'Own title', prompt: '', worktreeKind: worktreeChoice.kind, ...fields })
  })
})
