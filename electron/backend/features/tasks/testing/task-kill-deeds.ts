import type { Attempt, Task } from '../../../../../shared/contract/task-rows.ts'
import { ok } from '../../../../../shared/lib/result.ts'
import type { Deed } from '../../../testing/kill-points.ts'
import { systemIdentity } from '../../../kernel/identity.ts'
import { listNextIntents } from '../../../kernel/intents-store.ts'
import { expireAttempt } from '../expire-attempt.ts'
import type { TasksService } from '../tasks-service.ts'
import { projectIdAt, sessionIdAt, incarnationIdAt } from './rows.ts'
import type { TaskRead } from './task-reads.ts'
import { codeOf, person, plainTask, speakerAt, startWish, valueOf, type TaskLab } from './task-lab.ts'

interface Held {
  readonly task: Task
  readonly attempt: Attempt
}
type TaskDeed<What> = Deed<TaskLab, What>
/** What each deed is about differs; whoever runs them hands it from one half to the other. */
export type AnyTaskDeed = TaskDeed<never>
const deed = <What>(made: TaskDeed<What>): AnyTaskDeed => made as unknown as AnyTaskDeed

const requestId = 'the-request'
const acceptMerged = (lab: TaskLab, { attempt }: Held) =>
  inCommand(lab, (context) => lab.tasks.acceptMerged(context, attempt.id))
const gone = { kind: 'dead', how: 'Gone.', wasAsked: false } as const
const submission = { headSha: 'a'.repeat(40), summary: 'Done.' }

const open = (lab: TaskLab) => lab.create()
const claimed = async (lab: TaskLab): Promise<Held> => valueOf(await lab.claim(await lab.create()))
const submitted = async (lab: TaskLab): Promise<Held> => {
  const { attempt } = await claimed(lab)
  return valueOf(await lab.tasks.submit(lab.word(attempt), submission))
}
const blocked = async (lab: TaskLab): Promise<Held> => {
  const held = await claimed(lab)
  valueOf(await lab.tasks.release(lab.word(held.attempt), { reason: 'Stuck.', to: 'blocked' }))
  return held
}
const ended = async (lab: TaskLab): Promise<Held> => {
  const held = await submitted(lab)
  valueOf(await lab.tasks.accept(held.task.id, person))
  return held
}
const pairOf = async (lab: TaskLab) => [await lab.create(), await lab.create()] as const

const wordOf = (lab: TaskLab, { attempt }: Held) => ({ ...lab.word(attempt), requestId })
const inCommand = async (lab: TaskLab, work: (context: never) => Promise<void>): Promise<string> =>
  codeOf(
    await lab.kernel.runCommand({ name: 'test', by: systemIdentity }, async (context) => {
      await work(context as never)
      return { ok: true, value: null }
    }),
  )
const edgeOf = ([{ id: taskId }, { id: dependsOnId }]: readonly [Task, Task]) =>
  ({ taskId, dependsOnId, kind: 'blocks' }) as const

/** Two that died, one that lives, and one whose day has come. */
const threeAtWork = async (lab: TaskLab, time: { now: number }) => {
  const held = [1, 2, 3].map(async (n) => (await lab.claim(await lab.create(), speakerAt(n))) && n)
  await Promise.all(held)
  const deferred = await lab.create()
  valueOf(await lab.move(deferred, { to: 'deferred', until: time.now + 1000 }))
  time.now += 150_000
}
const judgeThree = (lab: TaskLab) => {
  for (const n of [1, 2]) lab.judge(speakerAt(n).holder, gone)
}

