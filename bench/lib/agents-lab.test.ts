import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAgentsLab, type AgentsLab, type BenchAgent } from './agents-lab.ts'
import { createCaller } from './caller.ts'

let lab: AgentsLab
beforeAll(async () => {
  lab = await openAgentsLab('test', 2, 'claude-code')
})
afterAll(() => lab.dispose())

const ask = async ({ token }: BenchAgent, path: string, body: object) => {
  const caller = createCaller(lab.port, { authorization: `Bearer ${token}` })
  const { status, text } = await caller.post(path, JSON.stringify(body))
  caller.close()
  return { status, answer: JSON.parse(text) as Record<string, never> }
}

test('each agent of the lab speaks for a session of its own', async () => {
  for (const agent of lab.agents) {
    const { status, answer } = await ask(agent, '/verb/whoami', {})
    expect(status).toBe(200)
    expect(answer['value']).toMatchObject({ sessionId: agent.session.id, agent: 'claude-code' })
  }
  expect(new Set(lab.agents.map(({ token }) => token)).size).toBe(2)
})

test('an edit of what another one leased is answered by a warning', async () => {
  const [owner, other] = lab.agents
  if (!owner || !other) throw new Error('There are no agents.')
  await ask(owner, '/verb/lease.acquire', { targets: ['src/**'] })
  const cwd = other.environment['SWITCHYARD_WORKTREE'] ?? ''
  const edit = { file_path: join(cwd, 'src/a.ts'), old_string: 'a', new_string: 'b' }
  const hook = { session_id: other.session.id, cwd, hook_event_name: 'PreToolUse', tool_name: 'Edit', tool_input: edit }
  const { status, answer } = await ask(other, '/hook', { ...hook, tool_use_id: 'toolu_1' })
  expect(status).toBe(200)
  expect(JSON.stringify(answer)).toContain('session 0')
})
