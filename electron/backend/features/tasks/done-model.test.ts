import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Attempt, Task } from '../../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../../shared/lib/ids.ts'
import { expireAttempt } from './expire-attempt.ts'
import { listAttempts } from './attempts-store.ts'
import { findTask } from './tasks-store.ts'
import { projectIdAt } from './testing/rows.ts'
import { createTaskLab, person, speakerAt, type TaskLab } from './testing/task-lab.ts'

// I8: what is required of a task before it is done is the person's word. By review it is done only while what was submitted
// waits for that word, and the attempt that is accepted bears the commit that was submitted last; nothing an agent says, in
// whatever order, and nothing that happens by itself makes a task done.

const runs = Number(process.env['SWITCHYARD_TEST_MODEL_RUNS'] ?? 1000)

const pick = fc.nat(2)
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('claim' as const), task: pick, session: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('submit' as const, 'submit', 'renew', 'checkpoint', 'fail', 'release', 'lose'),
      attempt: fc.nat(9),
      sha: fc.constantFrom('a', 'b', 'c'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('accept' as const, 'accept', 'request-changes', 'move-to-done', 'reopen', 'retry', 'open'),
      task: pick,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('look' as const, 'reconcile'),
      ms: fc.constantFrom(1000, 60_000, 14_400_000),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

let lab: TaskLab
beforeAll(() => {
  lab = createTaskLab()
})
afterAll(() => lab.kernel.close())

interface Run {
  readonly taskIds: readonly TaskId[]
  readonly attempts: Attempt[]
  /** The commit that each attempt handed in last, as its agent was told it was taken. */
  readonly handedIn: Map<string, string>
}

const speak = async ({ attempts, handedIn }: Run, taken: Extract<Step, { attempt: number }>): Promise<void> => {
  const attempt = attempts[taken.attempt % Math.max(1, attempts.length)]
  if (!attempt) return
  const word = lab.word(attempt)
  const headSha = taken.sha.repeat(40)
  const said = {
    submit: async () => {
      const submitted = await lab.tasks.submit(word, { headSha, summary: 'Done.' })
      if (submitted.ok) handedIn.set(attempt.id, headSha)
    },
    renew: () => lab.tasks.renew(word),
    checkpoint: () => lab.tasks.checkpoint(word, { headSha, summary: 'Half.', nextSteps: '' }),
    fail: () => lab.tasks.fail(word, { reason: 'No.' }),
    release: () => lab.tasks.release(word, { reason: 'No.', to: 'open' }),
    lose: () => expireAttempt(lab.deps, attempt, { kind: 'dead', how: 'Gone.', wasAsked: true }),
  }
  await said[taken.do]()
}

type Decision = Exclude<Extract<Step, { task: number }>['do'], 'claim'>
const decide = async (taskId: TaskId, what: Decision): Promise<void> => {
  const decided = {
    accept: () => lab.tasks.accept(taskId, person),
    'request-changes': () => lab.tasks.requestChanges({ taskId, comment: 'More.' }, person),
    'move-to-done': () => lab.tasks.move({ taskId, rev: null, move: { to: 'done' } }, person),
    open: () => lab.tasks.move({ taskId, rev: null, move: { to: 'open' } }, person),
    reopen: () => lab.tasks.reopen(taskId, person),
    retry: () => lab.tasks.retry(taskId, person),
  }
  await decided[what]()
}

const take = async (run: Run, taken: Step): Promise<void> => {
  const taskId = 'task' in taken ? run.taskIds[taken.task] : undefined
  if ('attempt' in taken) return speak(run, taken)
  if (taken.do === 'claim') {
    if (!taskId) return
    const wish = { kind: 'task', taskId } as const
    const claimed = await lab.tasks.claim(wish, speakerAt(taken.session), lab.nextRequest())
    if (claimed.ok) run.attempts.push(claimed.value.attempt)
  } else if ('task' in taken) {
    if (taskId) await decide(taskId, taken.do)
  } else if ('ms' in taken) {
    lab.time.now += taken.ms
    await (taken.do === 'look' ? lab.look() : lab.tasks.reconcile())
  }
}

const read = ({ taskIds }: Run) =>
  lab.kernel.database.read(async (tx) => {
    const rows: { task: Task; attempts: Attempt[] }[] = []
    for (const id of taskIds) {
      const task = await findTask(tx, id)
      if (task) rows.push({ task, attempts: await listAttempts(tx, id) })
    }
    return rows
  })
type Rows = Awaited<ReturnType<typeof read>>

const check = (run: Run, taken: Step, before: Rows, after: Rows) => {
  for (const [n, { task, attempts }] of after.entries()) {
    const was = before[n]
    if (task.state !== 'done') continue
    expect(attempts.every(({ state }) => !['granted', 'running', 'submitted'].includes(state))).toBe(true)
    if (was?.task.state === 'done') {
      // Nothing that comes after it changes what was accepted.
      const accepted = (rows: readonly Attempt[]) => rows.filter(({ state }) => state === 'accepted')
      expect(accepted(attempts)).toEqual(accepted(was.attempts))
      continue
    }
    expect(['accept', 'move-to-done']).toContain(taken.do)
    const submitted = was?.attempts.filter(({ state }) => state === 'submitted') ?? []
    if (taken.do === 'accept') expect([was?.task.state, submitted.length]).toEqual(['in_review', 1])
    for (const { id, epoch } of submitted) {
      const accepted = attempts.find((attempt) => attempt.id === id)
      expect(accepted).toMatchObject({ state: 'accepted', headSha: run.handedIn.get(id) })
      expect(epoch).toBe(was?.task.claimEpoch)
    }
  }
}

it(
  `I8: a task is done by the person alone, and at the commit that was submitted (${runs} runs)`,
  async () => {
    let done = 0
    const play = async (steps: readonly Step[]) => {
      const { id } = await lab.create({ maxAttempts: 9 })
      const run: Run = {
        taskIds: [id, (await lab.create()).id, (await lab.create()).id],
        attempts: [],
        handedIn: new Map(),
      }
      for (const taken of steps) {
        const before = await read(run)
        await take(run, taken)
        const after = await read(run)
        check(run, taken, before, after)
        if (taken.do === 'accept' && after.filter(({ task }) => task.state === 'done').length > 0) done += 1
      }
      await lab.kernel.runCommand({ name: 'forget', by: person }, async (context) => {
        await lab.tasks.forgetProject(context, projectIdAt(1))
        return { ok: true, value: null }
      })
    }
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12, size: 'max' }), play), {
      numRuns: runs,
    })
    expect(done, 'tasks that were accepted').toBeGreaterThan(runs / 20)
  },
  600_000 + runs * 200,
)
