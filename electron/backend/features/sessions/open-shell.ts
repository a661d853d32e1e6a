import { delimiter } from 'node:path'
import type { SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { loginArguments } from '../../adapters/agents/plain-shell.ts'
import { withCommand } from '../../adapters/child-environment-rules.ts'
import type { SessionsDeps } from './session-parts.ts'
import { findWorktree } from './start-session.ts'
import { findSession } from './sessions-store.ts'

/** Opens a plain shell in the session's worktree. It may do all a person may; it has no token of the session. */
export const openShell = async (
  { deps }: { readonly deps: SessionsDeps },
  id: SessionId,
): Promise<Result<{ terminalId: TerminalId }, 'WORKTREE_MISSING' | 'NOT_FOUND'>> => {
  const record = await deps.database.read((tx) => findSession(tx, id))
  if (!record || record.deletion) return refuse('NOT_FOUND', 'This session is not there any more.')
  const { session } = record
  const worktree = await findWorktree({ deps }, session)
  if (!worktree.ok) return refuse('WORKTREE_MISSING', worktree.refusal.message)
  const shell = await deps.agents.findLaunchable('shell')
  if (!shell.ok) return refuse('WORKTREE_MISSING', shell.refusal.message)
  const terminalId = deps.newId('trm')
  const { executable } = shell.value
  const project = await deps.database.read((tx) => deps.projects.find(tx, session.projectId))
  const environment = await deps.agents.environmentFor('shell', {
    SWITCHYARD_SESSION: session.id,
    SWITCHYARD_TERMINAL: terminalId,
    SWITCHYARD_WORKTREE: worktree.value.path,
    SWITCHYARD_ROOT: project?.rootPath ?? worktree.value.path,
    SWITCHYARD_BRANCH: worktree.value.branch ?? '',
  })
  const env = withCommand(environment, deps.commandFolder, delimiter)
  await deps.terminals.start({
    terminalId,
    projectId: session.projectId,
    sessionId: id,
    kind: 'shell',
    argv: [executable, ...loginArguments(executable)],
    cwd: worktree.value.path,
    env,
  })
  return ok({ terminalId })
}
