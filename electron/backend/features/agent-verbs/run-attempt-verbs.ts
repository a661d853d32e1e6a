import type { Task } from '../../../../shared/contract/task-rows.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { AttemptWord } from '../tasks/tasks-service.ts'
import { chooseAttempt, type Work } from './own-attempt-rules.ts'
import { resolveTask } from './run-task-verbs.ts'
import { attemptLine, taskLine } from './verb-lines-rules.ts'
import { deletedTitle, type Asking, type VerbDeps, type VerbRunners } from './verb-parts.ts'

type AttemptVerbName = 'claim' | 'renew' | 'checkpoint' | 'submit' | 'fail' | 'release'

export const attemptVerbRunners: VerbRunners<AttemptVerbName, Asking> = {
  claim: (deps, asking, input) => claim(deps, asking, input.task),
  renew: (deps, asking, input) => say(deps, asking, input, (word) => deps.tasks.renew(word)),
  checkpoint: async (deps, asking, { summary, next, headSha, ...about }) => {
    const word = await findWord(deps, asking, about)
    if (!word.ok) return word
    const checkpoint = { summary, nextSteps: next, headSha: headSha ?? (await readHead(deps, asking)) }
    return deps.tasks.checkpoint(word.value, checkpoint)
  },
  submit: async (deps, asking, { summary, headSha, ...about }) => {
    const head = headSha ?? (await readHead(deps, asking))
    return say(deps, asking, about, (word) => deps.tasks.submit(word, { summary, headSha: head }))
  },
  fail: (deps, asking, { reason, ...about }) => say(deps, asking, about, (word) => deps.tasks.fail(word, { reason })),
  release: (deps, asking, { reason, to, ...about }) =>
    say(deps, asking, about, (word) => deps.tasks.release(word, { reason, to })),
}

const speakerOf = ({ worker, by }: Asking) => ({ holder: worker, by })

const claim = async (deps: VerbDeps, asking: Asking, named: string | null) => {
  const { projectId, requestId } = asking
  const task = named === null ? ok(null) : await resolveTask(deps, asking, named)
  if (!task.ok) return task
  const wish =
    task.value === null ? ({ kind: 'next', projectId } as const) : ({ kind: 'task', taskId: task.value.id } as const)
  const claimed = await deps.tasks.claim(wish, speakerOf(asking), requestId)
  if (!claimed.ok) return claimed
  const { attempt, ...said } = claimed.value
  return ok({ ...said, attempt: attemptLine(attempt, titleOfOwn(asking)) })
}

interface About {
  readonly task: string | null
  readonly epoch: number | null
}

/** The word of the attempt that is spoken of; the service judges whether it still counts. */
const findWord = async (
  deps: VerbDeps,
  asking: Asking,
  about: About,
): Promise<Result<AttemptWord, 'NOT_FOUND' | 'NO_TASK' | 'AMBIGUOUS'>> => {
  const named: Result<Task | null, 'NOT_FOUND' | 'NO_TASK' | 'AMBIGUOUS'> =
    about.task === null ? ok(null) : await resolveTask(deps, asking, about.task)
  if (!named.ok) return named
  const { live, last } = await deps.database.read(async (tx) => {
    const works: Work[] = []
    for (const attempt of await deps.tasks.listOfHolder(tx, asking.projectId, asking.worker)) {
      const task = await deps.tasks.find(tx, attempt.taskId)
      if (task) works.push({ task, attempt })
    }
    const at = { projectId: asking.projectId, taskId: named.value?.id ?? null }
    return { live: works, last: await deps.tasks.findLastOfHolder(tx, asking.worker, at) }
  })
  const chosen = chooseAttempt(live, last, { named: named.value, epoch: about.epoch })
  return chosen.ok ? ok({ ref: chosen.value, speaker: speakerOf(asking), requestId: asking.requestId }) : chosen
}

type Said = Awaited<ReturnType<VerbDeps['tasks']['renew']>>

const say = async (
  deps: VerbDeps,
  asking: Asking,
  { task, epoch }: About,
  act: (word: AttemptWord) => Promise<Said>,
) => {
  const word = await findWord(deps, asking, { task, epoch })
  if (!word.ok) return word
  const said = await act(word.value)
  if (!said.ok) return said
  const titleOf = titleOfOwn(asking)
  const { task: after, attempt, seq } = said.value
  return ok({ task: taskLine(after, [attempt], titleOf), attempt: attemptLine(attempt, titleOf), seq })
}

/** Whoever speaks of an attempt holds it, so of all sessions of a project only its own is named. */
const titleOfOwn =
  ({ session }: Asking) =>
  () =>
    session?.title ?? deletedTitle

/** The commit at the head of the session's worktree, as it is now; a command outside of any session names its own. */
const readHead = async (deps: VerbDeps, { session }: Asking): Promise<string | null> => {
  if (!session || session.worktreeId === null) return null
  const worktree = await deps.worktrees.refresh(session.worktreeId)
  return worktree.ok ? worktree.value.headSha : null
}
