import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { AgentAdapter } from '../../adapters/agents/agent-adapter.ts'
import type { HookFact } from '../../adapters/agents/observation-rules.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import { createTestSessions } from '../../testing/test-sessions.ts'
import { askRecorder } from '../asks/asks-service.ts'
import { findLastIncarnation } from './incarnations-store.ts'
import type { SessionsDeps } from './session-parts.ts'
import { createSessionWatches, type SessionWatches } from './session-watches.ts'
import { findSession } from './sessions-store.ts'

const promptUnheardMs = 15_000
let kernel: TestKernel
let watches: SessionWatches
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  kernel = createTestKernel()
  const agents = { adapterOf: () => ({ id: 'demo' }) as unknown as AgentAdapter }
  const deps = { ...kernel, log: silentLog, asks: askRecorder, agents } as unknown as SessionsDeps
  watches = createSessionWatches({ ...deps, promptUnheardMs })
})
afterEach(async () => {
  watches.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
  await kernel.close()
})

const recordOf = async (sessionId: SessionId) => {
  const record = await kernel.database.read((tx) => findSession(tx, sessionId))
  if (!record) throw new Error('There is no such session.')
  return record
}
/** A session with a first prompt whose agent has just been started. */
const begin = async (promptedAt: number | null = null) => {
  const sessions = createTestSessions(kernel, 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId)
  const holder = await sessions.add('One', { prompt: 'Write it' })
  const incarnation = await kernel.database.read((tx) => findLastIncarnation(tx, holder.sessionId))
  if (!incarnation) throw new Error('It was not begun.')
  watches.begin(incarnation, { ...(await recordOf(holder.sessionId)), promptedAt })
  const hear = (fact: HookFact) => watches.observe(holder, { kind: 'hook', fact, evidence: fact.kind })
  const activity = async () => (await recordOf(holder.sessionId)).session.activity
  return { ...holder, hear, activity }
}
const started: HookFact = { kind: 'session-started', how: 'started' }

describe('a prompt that was given at the start', () => {
  it('is what an agent works on, until nothing was heard of it for too long', async () => {
    const { sessionId, hear, activity } = await begin()
    await hear(started)
    expect(await activity()).toMatchObject({ kind: 'working', evidence: { detail: 'Prompt given at start' } })
    vi.advanceTimersByTime(promptUnheardMs - 1)
    expect(watches.activity(sessionId)).toMatchObject({ kind: 'working' })
    const written = new Promise<void>((resolve) => void kernel.onCommit(() => resolve()))
    vi.advanceTimersByTime(1)
    await written
    expect(await activity()).toMatchObject({ kind: 'unknown', evidence: { source: 'process' } })
  })

  it('is waited for no longer once the agent says what it does, or ends', async () => {
    const first = await begin()
    await first.hear(started)
    expect(vi.getTimerCount()).toBe(1)
    await first.hear({ kind: 'turn-began' })
    expect(vi.getTimerCount()).toBe(0)
    expect(await first.activity()).toMatchObject({ kind: 'working' })
    const second = await begin()
    await second.hear(started)
    expect(vi.getTimerCount()).toBe(1)
    watches.end(second.sessionId, 'The agent ended.')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('was heard of before, so that a conversation that goes on begins idle', async () => {
    const { hear, activity } = await begin(1)
    await hear({ kind: 'session-started', how: 'resumed' })
    expect(await activity()).toMatchObject({ kind: 'idle', evidence: { source: 'hook' } })
  })
})
