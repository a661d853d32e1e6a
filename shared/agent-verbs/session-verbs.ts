import { z } from 'zod'
import { agentIdSchema } from '../contract/agents.ts'
import { timeSchema } from '../contract/base.ts'
import { activitySchema } from '../contract/sessions.ts'
import { askIdSchema, incarnationIdSchema, projectIdSchema, sessionIdSchema } from '../lib/ids.ts'
import { decide, look, tell } from './verb.ts'
import { attemptLineSchema, taskLineSchema } from './verb-shapes.ts'

const who = { sessionId: sessionIdSchema, name: z.string(), agent: agentIdSchema, branch: z.string().nullable() }

export const sessionVerbs = {
  whoami: look({
    description: 'Says who you are here: your session, project, worktree, task and what waits for you.',
    input: {},
    output: {
      ...who,
      sessionId: who.sessionId.nullable().describe('Null: the person, outside of any session.'),
      agent: who.agent.nullable(),
      incarnationId: incarnationIdSchema.nullable(),
      project: z.object({ id: projectIdSchema, name: z.string(), rootPath: z.string() }),
      worktreePath: z.string().nullable(),
      work: z.array(z.object({ task: taskLineSchema, attempt: attemptLineSchema })),
      leases: z.array(z.string()),
      unreadMail: z.number().int(),
    },
  }),
  brief: look({
    description:
      'Tells you where you stand, in Markdown: your task, its checkpoint, leases, mail, peers and what you can do. Read it first, and again after a compaction.',
    input: {},
    output: { markdown: z.string() },
  }),
  peers: look({
    description: 'Lists the other sessions of the project: what they do, on which task, and what they hold.',
    input: {},
    output: {
      peers: z.array(
        z.object({
          ...who,
          activity: activitySchema.shape.kind,
          task: z.string().nullable().describe('The key of the task it works on.'),
          leases: z.array(z.string()),
          report: z.string().nullable().describe('What it said last of its own progress.'),
        }),
      ),
    },
  }),
  report: tell({
    description: 'Says in one line what you are doing, for the person and your peers to see.',
    input: { text: z.string().trim().min(1, 'Say something.').max(500) },
    output: {},
    positional: ['text'],
  }),
  'ask-human': decide({
    description:
      'Asks the person a question and waits for the answer. When the time is over the question stays open, and the answer comes as mail.',
    input: {
      question: z.string().trim().min(1, 'Ask something.').max(4000),
      options: z.array(z.string().trim().min(1).max(400)).max(6).default([]).describe('Answers to choose from.'),
      seconds: z.number().int().min(0).max(540).default(90).describe('How long to wait for the answer.'),
    },
    output: { askId: askIdSchema, answer: z.string().nullable().describe('Null: not answered yet.') },
    positional: ['question', 'options'],
  }),
  'events.tail': look({
    description: 'Tells what happened in the project after an event, oldest first.',
    input: {
      after: z.number().int().nonnegative().nullable().default(null).describe('The newest ones when left out.'),
      limit: z.number().int().min(1).max(200).default(50),
    },
    output: {
      events: z.array(
        z.object({
          seq: z.number().int(),
          at: timeSchema,
          topic: z.string(),
          about: z.string().describe('The id of what it is about.'),
          text: z.string().nullable().describe('In words; null for what only keeps rows true.'),
          payload: z.unknown(),
        }),
      ),
      last: z.number().int().describe('Give it as `after` next time.'),
    },
  }),
  doctor: look({
    description: 'Checks whether coordination works for you: the app, your token, hooks, guard and worktree.',
    input: {},
    output: {
      isWell: z.boolean(),
      checks: z.array(z.object({ name: z.string(), isWell: z.boolean(), message: z.string() })),
    },
  }),
} as const
