import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Attempt, DependencyKind, Task } from '../../../../shared/contract/task-rows.ts'
import type { Move } from '../../../../shared/contract/tasks.ts'
import type { AttemptId, TaskId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { findAttempt, listAttempts } from './attempts-store.ts'
import { listProjectDependencies } from './dependencies-store.ts'
import { findCycle } from './dependency-rules.ts'
import { expireAttempt, type Loss } from './expire-attempt.ts'
import { findTask, listShownTasks } from './tasks-store.ts'
import { projectIdAt } from './testing/rows.ts'
import { singleDeeds, story, type Compound, type Deed, type HandState } from './testing/task-deeds.ts'
import { codeOf, createTaskLab, person, plainTask, speakerAt, valueOf, type TaskLab } from './testing/task-lab.ts'
import * as model from './testing/task-model.ts'

/** More runs than a test run has time for find more: SWITCHYARD_TEST_MODEL_RUNS=100000 for a night. */
const runs = Number(process.env['SWITCHYARD_TEST_MODEL_RUNS'] ?? 1000)

let lab: TaskLab
beforeAll(() => {
  lab = createTaskLab()
})
afterAll(() => lab.kernel.close())

/** The model and the real thing, and which row is which. */
interface Run {
  readonly model: model.Model
  readonly taskIds: TaskId[]
  readonly attempts: { readonly id: AttemptId; readonly task: number; readonly index: number }[]
  /** Repeats the last call that had a request id; it must change nothing and answer the same. */
  repeat: (() => Promise<void>) | null
}

const sayer = { headSha: null, summary: 'Done.' }
const reason = 'Because.'

const moveTo = (to: HandState): Move =>
  to === 'deferred'
    ? { to, until: null }
    : to === 'blocked' || to === 'failed' || to === 'cancelled'
      ? { to, reason }
      : { to }

/** Calls with a request id, and keeps the call to be made again. */
const call = async (run: Run, act: () => Promise<Result<unknown, string>>): Promise<string> => {
  const answer = await act()
  const isKept = answer.ok
  run.repeat = async () => {
    if (!isKept) return
    const before = lab.kernel.changes.length
    expect(await act()).toEqual(answer)
    expect(lab.kernel.changes).toHaveLength(before)
  }
  return codeOf(answer)
}

const claimReal = (run: Run, wish: Parameters<TaskLab['tasks']['claim']>[0], session: number) => {
  const requestId = lab.nextRequest()
  return call(run, async () => {
    const claimed = await lab.tasks.claim(wish, speakerAt(session), requestId)
    if (claimed.ok && !run.attempts.some(({ id }) => id === claimed.value.attempt.id)) {
      const task = run.taskIds.indexOf(claimed.value.task.id)
      run.attempts.push({ id: claimed.value.attempt.id, task, index: claimed.value.attempt.number - 1 })
    }
    return claimed
  })
}

const speak = async (run: Run, id: AttemptId, deed: Extract<Deed, { attempt: number }>): Promise<string> => {
  const attempt = (await lab.kernel.database.read((tx) => findAttempt(tx, id)))!
  const word = lab.word(attempt)
  switch (deed.do) {
    case 'renew':
      return call(run, () => lab.tasks.renew(word))
    case 'checkpoint':
      return call(run, () => lab.tasks.checkpoint(word, { ...sayer, nextSteps: '' }))
    case 'submit':
      return call(run, () => lab.tasks.submit(word, sayer))
    case 'fail':
      return call(run, () => lab.tasks.fail(word, { reason }))
    case 'release':
      return call(run, () => lab.tasks.release(word, { reason, to: deed.to }))
    case 'wrong-epoch':
      return codeOf(await lab.tasks.submit(lab.word({ ...attempt, epoch: attempt.epoch - 1 }), sayer))
    case 'stranger':
      return codeOf(await lab.tasks.submit(lab.word(attempt, speakerAt(9)), sayer))
    case 'lose': {
      const loss: Loss =
        deed.how === 'overdue' ? { kind: 'overdue' } : { kind: 'dead', how: 'Gone.', wasAsked: deed.how === 'asked' }
      return String(await expireAttempt(lab.deps, attempt, loss))
    }
    default:
      return unreachable(deed)
  }
}

const speakInModel = (
  { model: state }: Run,
  at: { readonly task: number; readonly index: number },
  deed: Extract<Deed, { attempt: number }>,
): string => {
  const task = state.tasks[at.task]!
  const attempt = task.attempts[at.index]!
  const isEnded = ['done', 'failed', 'cancelled'].includes(task.state)
  switch (deed.do) {
    case 'renew':
      return model.renew(state, task, attempt)
    case 'checkpoint':
      return model.checkpoint(state, task, attempt)
    case 'submit':
      return model.submit(task, attempt)
    case 'fail':
      return model.fail(state, task, attempt)
    case 'release':
      return model.release(task, attempt, deed.to)
    case 'wrong-epoch':
      return isEnded ? 'TERMINAL' : 'STALE_EPOCH'
    case 'stranger':
      return 'NOT_YOURS'
    case 'lose':
      return String(model.lose(state, task, attempt, deed.how))
    default:
      return unreachable(deed)
  }
}

/** Does one deed to both and holds their answers against each other. */
const step = async (run: Run, deed: Deed): Promise<void> => {
  const { tasks } = run.model
  const at = (n: number) => n % tasks.length
  if (deed.do === 'create') return create(run, deed)
  if (deed.do === 'again') return run.repeat?.()
  if (deed.do === 'pass-time') {
    run.model.now += deed.ms
    lab.time.now += deed.ms
    return
  }
  if (deed.do === 'resume') {
    valueOf(await lab.tasks.resumeDispatch(person))
    Object.assign(run.model, { isPaused: false, resumedAt: run.model.now })
    return
  }
  if (deed.do === 'claim-next') {
    const answer = await claimReal(run, { kind: 'next', projectId: projectIdAt(1) }, deed.session)
    expect(answer).toBe(model.claimNext(run.model, deed.session))
    return
  }
  if ('attempt' in deed) {
    const attempt = run.attempts[deed.attempt % Math.max(1, run.attempts.length)]
    if (attempt) expect(await speak(run, attempt.id, deed)).toBe(speakInModel(run, attempt, deed))
    return
  }
  if (tasks.length === 0) return
  if (deed.do === 'depend') return depend(run, at(deed.task), at(deed.other), deed.kind)
  const [task, taskId] = [tasks[at(deed.task)]!, run.taskIds[at(deed.task)]!]
  switch (deed.do) {
    case 'claim':
      expect(await claimReal(run, { kind: 'task', taskId }, deed.session)).toBe(
        model.claim(run.model, task, deed.session),
      )
      return
    case 'move':
      expect(codeOf(await lab.tasks.move({ taskId, rev: null, move: moveTo(deed.to) }, person))).toBe(
        model.move(task, deed.to),
      )
      return
    case 'accept':
      expect(codeOf(await lab.tasks.accept(taskId, person))).toBe(model.review(run.model, task, true))
      return
    case 'request-changes':
      expect(codeOf(await lab.tasks.requestChanges({ taskId, comment: 'More.' }, person))).toBe(
        model.review(run.model, task, false),
      )
      return
    case 'reopen':
      expect(codeOf(await lab.tasks.reopen(taskId, person))).toBe(model.reopen(task))
      return
    case 'retry':
      expect(codeOf(await lab.tasks.retry(taskId, person))).toBe(model.retry(task))
  }
}

const create = async (run: Run, { most, isDraft, priority }: Extract<Deed, { do: 'create' }>) => {
  if (run.taskIds.length === 6) return
  const state = isDraft ? ('draft' as const) : ('open' as const)
  const input = { ...plainTask, state, priority, maxAttempts: most, requestId: lab.nextRequest() }
  run.taskIds.push(valueOf(await lab.tasks.create(input, person)).task.id)
  run.model.tasks.push({ state, epoch: 0, failed: 0, most, retryAt: null, priority, waits: [], attempts: [] })
}

const depend = async (run: Run, task: number, on: number, kind: DependencyKind) => {
  const [taskId, dependsOnId] = [run.taskIds[task]!, run.taskIds[on]!]
  const answer = await lab.tasks.depend({ taskId, dependsOnId, kind, satisfiedOn: 'merged' }, person)
  const own = run.model.tasks[task]!
  const isThere = own.waits.some((wait) => wait.kind === kind && (wait.on === on || kind === 'parent'))
  const expected =
    task === on
      ? 'INVALID'
      : ['done', 'failed', 'cancelled'].includes(own.state)
        ? 'TERMINAL'
        : isThere
          ? 'EXISTS'
          : model.closesCircle(run.model, task, on, kind)
            ? 'CYCLE'
            : 'ok'
  expect(codeOf(answer)).toBe(expected)
  if (answer.ok) own.waits.push({ on, kind })
}

/** The rows are what the model says, and the invariants hold, after each deed. */
const inspect = async (run: Run, eventsBefore: number, before: ReadonlyMap<TaskId, Task>) => {
  const { tasks, attempts, edges } = await lab.kernel.database.read(async (tx) => ({
    tasks: await Promise.all(run.taskIds.map(async (id) => (await findTask(tx, id))!)),
    attempts: await Promise.all(run.taskIds.map((id) => listAttempts(tx, id))),
    edges: await listProjectDependencies(tx, projectIdAt(1)),
  }))
  for (const [n, task] of tasks.entries()) {
    const { state, epoch, failed, retryAt, attempts: expected } = run.model.tasks[n]!
    const own = attempts[n]!.toReversed()
    expect({ state: task.state, epoch: task.claimEpoch, failed: task.failedAttempts, retryAt: task.retryAt }).toEqual({
      state,
      epoch,
      failed,
      retryAt,
    })
    expect(own.map((each) => [each.epoch, each.state, each.hardDeadline])).toEqual(
      expected.map((each) => [each.epoch, each.state, each.deadline]),
    )
    expectInvariants(task, own, before.get(task.id))
  }
  // I5: taking any edge away and adding it again closes no circle.
  for (const edge of edges)
    expect(
      findCycle(
        edges.filter((other) => other !== edge),
        edge,
      ),
    ).toBeNull()
  expectOneEventEach(tasks, attempts.flat(), eventsBefore)
  return new Map(tasks.map((task) => [task.id, task]))
}

const expectInvariants = (task: Task, attempts: readonly Attempt[], before: Task | undefined) => {
  const alive = attempts.filter(({ state }) => ['granted', 'running', 'submitted'].includes(state))
  const hasOne = ['claimed', 'in_progress', 'in_review', 'changes_requested'].includes(task.state)
  // I1 and I4: exactly one live attempt from the claim to the review, and none elsewhere.
  expect(alive).toHaveLength(hasOne ? 1 : 0)
  for (const attempt of alive) expect(attempt.epoch).toBe(task.claimEpoch)
  // I2: epochs strictly increase from attempt to attempt, and none is larger than the task's.
  const epochs = attempts.map(({ epoch }) => epoch)
  expect(epochs).toEqual([...new Set(epochs)].toSorted((a, b) => a - b))
  expect(Math.max(0, ...epochs)).toBeLessThanOrEqual(task.claimEpoch)
  if (!before) return
  expect(task.claimEpoch).toBeGreaterThanOrEqual(before.claimEpoch)
  // I11: an end is left for open alone, with a larger epoch.
  if (before.endedAt !== null && task.state !== before.state)
    expect([task.state, task.claimEpoch > before.claimEpoch]).toEqual(['open', true])
}

/** I9: whoever follows the events knows every row, and each change of a row was told once. */
const expectOneEventEach = (tasks: readonly Task[], attempts: readonly Attempt[], eventsBefore: number) => {
  const told = lab.kernel.changes.slice(eventsBefore)
  const idsTold = told.flatMap((change) =>
    change.topic === 'tasks.changed' || change.topic === 'attempts.changed' ? [change.payload.id] : [],
  )
  expect(idsTold).toHaveLength(new Set(idsTold).size)
  const last = new Map<string, Task | Attempt>()
  for (const change of lab.kernel.changes)
    if (change.topic === 'tasks.changed' || change.topic === 'attempts.changed')
      last.set(change.payload.id, change.payload)
  for (const row of [...tasks, ...attempts]) expect(last.get(row.id)).toEqual(row)
}

const play = async (deeds: readonly (Deed | Compound)[]) => {
  lab.kernel.changes.length = 0
  lab.time.now += 10 * 60_000
  const resumedAt = lab.time.now
  valueOf(await lab.tasks.resumeDispatch(person))
  const run: Run = {
    model: { now: (lab.time.now += 1), isPaused: false, resumedAt, tasks: [] },
    taskIds: [],
    attempts: [],
    repeat: null,
  }
  let before: ReadonlyMap<TaskId, Task> = new Map()
  for (const deed of deeds.flatMap((each) => singleDeeds(each))) {
    const eventsBefore = lab.kernel.changes.length
    await step(run, deed)
    before = await inspect(run, eventsBefore, before)
  }
}

const forget = async () => {
  await lab.kernel.runCommand({ name: 'forget', by: person }, async (context) => {
    await lab.tasks.forgetProject(context, projectIdAt(1))
    return { ok: true, value: null }
  })
  expect(await lab.kernel.database.read(listShownTasks)).toEqual([])
}

it(
  'tasks do what the model says, whatever is done to them in whatever order',
  async () => {
    await fc.assert(fc.asyncProperty(story, play).afterEach(forget), { numRuns: runs })
  },
  600_000 + runs * 200,
)
