import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { agentSchema } from './agents.ts'
import { answerSchema, askDetailSchema } from './asks.ts'
import { timeSchema, titleSchema } from './base.ts'
import { changesItemSchema, topics } from './changes.ts'
import { folderListingSchema } from './host.ts'
import { projectSchema } from './projects.ts'
import { newSessionSchema, roleSchema, runtimeSchema, worktreeChoiceSchema } from './sessions.ts'
import { appearanceSchema, defaultAppearance, settingKeySchema, settingSchema } from './settings.ts'
import { terminalStateSchema, viewerIdSchema } from './terminals.ts'
import { worktreeSchema } from './worktrees.ts'

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success

describe('a title', () => {
  it('is trimmed, and one of blanks is refused with what to do', () => {
    expect(titleSchema.parse('  Fix the parser ')).toBe('Fix the parser')
    expect(titleSchema.safeParse(' \t ').error?.issues[0]?.message).toBe('Give it a name.')
  })

  it('has at most 200 characters', () => {
    expect(accepts(titleSchema, 'a'.repeat(200))).toBe(true)
    expect(titleSchema.safeParse('a'.repeat(201)).error?.issues[0]?.message).toBe('Use at most 200 characters.')
  })
})

describe('a time', () => {
  it.each([
    [0, true],
    [1_795_000_000_000, true],
    [-1, false],
    [1.5, false],
    [Number.NaN, false],
    ['2026-01-01', false],
  ])('%s is accepted: %s', (value, expected) => {
    expect(accepts(timeSchema, value)).toBe(expected)
  })
})

describe('a role', () => {
  it.each([
    ['reviewer', true],
    [' release-2 ', true],
    ['', false],
    ['Reviewer', false],
    ['-x', false],
    ['a b', false],
    ['#all', false],
    ['a'.repeat(51), false],
  ])('%j is accepted: %s', (role, expected) => {
    expect(accepts(roleSchema, role)).toBe(expected)
  })
})

describe('a new session', () => {
  const request = {
    projectId: `prj_${ulid}`,
    title: null,
    prompt: 'Do it',
    agentId: 'claude-code',
    model: null,
    permissionMode: null,
    worktree: { kind: 'in-place' },
    requestId: 'request-1',
  }

  it.each([
    ['as it is made by the form', {}, true],
    ['with teams', { usesTeams: true }, true],
    ['with a word for teams', { usesTeams: 'yes' }, false],
    ['without a prompt', { prompt: null }, true],
    ['with the longest prompt', { prompt: 'a'.repeat(100_000) }, true],
    ['with a longer prompt', { prompt: 'a'.repeat(100_001) }, false],
    ['of an unknown agent', { agentId: 'hal' }, false],
    ['of the id of something else', { projectId: `ses_${ulid}` }, false],
    ['with a short request id', { requestId: 'short' }, false],
    ['with a long request id', { requestId: 'a'.repeat(65) }, false],
    ['with an empty title', { title: ' ' }, false],
    ['with a worktree of an unknown kind', { worktree: { kind: 'cloud' } }, false],
    ['without a word on its worktree', { worktree: undefined }, false],
    ['with a model as long as a book', { model: 'm'.repeat(101) }, false],
  ])('%s is accepted or refused', (_name, changes, expected) => {
    expect(accepts(newSessionSchema, { ...request, ...changes })).toBe(expected)
  })

  it.each([
    [{ kind: 'new-branch', baseRef: null, branch: null }, true],
    [{ kind: 'new-branch', baseRef: 'refs/heads/main', branch: 'topic' }, true],
    [{ kind: 'new-branch', branch: 'topic' }, false],
    [{ kind: 'new-branch', baseRef: null, branch: 'b'.repeat(101) }, false],
    [{ kind: 'existing-branch', branch: 'topic' }, true],
    [{ kind: 'existing-branch', branch: null }, false],
    [{ kind: 'existing-worktree', path: '/work tree' }, true],
    [{ kind: 'existing-worktree', path: '/'.repeat(4097) }, false],
  ])('the worktree %j is accepted: %s', (choice, expected) => {
    expect(accepts(worktreeChoiceSchema, choice)).toBe(expected)
  })
})

describe('a setting', () => {
  it.each([
    ['appearance', true],
    ['layout:main', true],
    ['layout:project:prj_1-a', true],
    ['draft:new-session', true],
    ['layout:', false],
    [`layout:${'a'.repeat(81)}`, false],
    ['appearance2', false],
    ['__proto__', false],
    ['layout:a/b', false],
    ['layout:a\nappearance', false],
  ])('may be called %s: %s', (key, expected) => {
    expect(accepts(settingKeySchema, key)).toBe(expected)
  })

  it.each([
    ['an object', { a: [1, null, 'x', { b: true }] }, true],
    ['null', null, true],
    ['nothing', undefined, false],
    ['a function', () => 1, false],
    ['a number that is none', Number.NaN, false],
  ])('may or may not hold %s', (_name, value, expected) => {
    expect(accepts(settingSchema, { key: 'layout:main', value })).toBe(expected)
  })

  it('of the appearance is complete by default and refuses sizes nobody can read', () => {
    expect(appearanceSchema.parse(defaultAppearance)).toEqual(defaultAppearance)
    for (const terminalFontSize of [7, 33, 12.5])
      expect(accepts(appearanceSchema, { ...defaultAppearance, terminalFontSize })).toBe(false)
    expect(accepts(appearanceSchema, { ...defaultAppearance, theme: 'sepia' })).toBe(false)
  })
})

