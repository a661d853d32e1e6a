import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { projectIdSchema, sessionIdSchema, terminalIdSchema } from '../lib/ids.ts'
import { terminalFrameSchema } from '../terminal/frames.ts'
import { done, procedure, refusals, timeSchema } from './base.ts'

export const terminalStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('alive'), pid: z.number().int() }),
  z.object({
    kind: z.literal('exited'),
    code: z.number().int().nullable(),
    signal: z.string().nullable(),
    at: timeSchema,
  }),
  /** Its host died or the computer restarted; the last saved screen can still be read. */
  z.object({ kind: z.literal('lost'), at: timeSchema }),
])

export const terminalSchema = z.object({
  id: terminalIdSchema,
  projectId: projectIdSchema,
  sessionId: sessionIdSchema.nullable(),
  /** `check`: a run of a check, which the checks begin, end and remove. */
  kind: z.enum(['agent', 'shell', 'check']),
  /** As the program set it, clipped and cleaned; empty until it does. */
  title: z.string(),
  cwd: z.string(),
  state: terminalStateSchema,
  createdAt: timeSchema,
})
export type Terminal = z.infer<typeof terminalSchema>

/** News of a terminal that is not worth keeping: it is sent to whoever listens and never replayed. */
export const terminalSignalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bell'), terminalId: terminalIdSchema }),
  z.object({ kind: z.literal('output'), terminalId: terminalIdSchema, at: timeSchema }),
  z.object({ kind: z.literal('notification'), terminalId: terminalIdSchema, title: z.string(), body: z.string() }),
])
export type TerminalSignal = z.infer<typeof terminalSignalSchema>

/** Chosen by the page, once per window and once per attached view. */
export const windowIdSchema = z.string().regex(/^[\w-]{8,40}$/)
export const viewerIdSchema = z.string().regex(/^[\w-]{8,40}$/)

const byTerminal = z.object({ terminalId: terminalIdSchema })

export const terminalsContract = {
  /** A snapshot, then everything after it without gap or overlap, until the stream is closed. */
  attach: procedure('view')
    .input(byTerminal.extend({ viewerId: viewerIdSchema, windowId: windowIdSchema, isFocused: z.boolean() }))
    .output(eventIterator(terminalFrameSchema)),
  /** Says that so many units (UTF-16 code units) of this view were drawn; sent about every 64 Ki units. */
  acknowledge: procedure('view')
    .input(z.object({ viewerId: viewerIdSchema, units: z.number().int().positive() }))
    .output(done),
  /** The terminal the person types into in this window: it is served first. */
  focus: procedure('view')
    .input(z.object({ windowId: windowIdSchema, terminalId: terminalIdSchema.nullable() }))
    .output(done),
  /**
   * Types. `seq` counts up by one for each write of this window into this terminal: a repeat after a lost connection is
   * recognised, so nothing is typed twice and nothing is lost.
   */
  write: procedure('answer')
    .errors(refusals('NOT_RUNNING'))
    .input(
      byTerminal.extend({
        windowId: windowIdSchema,
        seq: z.number().int().nonnegative(),
        data: z.string().max(512 * 1024),
      }),
    )
    .output(done),
  resize: procedure('answer')
    .input(byTerminal.extend({ cols: z.number().int().min(2).max(1000), rows: z.number().int().min(1).max(500) }))
    .output(done),
  /** Tells programs which colours the page paints, so that they can ask for them. */
  setPalette: procedure('view')
    .input(
      z.object({
        foreground: z.string().max(40),
        background: z.string().max(40),
        ansi: z.array(z.string().max(40)).length(16),
      }),
    )
    .output(done),
  /** Ends a shell and forgets it. An agent's terminal is ended by stopping its session. */
  close: procedure('full').errors(refusals('BELONGS_TO_AGENT')).input(byTerminal).output(done),
  /** The text of screen and scroll-back, for copying all of it. */
  text: procedure('view')
    .input(byTerminal)
    .output(z.object({ text: z.string() })),
  /** Signals of all terminals. Nothing is replayed. */
  signals: procedure('view').input(z.object({}).optional()).output(eventIterator(terminalSignalSchema)),
}

export const terminalsTopics = {
  'terminals.changed': terminalSchema,
  'terminals.removed': z.object({ id: terminalIdSchema }),
} as const
