import { z } from 'zod'
import { newTaskSchema, taskPatchSchema } from '../contract/tasks.ts'
import {
  checkpointSchema,
  commentSchema,
  dependencyKindSchema,
  dependencySchema,
  markdownSchema,
  taskKindSchema,
  taskSchema,
  taskStateSchema,
} from '../contract/task-rows.ts'
import { decide, look, tell } from './verb.ts'
import { attemptLineSchema, ownTask, taskLineSchema, taskRef } from './verb-shapes.ts'

const { title, body, kind, priority, labels, requiredRole, declaredPaths, baseRef, maxAttempts, doneWhen } =
  newTaskSchema.shape
const patch = taskPatchSchema.shape

const said = {
  title: title.describe('One line.'),
  body: body.default('').describe('What is to be done and how it is checked, in Markdown.'),
  kind: kind.default('task'),
  priority: priority.default(2).describe('0 is the most urgent, 4 the least.'),
  labels: labels.default([]),
  role: requiredRole.default(null).describe('Only sessions of this role may claim it.'),
  paths: declaredPaths.default([]).describe('Where it will change files: globs below the repository root.'),
  base: baseRef.default(null).describe('What its work starts from; the default branch when left out.'),
  maxAttempts: maxAttempts.default(2).describe('So many attempts may fail before a person decides.'),
  doneWhen: doneWhen.default('completed'),
}

export const taskVerbs = {
  'tasks.ready': look({
    description: 'Lists the tasks that can be claimed now, in the order in which `claim` would take them.',
    input: { limit: z.number().int().min(1).max(200).default(20) },
    output: { tasks: z.array(taskLineSchema) },
  }),
  'tasks.list': look({
    description: 'Lists the tasks of the project, most urgent first. Ended ones only when their state is asked for.',
    input: {
      state: z.array(taskStateSchema).default([]).describe('Only these states.'),
      label: z.string().max(50).nullable().default(null).describe('Only those with this label.'),
      mine: z.boolean().default(false).describe('Only those you work on.'),
      limit: z.number().int().min(1).max(200).default(50),
    },
    output: { tasks: z.array(taskLineSchema), isCut: z.boolean().describe('There are more than were listed.') },
  }),
  'tasks.show': look({
    description:
      'Shows a task whole: its text, attempts, checkpoints, comments and dependencies. Yours when none is named.',
    input: { task: ownTask },
    output: {
      task: taskSchema,
      notReady: z.string().nullable().describe('Why it cannot be claimed now; null when it can.'),
      attempts: z.array(attemptLineSchema),
      checkpoints: z.array(checkpointSchema),
      comments: z.array(commentSchema),
      dependencies: z.array(dependencySchema.extend({ key: z.string().describe('The task at the other end.') })),
    },
    positional: ['task'],
  }),
  'tasks.create': decide({
    description: 'Creates a task, open for anybody to claim. Use it for work you found that is not part of yours.',
    input: {
      ...said,
      draft: z.boolean().default(false).describe('Keep it from being claimed until a person opens it.'),
      epic: taskRef.nullable().default(null).describe('The epic it belongs to.'),
      dependsOn: z.array(taskRef).max(20).default([]).describe('Tasks that have to be done before it.'),
    },
    output: { task: taskLineSchema },
    positional: ['title'],
    fromStdin: 'body',
  }),
  'tasks.update': decide({
    description: 'Changes what is said of a task: only what is given changes. Yours when none is named.',
    input: {
      task: ownTask,
      title: patch.title,
      body: patch.body,
      kind: taskKindSchema.optional(),
      priority: patch.priority,
      labels: patch.labels,
      role: patch.requiredRole,
      paths: patch.declaredPaths,
      rev: z.number().int().nullable().default(null).describe('Refused when the task has changed since this rev.'),
    },
    output: { task: taskLineSchema },
    positional: ['task'],
    fromStdin: 'body',
  }),
  'tasks.depend': decide({
    description:
      'Makes a task wait for another one, or no longer. A circle of tasks that wait for each other is refused.',
    input: {
      task: ownTask,
      on: taskRef.describe('The task it depends on.'),
      kind: dependencyKindSchema.default('blocks'),
      satisfiedOn: z
        .enum(['completed', 'merged'])
        .default('merged')
        .describe('Completed work lies in another worktree; merged work can be built upon.'),
      remove: z.boolean().default(false).describe('Remove this dependency instead.'),
    },
    output: {},
    positional: ['task', 'on'],
  }),
  'tasks.comment': decide({
    description: 'Adds a comment to a task, for whoever works on it and for the person. On yours when none is named.',
    input: { body: markdownSchema.min(1, 'Write something.').describe('Markdown.'), task: ownTask },
    output: { comment: commentSchema },
    positional: ['body', 'task'],
    fromStdin: 'body',
  }),
} as const

/** Names the claim it is about: a late word of an older one is then refused instead of taken for a newer one's. */
const ofAttempt = {
  task: ownTask,
  epoch: z.number().int().positive().nullable().default(null).describe('The epoch that `claim` answered.'),
}
const headSha = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'Give the whole commit id.')
  .nullable()
  .default(null)
  .describe('The whole id of the commit; the head of your worktree when left out.')
const reason = z.string().trim().min(1, 'Say why.').max(2000)
const attemptWritten = { task: taskLineSchema, attempt: attemptLineSchema }

export const attemptVerbs = {
  claim: decide({
    description:
      'Claims a task for you: the named one, or the next that is ready. Nobody else can have it then. Answers its text and what earlier attempts learnt.',
    input: { task: taskRef.nullable().default(null).describe('Key or id; the next ready one when left out.') },
    output: {
      task: taskSchema,
      attempt: attemptLineSchema,
      checkpoint: checkpointSchema.nullable().describe('What the attempt before you knew last.'),
      rescueRef: z
        .string()
        .nullable()
        .describe('A git ref with the uncommitted work of the attempt before you, its files below `folder/`.'),
    },
    positional: ['task'],
  }),
  renew: tell({
    description: 'Says that you still work on your task. Any tool call says it too, so you rarely need it.',
    input: ofAttempt,
    output: attemptWritten,
    positional: ['task'],
  }),
  checkpoint: tell({
    description:
      'Keeps what you know about your task for whoever goes on with it, you after a restart included. Take one at each milestone and before long steps.',
    input: {
      summary: markdownSchema.min(1, 'Write something.').describe('What is done and what you found out, in Markdown.'),
      next: markdownSchema.default('').describe('What is to be done next.'),
      ...ofAttempt,
      headSha,
    },
    output: { checkpoint: checkpointSchema },
    positional: ['summary'],
    fromStdin: 'summary',
  }),
  submit: decide({
    description: 'Hands your task in for review. Commit first: what is not committed is not part of it.',
    input: {
      summary: markdownSchema
        .min(1, 'Say what was done.')
        .describe('What was done and how it was checked, in Markdown.'),
      ...ofAttempt,
      headSha,
    },
    output: attemptWritten,
    positional: ['summary'],
    fromStdin: 'summary',
  }),
  fail: decide({
    description: 'Gives your task up because it cannot be done like this. Say why: the next attempt reads it.',
    input: { reason, ...ofAttempt },
    output: attemptWritten,
    positional: ['reason'],
    fromStdin: 'reason',
  }),
  release: decide({
    description:
      'Gives your task back undone, which is no failure: for anybody, or blocked until a person has seen to it.',
    input: { reason, ...ofAttempt, to: z.enum(['open', 'blocked']).default('open') },
    output: attemptWritten,
    positional: ['reason'],
    fromStdin: 'reason',
  }),
} as const
