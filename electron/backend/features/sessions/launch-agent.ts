import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, valueOf, type Result } from '../../../../shared/lib/result.ts'
import type { AgentAdapter, LaunchPlan } from '../../adapters/agents/agent-adapter.ts'
import { withCommand, withGuardHooks } from '../../adapters/child-environment-rules.ts'
import { hooksFolderName } from '../../adapters/launchers.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { LaunchableAgent } from '../agents/agents-service.ts'
import { findLastIncarnation, putIncarnation, type Incarnation } from './incarnations-store.ts'
import { gatewayFileOf } from './gateway-file.ts'
import type { SessionsDeps } from './session-parts.ts'
import { hashToken, newToken, type SessionTokens } from './session-tokens.ts'
import type { SessionWatches } from './session-watches.ts'
import { judgeConversation } from './sessions-rules.ts'
import { findSession, type SessionRecord } from './sessions-store.ts'

export interface LaunchParts {
  readonly deps: SessionsDeps
  readonly watches: SessionWatches
  readonly tokens: SessionTokens
  readonly gatewayUrl: () => string | null
  readonly bootId: string
  readonly readProcessStart: (pid: number) => Promise<string | null>
}

export interface LaunchWish {
  readonly record: SessionRecord
  readonly gatewayUrl: string
  readonly worktree: { readonly path: string; readonly branch: string | null }
  /** A start that was cut off before its terminal was there. */
  readonly begun: Incarnation | null
}

interface Launched {
  readonly incarnation: Incarnation
  readonly pid: number
  readonly processStart: string | null
}

/**
 * Starts the agent of a session in a new terminal. Everything it needs to be found again is written down before. Answers
 * null when it is not wanted any more.
 */
export const launchAgent = async (parts: LaunchParts, wish: LaunchWish): Promise<Result<Launched | null, 'FAILED'>> => {
  const { deps } = parts
  const { session } = wish.record
  const agent = await deps.agents.findLaunchable(session.agentId)
  if (!agent.ok) return refuse('FAILED', agent.refusal.message)
  const how = await decideConversation(parts, wish.record, wish.worktree.path)
  if (!how.ok) return refuse('FAILED', how.refusal.message)

  const token = newToken()
  const incarnation = await beginIncarnation(parts, wish, hashToken(token))
  if (!incarnation) return ok(null)
  const plan = await planLaunch(parts, { agent: agent.value, wish, kind: how.value })
  await writeFiles(sessionFolderOf(deps, session.id), plan)
  const root = await deps.database.read((tx) => deps.projects.find(tx, session.projectId))
  const environment = await deps.agents.environmentFor(session.agentId, {
    SWITCHYARD_SESSION: session.id,
    SWITCHYARD_TERMINAL: incarnation.terminalId,
    SWITCHYARD_WORKTREE: wish.worktree.path,
    SWITCHYARD_ROOT: root?.rootPath ?? wish.worktree.path,
    SWITCHYARD_BRANCH: wish.worktree.branch ?? '',
    SWITCHYARD_GATEWAY_FILE: gatewayFileOf(deps),
    SWITCHYARD_TOKEN: token,
    SWITCHYARD_COMMAND: join(deps.commandFolder, process.platform === 'win32' ? 'switchyard.cmd' : 'switchyard'),
    ...plan.environment,
  })
  const env = withGuardHooks(
    withCommand(environment, deps.commandFolder, delimiter),
    join(deps.commandFolder, hooksFolderName),
  )
  const { terminalId, sessionId } = incarnation
  const spec = {
    terminalId,
    sessionId,
    projectId: session.projectId,
    kind: 'agent',
    argv: plan.argv,
    cwd: wish.worktree.path,
    env,
  } as const
  return deps.terminals.start(spec).then(
    ({ pid, startTime }) => ok({ incarnation, pid, processStart: startTime }),
    async (error: unknown) => {
      await giveUp(parts, incarnation)
      return refuse(
        'FAILED',
        `${agent.value.adapter.name} could not be started: ${error instanceof Error ? error.message : String(error)}`,
      )
    },
  )
}

export const sessionFolderOf = (deps: SessionsDeps, sessionId: SessionId) => join(deps.sessionsFolder, sessionId)

