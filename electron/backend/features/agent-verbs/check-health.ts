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
  const owner = await deps.database.read((tx) => deps.sessions.findOwner(tx, session.id))
  const checks = [
    ...(await checkApp(deps)),
    check(
      'token',
      owner?.incarnationId === holder.incarnationId ? null : 'A newer start of this session speaks for it now.',
      `It speaks for “${session.title}”.`,
    ),
    check('hooks', await deps.hookProblem(session.id), 'They arrive, and edits are checked.'),
    check('worktree', await worktreeProblem(deps, session.worktreeId), 'It is where it was made.'),
  ]
  return ok({ isWell: checks.every(({ isWell }) => isWell), checks })
}

/** What is the same for whoever asks. */
export const checkApp = async (deps: VerbDeps): Promise<Check[]> => {
  const health = await probeHealth(deps.database, deps.runCommand)
  const { paused } = await deps.database.read(async (tx) => (await deps.tasks.listShown(tx)).dispatch)
  const away = 'It does not run: this was answered from its data folder. Start it, and agents are looked after again.'
  return [
    check('app', deps.isDirect ? away : null, `Switchyard ${deps.version} answers.`),
    check('database', health.kind === 'ill' ? health.problem : null, 'It keeps what is written.'),
    check('tasks', paused === null ? null : `None is handed out: ${paused.reason}`, 'They are handed out.'),
  ]
}

const worktreeProblem = async (deps: VerbDeps, id: Speaking['session']['worktreeId']): Promise<string | null> => {
  if (id === null) return 'The session has none yet.'
  const folder = await deps.worktrees.requireFolder(id)
  return folder.ok ? null : folder.refusal.message
}
