import type { Task } from '../../../../shared/contract/task-rows.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { AttemptWord } from '../tasks/tasks-service.ts'
import { chooseAttempt, type Work } from './own-attempt-rules.ts'
import { resolveTask } from './run-task-verbs.ts'
import { attemptLine, taskLine } from './verb-lines-rules.ts'
import { readYard, type Speaking, type VerbDeps, type VerbRunners } from './verb-parts.ts'

type AttemptVerbName = 'claim' | 'renew' | 'checkpoint' | 'submit' | 'fail' | 'release'

export const attemptVerbRunners: VerbRunners<AttemptVerbName> = {
  claim: (deps, speaking, input) => claim(deps, speaking, input.task),
  renew: (deps, speaking, input) => say(deps, speaking, input, (word) => deps.tasks.renew(word)),
  checkpoint: async (deps, speaking, { summary, next, headSha, ...about }) => {
    const word = await findWord(deps, speaking, about)
    if (!word.ok) return word
    const checkpoint = { summary, nextSteps: next, headSha: headSha ?? (await readHead(deps, speaking)) }
    return deps.tasks.checkpoint(word.value, checkpoint)
  },
  submit: async (deps, speaking, { summary, headSha, ...about }) => {
    const head = headSha ?? (await readHead(deps, speaking))
    return say(deps, speaking, about, (word) => deps.tasks.submit(word, { summary, headSha: head }))
  },
  fail: (deps, speaking, { reason, ...about }) =>
    say(deps, speaking, about, (word) => deps.tasks.fail(word, { reason })),
  release: (deps, speaking, { reason, to, ...about }) =>
    say(deps, speaking, about, (word) => deps.tasks.release(word, { reason, to })),
}

const speakerOf = ({ holder, by }: Speaking) => ({ holder: { kind: 'session', ...holder } as const, by })

const claim = async (deps: VerbDeps, speaking: Speaking, named: string | null) => {
  const { session, requestId } = speaking
  const task = named === null ? ok(null) : await resolveTask(deps, speaking, named)
  if (!task.ok) return task
  const wish =
    task.value === null
      ? ({ kind: 'next', projectId: session.projectId } as const)
      : ({ kind: 'task', taskId: task.value.id } as const)
  const claimed = await deps.tasks.claim(wish, speakerOf(speaking), requestId)
  if (!claimed.ok) return claimed
  const { attempt, seq } = claimed.value
  const detail = await deps.tasks.detail(claimed.value.task.id)
  const before = detail.ok ? detail.value.attempts.filter(({ id }) => id !== attempt.id) : []
  const { titleOf } = await deps.database.read((tx) => readYard(deps, tx, session.projectId))
  return ok({
    task: claimed.value.task,
    attempt: attemptLine(attempt, titleOf),
    checkpoint: detail.ok ? (detail.value.checkpoints[0] ?? null) : null,
    rescueRef: before.find(({ rescueRef }) => rescueRef !== null)?.rescueRef ?? null,
    seq,
  })
}

interface About {
  readonly task: string | null
  readonly epoch: number | null
}

/** The word of the attempt that is spoken of; the service judges whether it still counts. */
const findWord = async (
  deps: VerbDeps,
  speaking: Speaking,
  about: About,
): Promise<Result<AttemptWord, 'NOT_FOUND' | 'NO_TASK' | 'AMBIGUOUS'>> => {
  const named: Result<Task | null, 'NOT_FOUND' | 'NO_TASK' | 'AMBIGUOUS'> =
    about.task === null ? ok(null) : await resolveTask(deps, speaking, about.task)
  if (!named.ok) return named
  const { live, last } = await deps.database.read(async (tx) => {
    const works: Work[] = []
    for (const attempt of await deps.tasks.listOfSession(tx, speaking.session.id)) {
      const task = await deps.tasks.find(tx, attempt.taskId)
      if (task) works.push({ task, attempt })
    }
    const taskId = named.value?.id ?? null
    return { live: works, last: await deps.tasks.findLastOfSession(tx, speaking.session.id, taskId) }
  })
  const chosen = chooseAttempt(live, last, { named: named.value, epoch: about.epoch })
  return chosen.ok ? ok({ ref: chosen.value, speaker: speakerOf(speaking), requestId: speaking.requestId }) : chosen
}

type Said = Awaited<ReturnType<VerbDeps['tasks']['renew']>>

const say = async (
  deps: VerbDeps,
  speaking: Speaking,
  { task, epoch }: About,
  act: (word: AttemptWord) => Promise<Said>,
) => {
  const word = await findWord(deps, speaking, { task, epoch })
  if (!word.ok) return word
  const said = await act(word.value)
  if (!said.ok) return said
  const { titleOf } = await deps.database.read((tx) => readYard(deps, tx, speaking.session.projectId))
  const { task: after, attempt, seq } = said.value
  return ok({ task: taskLine(after, [attempt], titleOf), attempt: attemptLine(attempt, titleOf), seq })
}

/** The commit at the head of the session's worktree, as it is now. */
const readHead = async (deps: VerbDeps, { session }: Speaking): Promise<string | null> => {
  if (session.worktreeId === null) return null
  const worktree = await deps.worktrees.refresh(session.worktreeId)
  return worktree.ok ? worktree.value.headSha : null
}
