import { z } from 'zod'
import { terminalIdSchema } from '../lib/ids.ts'

export const MAX_COLS = 1000
export const MAX_ROWS = 500
export const colsSchema = z.number().int().min(2).max(MAX_COLS)
export const rowsSchema = z.number().int().min(1).max(MAX_ROWS)

export const terminalSpecSchema = z.object({
  terminalId: terminalIdSchema,
  /** The program and its arguments. A bare name is looked up in the PATH of `env`. */
  argv: z.array(z.string().max(131_072)).min(1).max(4096),
  cwd: z.string().min(1).max(4096),
  /** The whole environment: nothing is inherited. The host adds TERM when it is missing and its own marker. */
  env: z.record(z.string().min(1).max(1024), z.string().max(131_072)),
  cols: colsSchema,
  rows: rowsSchema,
  scrollbackRows: z.number().int().min(0).max(100_000),
})
export type TerminalSpec = z.infer<typeof terminalSpecSchema>

export const terminalRuntimeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alive') }),
  z.object({
    kind: z.literal('exited'),
    code: z.number().int().nullable(),
    signal: z.string().nullable(),
    at: z.number(),
  }),
])

/** A process as the operating system tells it apart: a number is used again, a number with its start time is not. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** In a form only fit to be compared; null where the system does not tell. */
  startTime: z.string().nullable(),
})
export type ProcessIdentity = z.infer<typeof processIdentitySchema>

export const terminalInfoSchema = processIdentitySchema.extend({
  terminalId: terminalIdSchema,
  /** Changes with each start of the computer; null where unknown. */
  bootId: z.string().nullable(),
  runtime: terminalRuntimeSchema,
  title: z.string(),
  cwd: z.string(),
  cols: z.number().int(),
  rows: z.number().int(),
  startedAt: z.number(),
  lastOutputAt: z.number().nullable(),
  lastInputAt: z.number().nullable(),
  /** Output so far, in UTF-16 code units. */
  outputUnits: z.number(),
})
export type TerminalInfo = z.infer<typeof terminalInfoSchema>

export const startedTerminalSchema = terminalInfoSchema.extend({
  /** False when the terminal was there already, alive or exited. */
  isNew: z.boolean(),
})
export type StartedTerminal = z.infer<typeof startedTerminalSchema>

/** Where the program of a terminal reads, as it stands on the screen: for whoever would type something by themselves. */
export const inputPlaceSchema = z.object({
  /** The rows of the screen, without the empty cells at the end of each. */
  rows: z.array(z.string()),
  /** The row of the cursor, counted from the top of the screen. */
  cursorRow: z.number().int(),
  /** The row of the cursor before the cursor. */
  before: z.string(),
  /** What follows it. Written faintly it is a hint of the program and no text of anybody, and is left out. */
  after: z.string(),
  /** The program asked for pasted text to be marked as such. */
  takesPaste: z.boolean(),
  /** How often anybody wrote. */
  inputs: z.number().int(),
  lastInputAt: z.number().nullable(),
  lastOutputAt: z.number().nullable(),
  outputUnits: z.number(),
})
export type InputPlace = z.infer<typeof inputPlaceSchema>

export const guardedWriteSchema = z.object({
  /** False when somebody wrote, or the program printed, in between. */
  isWritten: z.boolean(),
  inputs: z.number().int(),
})
export type GuardedWrite = z.infer<typeof guardedWriteSchema>

export const stopResultSchema = z.object({
  /** Processes that ended by themselves after being asked. */
  ended: z.array(processIdentitySchema),
  /** Processes that had to be killed. */
  killed: z.array(processIdentitySchema),
  /** Processes still there: they belong to another user or cannot be killed. */
  remaining: z.array(processIdentitySchema),
})
export type StopResult = z.infer<typeof stopResultSchema>

export const survivorSchema = processIdentitySchema.extend({
  terminalId: terminalIdSchema,
  command: z.string(),
})
export type Survivor = z.infer<typeof survivorSchema>

export const keptPortSchema = z.object({ port: z.number().int().positive() })

/** The colours of the page, as `#rrggbb`. */
const colorSchema = z.string().regex(/^#[0-9a-fA-F]{6}$/)
export const paletteSchema = z.object({
  foreground: colorSchema,
  background: colorSchema,
  ansi: z.array(colorSchema).length(16),
})
export type Palette = z.infer<typeof paletteSchema>

/** What is kept of a terminal for the time when its host is gone. */
export const savedScreenSchema = z.object({
  version: z.literal(1),
  terminalId: terminalIdSchema,
  savedAt: z.number(),
  cols: z.number().int(),
  rows: z.number().int(),
  title: z.string(),
  cwd: z.string(),
  runtime: terminalRuntimeSchema,
  /** Written to an empty terminal of that size it gives the same screen and scroll-back. */
  text: z.string(),
})
export type SavedScreen = z.infer<typeof savedScreenSchema>
