import { z } from 'zod'
import { askIdSchema, sessionIdSchema } from '../lib/ids.ts'
import { done, procedure, refusals, timeSchema } from './base.ts'
import { evidenceSchema } from './sessions.ts'

export const questionSchema = z.object({
  question: z.string(),
  header: z.string(),
  multiSelect: z.boolean(),
  options: z.array(z.object({ label: z.string(), description: z.string() })),
})

/** What an agent waits for. `terminal` is a wait that was seen but can only be answered in the terminal. */
export const askDetailSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('permission'),
    toolName: z.string(),
    /** The command, path or address it is about, as text. */
    subject: z.string(),
    /** The agent's own explanation of the call, when it gave one. */
    description: z.string().nullable(),
    /** The change it would make, when the tool edits a file. */
    edit: z.object({ path: z.string(), before: z.string(), after: z.string() }).nullable(),
    /** "Allow for this project" and the like, as the agent offers them. */
    wider: z.array(z.object({ id: z.string(), label: z.string() })),
  }),
  z.object({ kind: z.literal('question'), questions: z.array(questionSchema) }),
  z.object({ kind: z.literal('plan'), plan: z.string() }),
  z.object({ kind: z.literal('terminal'), what: z.string() }),
])
export type AskDetail = z.infer<typeof askDetailSchema>

export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('allow'), widerId: z.string().nullable() }),
  z.object({ kind: z.literal('deny'), note: z.string().max(4000).nullable() }),
  /** Question to chosen label, or labels joined by ", ". */
  z.object({ kind: z.literal('choose'), answers: z.record(z.string(), z.string().max(4000)) }),
])
export type Answer = z.infer<typeof answerSchema>

export const askSchema = z.object({
  id: askIdSchema,
  sessionId: sessionIdSchema,
  detail: askDetailSchema,
  /** False when it can only be answered in the terminal. */
  canAnswerHere: z.boolean(),
  evidence: evidenceSchema,
  openedAt: timeSchema,
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('open') }),
    z.object({ kind: z.literal('answered'), by: z.enum(['app', 'terminal']), answer: z.string(), at: timeSchema }),
    /** The wait is over without an answer: the agent ended or went on. */
    z.object({ kind: z.literal('gone'), why: z.string(), at: timeSchema }),
  ]),
})
export type Ask = z.infer<typeof askSchema>

export const asksContract = {
  answer: procedure('answer')
    .errors(refusals('ALREADY_ANSWERED', 'ONLY_IN_TERMINAL'))
    .input(z.object({ askId: askIdSchema, answer: answerSchema }))
    .output(done),
}

export const asksTopics = { 'asks.changed': askSchema } as const
