import {
  verbs as verbTable,
  type VerbArguments,
  type VerbName,
  type VerbOutput,
} from '../../../shared/agent-verbs/verbs.ts'
import type { Project } from '../../../shared/contract/projects.ts'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import type { MergeEntry, MergeQueue } from '../../../shared/contract/queue-rows.ts'
import type { NewEntry } from '../../../shared/contract/queue.ts'
import type { NewId, ProjectId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import { ok, refuse } from '../../../shared/lib/result.ts'
import { createActivityService } from '../features/activity/activity-service.ts'
import { createAgentVerbsService, type VerbDeps } from '../features/agent-verbs/agent-verbs-service.ts'
import { createChecksService, type ChecksDeps } from '../features/checks/checks-service.ts'
import { createLeasesService } from '../features/leases/leases-service.ts'
import { createMailService } from '../features/mail/mail-service.ts'
import { findOwner } from '../features/sessions/find-owner.ts'
import { findSession, listSessions } from '../features/sessions/sessions-store.ts'
import { entryAt } from '../features/queue/testing/queue-rows.ts'
import { createTasksService } from '../features/tasks/tasks-service.ts'
import type { Tx } from '../db/tx.ts'
import { systemIdentity } from '../kernel/identity.ts'
import { createTestKernel, silentLog } from '../kernel/testing.ts'
import { mailDepsOn } from './mail-lab.ts'
import { createTestSessions, type TestSession } from './test-sessions.ts'

export const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
export const otherProject = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAW' as ProjectId

export type VerbLab = Awaited<ReturnType<typeof openVerbLab>>

/** The verbs on real sessions' rows, leases, tasks and mail, beside worktrees that are only told of. */
export const openVerbLab = async () => {
  const clock = { now: 1_700_000_000_000 }
  const kernel = { ...createTestKernel(() => clock.now), log: silentLog }
  const testSessions = createTestSessions(kernel, projectId)
  const folders = createFolders()
  const sessions = {
    list: async (tx: Tx) => (await listSessions(tx)).map(({ session }) => session),
    find: async (tx: Tx, id: SessionId) => (await findSession(tx, id))?.session,
    findOwner,
  }
  const noSuspend = { granted: async () => undefined, lookForSuspend: async () => undefined }
  const leases = await createLeasesService({ ...kernel, ...noSuspend, sessions, ignoresCase: false })
  const projects = {
    find: async (_tx: Tx, id: ProjectId) => projectNamed(id),
    list: async () => [projectId, otherProject].flatMap((id) => projectNamed(id) ?? []),
  }
  const tasks = createTasksService({
    ...kernel,
    projects,
    sessions: { ...sessions, plan: async () => refuse('AGENT_MISSING', 'There is no agent here.'), add: notHere },
    worktrees: { rescue: async () => ok({ rescueRef: null }) },
    verdictOf: async () => ({ kind: 'alive-active' }),
    freeLeases: leases.endAttempt,
  })
  const mail = createMailService(mailDepsOn(kernel))
  const activity = createActivityService({ ...kernel, sessions, tasks })
  const line = createLine(kernel.newId)
  const checks = createWaitingChecks(kernel, { projects, sessions, requireFolder: folders.worktrees.requireFolder })
  const asked: { question: string; options: readonly string[]; requestId: string; wasAborted: boolean }[] = []
  const deps: VerbDeps = {
    ...kernel,
    version: '1.2.3',
    projects,
    worktrees: folders.worktrees,
    sessions,
    leases,
    tasks,
    mail,
    asks: {
      askPerson: async (_holder, question, signal) => {
        asked.push({ ...question, wasAborted: signal.aborted })
        return ok({ askId: kernel.newId('ask'), answer: 'Blue', seq: 1 })
      },
    },
    checks,
    activity,
    queue: line.queue,
    hookProblem: async () => null,
    isDirect: false,
    // Those with odd numbers have ended.
    findProcess: async (pid, label) =>
      pid % 2 === 0 ? { kind: 'process', pid, startTime: '1', bootId: 'boot', label } : null,
  }
  const problems: string[] = []
  const verbs = createAgentVerbsService({ ...deps, hookProblem: async () => problems[0] ?? null })

  /** A session whose agent runs in a worktree of its own. */
  const add = async (title: string, given: { role?: string; project?: ProjectId } = {}): Promise<TestSession> => {
    const worktreeId = kernel.newId('wt')
    folders.add(worktreeId, title.toLowerCase(), given.project ?? projectId)
    return testSessions.add(title, { worktreeId, role: given.role ?? null, projectId: given.project ?? projectId })
  }
  const [anna, bert] = [await add('Anna'), await add('Bert', { role: 'reviewer' })]

  const run = (who: TestSession, name: string, input: unknown, requestId: string | null = null) =>
    verbs.runVerb(who, { name, input, requestId, signal: new AbortController().signal })
  const runAsPerson = (name: string, input: unknown, caller: unknown = { folder: `/repos/${projectId}`, pid: 2 }) =>
    verbs.runPersonVerb(caller, { name, input, requestId: null, signal: new AbortController().signal })
  return {
    clock,
    kernel,
    deps,
    verbs,
    leases,
    tasks,
    mail,
    checks,
    activity,
    asked,
    line,
    problems,
    sessions: testSessions,
    folders,
    add,
    anna,
    bert,
    run,
    runAsPerson,
    /** What a verb answers that is not refused. */
    does: async <Name extends VerbName>(
      who: TestSession,
      name: Name,
      input?: VerbArguments<Name>,
      requestId: string | null = null,
    ): Promise<VerbOutput<Name>> => {
      const answer = await run(who, name, input ?? {}, requestId)
      if (!answer.ok) throw new Error(`${name}: ${answer.refusal.code} ${answer.refusal.message}`)
      // It must be what the table of verbs promises, with nothing missing.
      return verbTable[name].output.parse(answer.value) as VerbOutput<Name>
    },
    /** The code and message of a verb that is refused. */
    refused: async (who: TestSession, name: VerbName, input: unknown = {}) => {
      const answer = await run(who, name, input)
      if (answer.ok) throw new Error(`${name} was not refused: ${JSON.stringify(answer.value)}`)
      return answer.refusal
    },
    /** Puts a session's worktree into another folder, as if it had been made there. */
    moveFolder: async ({ sessionId }: TestSession, path: string): Promise<void> => {
      const session = (await kernel.database.read(sessions.list)).find(({ id }) => id === sessionId)
      if (session?.worktreeId) folders.add(session.worktreeId, session.title, session.projectId, { path })
    },
    /** The folder of a session's worktree. */
    folderOf: async ({ sessionId }: TestSession): Promise<string> => {
      const session = (await kernel.database.read(sessions.list)).find(({ id }) => id === sessionId)
      const worktree = (await folders.worktrees.list()).find(({ id }) => id === session?.worktreeId)
      return worktree?.path ?? ''
    },
    /** Waits until every command that was given is carried out. */
    settle: () => kernel.runCommand({ name: 'settle', by: systemIdentity }, async () => ok(undefined)),
    recordedRefusals: () =>
      kernel.changes.flatMap(({ topic, payload }) => (topic === 'refusals.recorded' ? [payload] : [])),
    close: async () => {
      mail.close()
      await checks.close()
      await leases.close()
      await kernel.close()
    },
  }
}

type ChecksAround = Pick<ChecksDeps, 'sessions'> & {
  readonly projects: Pick<ChecksDeps['projects'], 'find'>
  readonly requireFolder: (id: WorktreeId) => unknown
}

/** Checks whose runs wait: nothing here carries out what is asked for. */
const createWaitingChecks = (
  kernel: Pick<ChecksDeps, 'database' | 'clock' | 'log' | 'runCommand' | 'onCommit'>,
  { projects, sessions, requireFolder }: ChecksAround,
) =>
  createChecksService({
    ...kernel,
    git: notHere as never,
    agents: { environmentForTools: notHere as never },
    projects: { ...projects, requireUsable: notHere as never },
    worktrees: { find: notHere as never, requireFolder: requireFolder as never },
    terminals: notHere as never,
    sessions,
    review: {
      point: async () => ok({ head: 'a'.repeat(40), headTree: 'b'.repeat(40), tree: 'b'.repeat(40), isExact: true }),
    },
    lookForSuspend: async () => undefined,
    mostAtOnce: 2,
    stopGraceMs: 0,
  })

/** No session is started here: agents cannot. */
const notHere = async () => refuse('BRANCH_EXISTS', 'Nothing is started here.')

const projectNamed = (id: ProjectId): Project | undefined =>
  id === projectId || id === otherProject
    ? ({ id, name: id === projectId ? 'app' : 'ledger', rootPath: `/repos/${id}`, defaultBranch: 'main' } as Project)
    : undefined

/** A merge queue that takes whatever is put in it. */
const createLine = (newId: NewId) => {
  const entries: MergeEntry[] = []
  const queues: MergeQueue[] = []
  const wishes: NewEntry[] = []
  const queue: VerbDeps['queue'] = {
    listShown: async () => ({ mergeEntries: entries, mergeQueues: queues }),
    enqueue: async (wish, by) => {
      wishes.push(wish)
      const sessionId = by.id as SessionId
      const entry = { ...entryAt(1), id: newId('mqe'), projectId, head: wish.head, sessionId, title: by.id }
      entries.push(entry)
      return ok({ entry, seq: 1 })
    },
  }
  return { queue, entries, queues, wishes }
}

const createFolders = () => {
  const rows = new Map<WorktreeId, Worktree>()
  const missing = new Set<WorktreeId>()
  const findRow = (id: WorktreeId) => {
    const row = rows.get(id)
    return row && !missing.has(id) ? ok(row) : refuse('WORKTREE_MISSING', 'Its folder is gone. Restore it.')
  }
  return {
    add: (id: WorktreeId, name: string, project: ProjectId, change: Partial<Worktree> = {}) => {
      // prettier-ignore
      rows.set(id, {
        id, projectId: project, path: `/trees/${name}`, branch: `switchyard/${name}`, kind: 'new-branch', base: null,
        state: { kind: 'ok' }, headSha: 'a'.repeat(40), added: 0, removed: 0, changedFiles: 0, untrackedFiles: 0,
        notes: [], checkedAt: null, createdAt: 0, ...change,
      })
    },
    lose: (id: WorktreeId) => void missing.add(id),
    worktrees: {
      list: async () => [...rows.values()],
      refresh: async (id: WorktreeId) => findRow(id),
      requireFolder: async (id: WorktreeId) => findRow(id),
    } satisfies VerbDeps['worktrees'],
  }
}
