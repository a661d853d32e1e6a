import { ok } from '../../../../shared/lib/result.ts'
import { probeHealth } from '../../kernel/health.ts'
import type { Speaking, VerbDeps } from './verb-parts.ts'

interface Check {
  readonly name: string
  readonly isWell: boolean
  readonly message: string
}

const check = (name: string, problem: string | null, well: string): Check => ({
  name,
  isWell: problem === null,
  message: problem ?? well,
})

/** Looks at everything that coordination stands on, each by trying it now. */
export const checkHealth = async (deps: VerbDeps, { session, holder }: Speaking) => {
  const health = await probeHealth(deps.database, deps.runCommand)
  const owner = await deps.database.read((tx) => deps.sessions.findOwner(tx, session.id))
  const { paused } = await deps.database.read(async (tx) => (await deps.tasks.listShown(tx)).dispatch)
  const checks = [
    check('app', null, `Switchyard ${deps.version} answers.`),
    check('database', health.kind === 'ill' ? health.problem : null, 'It keeps what is written.'),
    check(
      'token',
      owner?.incarnationId === holder.incarnationId ? null : 'A newer start of this session speaks for it now.',
      `It speaks for “${session.title}”.`,
    ),
    check('hooks', await deps.hookProblem(session.id), 'They arrive, and edits are checked.'),
    check('worktree', await worktreeProblem(deps, session.worktreeId), 'It is where it was made.'),
    check('tasks', paused === null ? null : `None is handed out: ${paused.reason}`, 'They are handed out.'),
  ]
  return ok({ isWell: checks.every(({ isWell }) => isWell), checks })
}

const worktreeProblem = async (deps: VerbDeps, id: Speaking['session']['worktreeId']): Promise<string | null> => {
  if (id === null) return 'The session has none yet.'
  const folder = await deps.worktrees.requireFolder(id)
  return folder.ok ? null : folder.refusal.message
}
