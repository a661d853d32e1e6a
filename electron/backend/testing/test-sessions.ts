import type { Session } from '../../../shared/contract/sessions.ts'
import type { IncarnationId, ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import { ok } from '../../../shared/lib/result.ts'
import { changeSession } from '../features/sessions/change-session.ts'
import { findLastIncarnation, putIncarnation } from '../features/sessions/incarnations-store.ts'
import { putSession } from '../features/sessions/sessions-store.ts'
import { systemIdentity } from '../kernel/identity.ts'
import type { CommandContext } from '../kernel/run-command.ts'
import type { TestKernel } from '../kernel/testing.ts'

export interface TestSession {
  readonly sessionId: SessionId
  readonly incarnationId: IncarnationId
}

/** Rows of sessions as they are while agents run, without the agents: for features that only read whose turn it is. */
export const createTestSessions = (kernel: TestKernel, projectId: ProjectId) => {
  const command = async <Value>(work: (context: CommandContext) => Promise<Value>): Promise<Value> => {
    const done = await kernel.runCommand({ name: 'test-sessions', by: systemIdentity }, async (context) =>
      ok(await work(context)),
    )
    if (!done.ok) throw new Error('Refused without a code.')
    return done.value
  }

  const begin = (sessionId: SessionId): Promise<TestSession> =>
    command(async (context) => {
      const last = await findLastIncarnation(context.tx, sessionId)
      const incarnationId = context.newId('inc')
      // prettier-ignore
      await putIncarnation(context.tx, {
        id: incarnationId, sessionId, number: (last?.number ?? 0) + 1, terminalId: context.newId('trm'),
        conversationId: 'conversation', state: 'alive', tokenHashes: [], gatewayUrl: '', pid: 1, processStart: null,
        bootId: null, wasAsked: false, createdAt: context.now, endedAt: null, exitCode: null, exitSignal: null,
      })
      await changeSession(context, sessionId, (row, now) => ({
        ...row,
        lifecycle: 'running',
        runtime: { kind: 'alive', pid: 1, since: now },
      }))
      return { sessionId, incarnationId }
    })

  /** A session whose agent runs. */
  const add = async (title: string, change: Partial<Session> = {}): Promise<TestSession> => {
    const id = kernel.newId('ses')
    // prettier-ignore
    const session: Session = {
      id, projectId, title, agentId: 'demo', role: null, model: null, permissionMode: null, usesTeams: false, isMailTyped: true, prompt: null,
      worktreeChoice: { kind: 'in-place' }, worktreeId: null, terminalId: null, lifecycle: 'running',
      lifecycleReason: null, preparation: [], runtime: { kind: 'none' },
      activity: { kind: 'unknown', reason: null, evidence: { source: 'none', detail: '' }, at: 0 }, usage: null,
      canResume: true, isUnread: false, isPinned: false, position: 0, createdAt: 0, changedAt: 0, archivedAt: null, rev: 1,
      ...change,
    }
    const record = { session, conversationId: 'conversation', recordPath: null, promptedAt: null, deletion: null }
    await command(({ tx }) => putSession(tx, record))
    return begin(id)
  }

  return {
    add,
    /** The next process of a session. */
    begin,
    /** Its process ends, as its terminal tells it. */
    end: (sessionId: SessionId): Promise<void> =>
      command(async (context) => {
        const last = await findLastIncarnation(context.tx, sessionId)
        if (last) await putIncarnation(context.tx, { ...last, state: 'ended', endedAt: context.now })
        await changeSession(context, sessionId, (row, at) => ({
          ...row,
          lifecycle: 'stopped',
          runtime: { kind: 'exited', code: 0, signal: null, at, wasAsked: false },
        }))
      }),
    change: (sessionId: SessionId, part: Partial<Session>) =>
      command((context) => changeSession(context, sessionId, (row) => ({ ...row, ...part }))),
    command,
  }
}