describe('an answer', () => {
  it.each([
    [{ kind: 'allow', widerId: null }, true],
    [{ kind: 'allow', widerId: '0' }, true],
    [{ kind: 'allow' }, false],
    [{ kind: 'deny', note: null }, true],
    [{ kind: 'deny', note: 'n'.repeat(4001) }, false],
    [{ kind: 'choose', answers: { 'Which?': 'Red' } }, true],
    [{ kind: 'choose', answers: { 'Which?': ['Red'] } }, false],
    [{ kind: 'always' }, false],
  ])('%j is accepted: %s', (answer, expected) => {
    expect(accepts(answerSchema, answer)).toBe(expected)
  })

  it('is to a permission, a question, a plan or something in the terminal, each with its own fields', () => {
    const permission = { kind: 'permission', toolName: 'Bash', subject: 'ls', description: null, edit: null, wider: [] }
    expect(accepts(askDetailSchema, permission)).toBe(true)
    expect(accepts(askDetailSchema, { ...permission, wider: [{ id: 1, label: 'x' }] })).toBe(false)
    expect(accepts(askDetailSchema, { kind: 'question', questions: [{ question: 'Which?' }] })).toBe(false)
    expect(accepts(askDetailSchema, { kind: 'plan' })).toBe(false)
    expect(accepts(askDetailSchema, { kind: 'terminal', what: 'echo asks: Your name?' })).toBe(true)
  })
})

describe('a row', () => {
  it('of a runtime has the facts of its kind', () => {
    expect(accepts(runtimeSchema, { kind: 'none' })).toBe(true)
    expect(accepts(runtimeSchema, { kind: 'alive', pid: 1 })).toBe(false)
    expect(accepts(runtimeSchema, { kind: 'exited', code: 0, signal: null, at: 1 })).toBe(false)
    expect(accepts(runtimeSchema, { kind: 'lost', at: 1, reason: 'restart' })).toBe(true)
  })

  it('of a terminal says how it ended only when it did', () => {
    expect(accepts(terminalStateSchema, { kind: 'starting' })).toBe(true)
    expect(accepts(terminalStateSchema, { kind: 'alive' })).toBe(false)
    expect(accepts(terminalStateSchema, { kind: 'exited', code: null, signal: 'SIGTERM', at: 3 })).toBe(true)
  })

  it('of a project explains every state but the good one', () => {
    const project = {
      id: `prj_${ulid}`,
      name: 'p',
      rootPath: '/p',
      commonDir: '/p/.git',
      defaultBranch: null,
      remote: null,
      state: { kind: 'ok' },
      notes: [],
      createdAt: 1,
      openedAt: 1,
    }
    expect(accepts(projectSchema, project)).toBe(true)
    for (const kind of ['no-commits', 'missing', 'damaged']) {
      expect(accepts(projectSchema, { ...project, state: { kind } })).toBe(false)
      expect(accepts(projectSchema, { ...project, state: { kind, message: 'Move it back.' } })).toBe(true)
    }
  })

  it('of an agent is one of three: found, missing with a hint, broken with a problem', () => {
    const agent = {
      id: 'codex',
      name: 'Codex',
      availability: { kind: 'found', path: '/bin/codex', version: null },
      versionNote: null,
      permissionModes: [],
      defaultPermissionMode: null,
      models: [],
      takesPrompt: true,
      canResume: false,
      canUseTeams: false,
      statusSource: 'title',
      checkedAt: 1,
    }
    expect(accepts(agentSchema, agent)).toBe(true)
    expect(accepts(agentSchema, { ...agent, availability: { kind: 'missing' } })).toBe(false)
    expect(accepts(agentSchema, { ...agent, availability: { kind: 'broken', path: '/x', problem: 'p' } })).toBe(true)
    expect(accepts(agentSchema, { ...agent, statusSource: 'guess' })).toBe(false)
    expect(agentSchema.parse(agent)).toMatchObject({ wakesForMail: false, takesTypedMail: false })
  })

  it('of a worktree keeps its rescue with its deletion', () => {
    const state = (value: unknown) => accepts(worktreeSchema.shape.state, value)
    expect(state({ kind: 'deleted', rescueRef: 'refs/switchyard/rescue/1', at: 1 })).toBe(true)
    expect(state({ kind: 'deleted', at: 1 })).toBe(false)
    expect(state({ kind: 'missing' })).toBe(false)
  })

  it('of a folder names its parent, or that it has none', () => {
    const listing = { path: '/', parent: null, isRepository: false, entries: [], truncated: false }
    expect(accepts(folderListingSchema, listing)).toBe(true)
    expect(accepts(folderListingSchema, { ...listing, parent: undefined })).toBe(false)
  })
})

describe('the stream of changes', () => {
  it('knows a schema for each topic, and each topic says what happened', () => {
    for (const [name, schema] of Object.entries(topics)) {
      expect(name).toMatch(/^[a-z]+\.(changed|removed|recorded)$/)
      expect(accepts(schema, null)).toBe(false)
    }
  })

  it('refuses a topic nobody declared', () => {
    const change = { seq: 1, at: 1, topic: 'sessions.changed', payload: {} }
    expect(accepts(changesItemSchema, { kind: 'changes', changes: [change] })).toBe(true)
    expect(accepts(changesItemSchema, { kind: 'changes', changes: [{ ...change, topic: 'x.y' }] })).toBe(false)
    expect(accepts(changesItemSchema, { kind: 'changes', changes: [{ ...change, seq: 1.5 }] })).toBe(false)
  })
})

describe('the id of a view', () => {
  it.each([
    ['viewer-1', true],
    ['a'.repeat(40), true],
    ['short', false],
    ['a'.repeat(41), false],
    ['with space', false],
    ['../../etc', false],
  ])('%s is accepted: %s', (id, expected) => {
    expect(accepts(viewerIdSchema, id)).toBe(expected)
  })
})
