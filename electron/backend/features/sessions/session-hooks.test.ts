import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AgentId } from '../../../../shared/contract/agents.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import { agentAdapters } from '../../adapters/agents/all-agents.ts'
import type { Database } from '../../db/database.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import { createTestSessions, type TestSession } from '../../testing/test-sessions.ts'
import { createHookSide, type HookSide } from './session-hooks.ts'

const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
let kernel: TestKernel
let hooks: HookSide
let reads: number
let anna: TestSession
let bert: TestSession
beforeEach(async () => {
  kernel = createTestKernel(() => 1_700_000_000_000)
  const sessions = createTestSessions(kernel, projectId)
  anna = await sessions.add('Anna', { agentId: 'claude-code' })
  bert = await sessions.add('Bert', { agentId: 'claude-code' })
  reads = 0
  const read: Database['read'] = (work) => {
    reads += 1
    return kernel.database.read(work)
  }
  const adapterOf = (id: AgentId) => agentAdapters[id]
  const deps = { database: { ...kernel.database, read }, agents: { adapterOf } }
  hooks = createHookSide({ deps, tokens: {}, watches: {} } as never, Promise.resolve())
})
afterEach(() => kernel.close())

const body = { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'ls' }, cwd: '/x' }

it('looks a session up once, however many hooks it sends', async () => {
  for (let n = 0; n < 3; n += 1) {
    expect(await hooks.readGuardHook(anna, body)).toMatchObject({ kind: 'command-begins', command: 'ls' })
    expect((await hooks.readHook(anna, body))?.fact.kind).toBe('tool-began')
    const answer = { kind: 'refusal', text: 'Not here.' } as const
    expect(JSON.stringify(await hooks.writeGuardAnswer(anna, body, answer))).toContain('Not here.')
  }
  expect(reads).toBe(1)
  await hooks.readHook(bert, body)
  expect(reads).toBe(2)
})

it('says nothing for a session that is not there, and looks for it again', async () => {
  const nobody = { ...anna, sessionId: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId }
  expect(await hooks.readHook(nobody, body)).toBeNull()
  expect(await hooks.readGuardHook(nobody, body)).toBeNull()
  expect(await hooks.writeGuardAnswer(nobody, body, { kind: 'nothing' })).toEqual({})
  expect(reads).toBe(3)
})