/** Every operation of the tasks that writes, each with what may come of it. */
export const taskDeeds: Record<Exclude<keyof TasksService, TaskRead>, Record<string, AnyTaskDeed>> = {
  create: {
    'below an epic': deed({
      prepare: open,
      act: async (lab, epic) => codeOf(await lab.tasks.create({ ...plainTask, requestId, parentId: epic.id }, person)),
    }),
  },
  createWaiting: {
    'below an epic, for two others': deed({
      prepare: async (lab) => ({ epic: await open(lab), others: await pairOf(lab) }),
      act: async (lab, { epic, others }) => {
        const task = { ...plainTask, requestId, parentId: epic.id }
        const dependsOn = others.map(({ id }) => id)
        return codeOf(await lab.tasks.createWaiting(task, dependsOn, person))
      },
    }),
  },
  update: {
    'of what was read': deed({
      prepare: open,
      act: async (lab, { id: taskId, rev }) =>
        codeOf(await lab.tasks.update({ taskId, rev, patch: { title: 'Another' } }, person)),
      again: 'STALE_REV',
    }),
  },
  move: {
    'of one that is worked on': deed({
      prepare: claimed,
      act: async (lab, { task }) => codeOf(await lab.move(task, { to: 'deferred', until: null })),
      again: 'NOT_ALLOWED',
    }),
    'to done': deed({
      prepare: submitted,
      act: async (lab, { task }) => codeOf(await lab.move(task, { to: 'done' })),
      again: 'TERMINAL',
    }),
  },
  place: {
    'before another': deed({
      prepare: pairOf,
      act: async (lab, [first, second]) => codeOf(await lab.tasks.place(second.id, first.id, person)),
      isNewEachTime: true,
    }),
  },
  depend: {
    'on another': deed({
      prepare: pairOf,
      act: async (lab, pair) => codeOf(await lab.tasks.depend({ ...edgeOf(pair), satisfiedOn: 'completed' }, person)),
      again: 'EXISTS',
    }),
  },
  undepend: {
    'from another': deed({
      prepare: async (lab) => {
        const pair = await pairOf(lab)
        valueOf(await lab.tasks.depend({ ...edgeOf(pair), satisfiedOn: 'completed' }, person))
        return pair
      },
      act: async (lab, pair) => codeOf(await lab.tasks.undepend(edgeOf(pair), person)),
      again: 'NOT_FOUND',
    }),
  },
  comment: {
    'of a person': deed({
      prepare: open,
      act: async (lab, { id: taskId }) => codeOf(await lab.tasks.comment({ taskId, body: 'Why?', requestId }, person)),
    }),
  },
  cancel: {
    'of one that is worked on': deed({
      prepare: claimed,
      act: async (lab, { task }) => codeOf(await lab.tasks.cancel({ taskId: task.id, reason: 'No.' }, person)),
      again: 'TERMINAL',
    }),
  },
  reopen: {
    'of one that is done': deed({
      prepare: ended,
      act: async (lab, { task }) => codeOf(await lab.tasks.reopen(task.id, person)),
      again: 'NOT_ALLOWED',
    }),
  },
  retry: {
    'of one that is blocked': deed({
      prepare: blocked,
      act: async (lab, { task }) => codeOf(await lab.tasks.retry(task.id, person)),
      again: 'NOT_ALLOWED',
    }),
  },
  accept: {
    'of what was submitted': deed({
      prepare: submitted,
      act: async (lab, { task }) => codeOf(await lab.tasks.accept(task.id, person)),
      again: 'TERMINAL',
    }),
  },
  acceptMerged: { 'of what was submitted': deed({ prepare: submitted, act: acceptMerged }) },
  requestChanges: {
    'of what was submitted': deed({
      prepare: submitted,
      act: async (lab, { task }) =>
        codeOf(await lab.tasks.requestChanges({ taskId: task.id, comment: 'More.' }, person)),
      again: 'NOT_ALLOWED',
    }),
  },
  requestChangesOf: {
    'of what a session submitted': deed({
      prepare: submitted,
      act: async (lab, { attempt: { holder } }) =>
        codeOf(
          await lab.kernel.runCommand({ name: 'send-review', by: person, requestId }, async (context) => {
            const sessionId = holder.kind === 'session' ? holder.sessionId : sessionIdAt(1)
            return ok(await lab.tasks.requestChangesOf(context, { sessionId, comment: 'More.' }, person))
          }),
        ),
    }),
  },
  resumeDispatch: {
    'after many deaths': deed({
      prepare: async (lab) => {
        for (const n of [1, 2, 3]) {
          const { attempt } = valueOf(await lab.claim(await lab.create(), speakerAt(n)))
          await expireAttempt(lab.deps, attempt, gone)
        }
      },
      act: async (lab) => codeOf(await lab.tasks.resumeDispatch(person)),
      isNewEachTime: true,
    }),
  },
  startSession: {
    'on a draft': deed({
      prepare: (lab) => lab.create({ state: 'draft' }),
      act: async (lab, task) => codeOf(await lab.tasks.startSession(startWish(task, requestId), person)),
    }),
  },
  claim: {
    'of one task': deed({
      prepare: open,
      act: async (lab, { id: taskId }) =>
        codeOf(await lab.tasks.claim({ kind: 'task', taskId }, speakerAt(1), requestId)),
    }),
    'of the next': deed({
      prepare: open,
      act: async (lab) =>
        codeOf(await lab.tasks.claim({ kind: 'next', projectId: projectIdAt(1) }, speakerAt(1), requestId)),
    }),
    'that is refused': deed({
      prepare: async (lab) => valueOf(await lab.claim(await lab.create(), speakerAt(2))),
      act: async (lab, { task }) =>
        codeOf(await lab.tasks.claim({ kind: 'task', taskId: task.id }, speakerAt(1), requestId)),
    }),
  },
  renew: {
    'of one that begins': deed({
      prepare: claimed,
      act: async (lab, held) => codeOf(await lab.tasks.renew(wordOf(lab, held))),
    }),
  },
  checkpoint: {
    'of one that begins': deed({
      prepare: claimed,
      act: async (lab, held) =>
        codeOf(await lab.tasks.checkpoint(wordOf(lab, held), { headSha: null, summary: 'Half.', nextSteps: '' })),
    }),
  },
  submit: {
    'in time': deed({
      prepare: claimed,
      act: async (lab, held) => codeOf(await lab.tasks.submit(wordOf(lab, held), submission)),
    }),
    'after it was thought dead': deed({
      prepare: async (lab) => {
        const held = await claimed(lab)
        await expireAttempt(lab.deps, held.attempt, gone)
        return held
      },
      act: async (lab, held) => codeOf(await lab.tasks.submit(wordOf(lab, held), submission)),
    }),
    'after somebody else took it': deed({
      prepare: async (lab) => {
        const held = await claimed(lab)
        await expireAttempt(lab.deps, held.attempt, { ...gone, wasAsked: true })
        valueOf(await lab.claim(held.task, speakerAt(2)))
        return held
      },
      act: async (lab, held) => codeOf(await lab.tasks.submit(wordOf(lab, held), submission)),
    }),
  },
  fail: {
    'the first time': deed({
      prepare: claimed,
      act: async (lab, held) => codeOf(await lab.tasks.fail(wordOf(lab, held), { reason: 'It broke.' })),
    }),
    'the last time': deed({
      prepare: async (lab) => valueOf(await lab.claim(await lab.create({ maxAttempts: 1 }))),
      act: async (lab, held) => codeOf(await lab.tasks.fail(wordOf(lab, held), { reason: 'It broke.' })),
    }),
  },
  release: {
    'for anybody': deed({
      prepare: claimed,
      act: async (lab, held) => codeOf(await lab.tasks.release(wordOf(lab, held), { reason: 'No.', to: 'open' })),
    }),
    'for the person': deed({
      prepare: claimed,
      act: async (lab, held) => codeOf(await lab.tasks.release(wordOf(lab, held), { reason: 'No.', to: 'blocked' })),
    }),
  },
  noteActivity: {
    'of one that begins': deed({
      prepare: claimed,
      act: async (lab) => {
        await lab.tasks.noteActivity({ sessionId: sessionIdAt(1), incarnationId: incarnationIdAt(1) })
        return 'ok'
      },
    }),
  },
  lookAfterAttempts: {
    'that finds two dead, one alive and one whose day has come': deed({
      prepare: threeAtWork,
      act: async (lab) => {
        judgeThree(lab)
        await lab.look()
        return 'ok'
      },
      commits: 4,
    }),
    'that finds one over its deadline': deed({
      prepare: async (lab, time) => {
        const held = await claimed(lab)
        time.now = held.attempt.hardDeadline
      },
      act: async (lab) => (await lab.look(), 'ok'),
      isTriedAgainLater: true,
    }),
  },
  reconcile: {
    'that finds two dead and one alive': deed({
      prepare: threeAtWork,
      act: async (lab) => {
        judgeThree(lab)
        await lab.tasks.reconcile()
        return 'ok'
      },
      commits: 3,
    }),
  },
  creditSuspend: {
    'of a night': deed({
      prepare: claimed,
      act: (lab) => inCommand(lab, (context) => lab.tasks.creditSuspend(context, 8 * 3_600_000)),
      isNewEachTime: true,
    }),
  },
  handlers: {
    'that save the work of a dead one': deed({
      prepare: async (lab) => {
        const { attempt } = await claimed(lab)
        await expireAttempt(lab.deps, attempt, gone)
        const [intent] = await lab.kernel.database.read(listNextIntents)
        const handler = intent && lab.tasks.handlers.get(intent.kind)
        if (!handler) throw new Error('Nothing is to be rescued.')
        return intent
      },
      act: async (lab, intent) => {
        const outcome = await lab.tasks.handlers.get(intent.kind)?.(intent, new AbortController().signal)
        // Under the same name each time: a ref that is there is left alone.
        return `${outcome?.kind} ${lab.rescued.every((id) => id === intent.subject) ? 'once' : 'twice'}`
      },
    }),
  },
  forgetProject: {
    'with all that belongs to its tasks': deed({
      prepare: async (lab) => {
        await blocked(lab)
        const pair = await pairOf(lab)
        valueOf(await lab.tasks.depend({ ...edgeOf(pair), satisfiedOn: 'completed' }, person))
      },
      act: (lab) => inCommand(lab, (context) => lab.tasks.forgetProject(context, projectIdAt(1))),
    }),
  },
}
