import type { Project } from '../../../../shared/contract/projects.ts'
import type { QueueRun } from '../../../../shared/contract/queue-rows.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { holdCommit, readHeldCommit } from '../../adapters/git/hold-commit.ts'
import { readTreeOf } from '../../adapters/git/git-objects.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import type { GateResult, GatesProgress } from '../checks/checks-service.ts'
import { gateFolderOf, subjectOf, type QueueParts } from './queue-parts.ts'
import type { Verdict } from './queue-rules.ts'
import type { QueueKey } from './queue-store.ts'

export interface CheckWish {
  readonly key: QueueKey
  readonly project: Project
  readonly run: QueueRun
  /** The app ends: what runs goes on without it, and the next start finds it again. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: GatesProgress) => void
}

/** Runs the gates on a commit. STOPPED when nobody waits for them any more. */
export const checkCommit = async (
  parts: QueueParts,
  wish: CheckWish,
): Promise<Result<Verdict, 'STOPPED' | 'TROUBLE'>> => {
  const { key, project, run, signal, onProgress } = wish
  const { git, checks } = parts
  const stop = new AbortController()
  parts.waits.set(subjectOf(key), stop)
  const folder = gateFolderOf(parts, key)
  const held = { cwd: project.rootPath, commonDir: project.commonDir, path: folder, commit: run.commit }
  const tree = run.tree === '' ? await readTreeOf(git, project.rootPath, run.commit) : run.tree
  if (tree === null) return refuse('TROUBLE', `The commit ${run.commit.slice(0, 8)} is gone from the repository.`)
  const fill = async () => {
    await checks.cancelGates(folder, by)
    await holdCommit(git, held)
    parts.filled.add(folder)
  }
  // Gates of before may run there still, on this very commit: then they are waited for and not begun anew.
  const mayRunStill = !parts.filled.has(folder) && (await readHeldCommit(git, held)) === run.commit
  if (!mayRunStill) await fill()
  const ask = () =>
    checks.runGates({
      projectId: key.projectId,
      folder,
      commit: run.commit,
      tree,
      signal: AbortSignal.any([signal, stop.signal]),
      by,
      onProgress,
    })
  let answer = await ask()
  if (!answer.ok && answer.refusal.code === 'WRONG_COMMIT') {
    await fill()
    answer = await ask()
  }
  if (signal.aborted) return refuse('STOPPED', 'The app ends.')
  if (stop.signal.aborted) {
    await checks.cancelGates(folder, by)
    return refuse('STOPPED', 'Nobody waits for these gates any more.')
  }
  return answer.ok ? judgeResults(answer.value) : refuse('TROUBLE', answer.refusal.message)
}

/** A gate that never came to an end says nothing of the commit. */
const judgeResults = (results: readonly GateResult[]): Result<Verdict, 'TROUBLE'> => {
  const unheard = results.find(({ run }) => ['cancelled', 'lost', 'not-started'].includes(run.state.kind))
  if (unheard) {
    const why = unheard.run.state.kind === 'not-started' ? `: ${unheard.run.state.problem}` : '.'
    return refuse('TROUBLE', `The gate ${unheard.name} did not run to its end${why}`)
  }
  const failed = results.filter(({ isPassed }) => !isPassed).map(({ name, run }) => ({ name, run: run.id }))
  return ok(failed.length === 0 ? { kind: 'passed' } : { kind: 'failed', failed })
}