/** Whether the conversation begins or goes on, as it is now: looked at again right before each start. */
export const decideConversation = async (
  { deps }: Pick<LaunchParts, 'deps'>,
  record: SessionRecord,
  worktreePath: string,
): Promise<Result<'start' | 'resume', 'CANNOT_RESUME'>> => {
  const { session, conversationId, recordPath } = record
  const adapter = deps.agents.adapterOf(session.agentId)
  const last = await deps.database.read((tx) => findLastIncarnation(tx, session.id))
  const lastPid = await deps.findLivingProcess(last ?? null)
  const environment = await deps.agents.environmentFor(session.agentId, {})
  const sessionFolder = sessionFolderOf(deps, session.id)
  const facts =
    (await adapter.inspectConversation?.({ conversationId, recordPath, worktreePath, sessionFolder, environment })) ??
    unseen(last?.pid != null)
  return judgeConversation(
    { isPrompted: record.promptedAt !== null, record: facts.record, openPid: lastPid ?? facts.openIn?.pid ?? null },
    adapter.name,
  )
}

/** An agent whose conversations cannot be looked at goes on with what it was started with. */
const unseen = (hasRun: boolean) => ({ record: hasRun ? ('exists' as const) : ('missing' as const), openIn: null })

/**
 * Writes the start down before anything runs: a second one is refused by the database itself. A stop that comes before
 * this finds nothing to end, so it must be seen here; one that comes after it finds what to end.
 */
const beginIncarnation = async ({ deps, tokens, watches }: LaunchParts, wish: LaunchWish, tokenHash: string) => {
  const { session, conversationId } = wish.record
  const begun = await deps.runCommand({ name: 'begin-start', by: systemIdentity }, async ({ tx, now, newId }) => {
    const current = await findSession(tx, session.id)
    if (current?.session.lifecycle !== 'preparing' || current.deletion) return ok(null)
    const last = await findLastIncarnation(tx, session.id)
    const incarnation: Incarnation = wish.begun
      ? { ...wish.begun, tokenHashes: [...wish.begun.tokenHashes, tokenHash], gatewayUrl: wish.gatewayUrl }
      : {
          id: newId('inc'),
          sessionId: session.id,
          number: (last?.number ?? 0) + 1,
          terminalId: newId('trm'),
          conversationId,
          state: 'starting',
          tokenHashes: [tokenHash],
          gatewayUrl: wish.gatewayUrl,
          pid: null,
          processStart: null,
          bootId: null,
          wasAsked: false,
          createdAt: now,
          endedAt: null,
          exitCode: null,
          exitSignal: null,
        }
    await putIncarnation(tx, incarnation)
    return ok(incarnation)
  })
  // It listens before the process runs: the first hook may come at once.
  const incarnation = valueOf(begun)
  if (!incarnation) return null
  tokens.admit(incarnation)
  watches.begin(incarnation, wish.record)
  return incarnation
}

const giveUp = async ({ deps, tokens, watches }: LaunchParts, incarnation: Incarnation) => {
  tokens.dismiss(incarnation.id)
  watches.end(incarnation.sessionId, 'It could not be started.')
  await deps.runCommand({ name: 'give-up-start', by: systemIdentity }, async ({ tx, now }) => {
    await putIncarnation(tx, { ...incarnation, state: 'ended', endedAt: now })
    return ok(undefined)
  })
}

export interface PlanWish {
  readonly agent: LaunchableAgent
  readonly wish: Pick<LaunchWish, 'record' | 'gatewayUrl' | 'worktree'>
  readonly kind: 'start' | 'resume'
}

export const planLaunch = async (
  { deps }: Pick<LaunchParts, 'deps'>,
  { agent, wish, kind }: PlanWish,
): Promise<LaunchPlan> => {
  const { session, conversationId } = wish.record
  const environment = await deps.agents.environmentFor(session.agentId, {})
  const adapter: AgentAdapter = agent.adapter
  const hasOwnStatusLine = await adapter.hasOwnStatusLine?.({ worktreePath: wish.worktree.path, environment })
  return adapter.launch({
    executable: agent.executable,
    version: agent.version,
    resources: deps.agents.resources,
    sessionFolder: sessionFolderOf(deps, session.id),
    worktreePath: wish.worktree.path,
    gatewayUrl: wish.gatewayUrl,
    title: session.title,
    prompt: kind === 'start' ? session.prompt : null,
    model: session.model,
    permissionMode: session.permissionMode,
    usesTeams: session.usesTeams,
    conversation: { kind, id: conversationId },
    environment,
    hasOwnStatusLine: hasOwnStatusLine ?? false,
  })
}

/** Private, and each file whole or not at all: some agents watch their settings and read them as they change. */
export const writeFiles = async (folder: string, plan: LaunchPlan): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  for (const { path, text } of plan.files) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(`${path}.new`, text, { mode: 0o600 })
    await rename(`${path}.new`, path)
  }
}
