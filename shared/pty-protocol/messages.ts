import { z } from 'zod'
import { terminalIdSchema } from '../lib/ids.ts'
import { terminalFrameSchema } from '../terminal/frames.ts'
import { colsSchema, paletteSchema, rowsSchema, terminalSpecSchema } from './terminals.ts'

/**
 * The versions of the protocol this code speaks. A newer app talks to an older host as long as the ranges meet, because
 * a host outlives the app that started it. Raise `max` for each change, `min` only when an old shape cannot be kept.
 */
export const protocolRange = { min: 1, max: 2 } as const

const range = z.object({ min: z.number().int(), max: z.number().int() })
const version = z.number().int()

export const helloSchema = z.object({ kind: z.literal('hello'), protocol: range, token: z.string().max(256) })
export type Hello = z.infer<typeof helloSchema>

const byTerminal = z.object({ terminalId: terminalIdSchema })
const viewerId = z.string().min(1).max(64)
const windowId = z.string().min(1).max(64)
const writerId = z.string().min(1).max(64)

export const commandSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), spec: terminalSpecSchema }),
  z.object({ kind: z.literal('list') }),
  byTerminal.extend({
    kind: z.literal('write'),
    writerId,
    /** Counts up for each write of this writer into this terminal; one that is not above the last was seen already. */
    seq: z.number().int().nonnegative(),
    data: z.string().max(1024 * 1024),
  }),
  /**
   * Written only if nobody has written since, and nothing was printed since where that is said too: for what no person types.
   * Since protocol 2; an older host refuses it.
   */
  byTerminal.extend({
    kind: z.literal('writeUnlessTouched'),
    data: z.string().max(4096),
    inputs: z.number().int().nonnegative(),
    outputUnits: z.number().int().nonnegative().nullable(),
  }),
  byTerminal.extend({ kind: z.literal('resize'), cols: colsSchema, rows: rowsSchema }),
  byTerminal.extend({
    kind: z.literal('signal'),
    signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL']),
  }),
  byTerminal.extend({ kind: z.literal('stop'), graceMs: z.number().int().min(0).max(600_000) }),
  byTerminal.extend({ kind: z.literal('forget') }),
  byTerminal.extend({
    kind: z.literal('attach'),
    viewerId,
    windowId,
    /** Chosen by the client and never used twice on one connection: frames of this view carry it. */
    channel: z.number().int().min(0).max(0xffff_ffff),
  }),
  z.object({ kind: z.literal('detach'), viewerId }),
  z.object({ kind: z.literal('acknowledge'), viewerId, units: z.number().int().positive() }),
  z.object({ kind: z.literal('focus'), windowId, terminalId: terminalIdSchema.nullable() }),
  z.object({ kind: z.literal('setPalette'), palette: paletteSchema }),
  byTerminal.extend({ kind: z.literal('readText') }),
  byTerminal.extend({ kind: z.literal('readTail') }),
  /** Since protocol 2. */
  byTerminal.extend({ kind: z.literal('readInputPlace') }),
  z.object({ kind: z.literal('findSurvivors'), terminalIds: z.array(terminalIdSchema).max(100_000) }),
  z.object({
    kind: z.literal('endSurvivors'),
    terminalIds: z.array(terminalIdSchema).max(100_000),
    graceMs: z.number().int().min(0).max(600_000),
  }),
  z.object({ kind: z.literal('shutdown'), graceMs: z.number().int().min(0).max(600_000) }),
  /** Since 2. Listens on a port of loopback for as long as the host lives, and passes on what comes in while the app is there. */
  z.object({
    kind: z.literal('keepPort'),
    /** 0 is any that is free. */
    port: z.number().int().min(0).max(65_535),
    /** The private socket or named pipe of the app. */
    passTo: z.string().min(1).max(512),
  }),
])
export type Command = z.infer<typeof commandSchema>
export type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>

export const requestSchema = z.object({ request: z.number().int().nonnegative(), command: commandSchema })
export type Request = z.infer<typeof requestSchema>

/** Why the host refused: words of the protocol, for code; the message beside it is for people. */
export const refusalCodes = [
  'bad-message',
  'bad-frame',
  'wrong-token',
  'incompatible',
  'replaced',
  'unknown-terminal',
  'not-running',
  'cannot-start',
  'input-full',
  'still-running',
  'port-taken',
  'failed',
] as const
export const refusalCodeSchema = z.enum(refusalCodes)
export type RefusalCode = z.infer<typeof refusalCodeSchema>

export const hostEventSchema = z.discriminatedUnion('kind', [
  byTerminal.extend({ kind: z.literal('title'), title: z.string() }),
  byTerminal.extend({ kind: z.literal('bell') }),
  byTerminal.extend({ kind: z.literal('cwd'), cwd: z.string() }),
  byTerminal.extend({ kind: z.literal('notification'), title: z.string(), body: z.string() }),
  byTerminal.extend({ kind: z.literal('activity'), at: z.number() }),
  byTerminal.extend({
    kind: z.literal('exited'),
    code: z.number().int().nullable(),
    signal: z.string().nullable(),
    at: z.number(),
  }),
])
export type HostEvent = z.infer<typeof hostEventSchema>

export const hostMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('welcome'),
    protocol: version,
    hostPid: z.number().int(),
    hostStartedAt: z.number(),
    bootId: z.string().nullable(),
  }),
  z.object({ kind: z.literal('reply'), request: z.number().int(), value: z.unknown() }),
  z.object({
    kind: z.literal('refused'),
    /** Null when it concerns the connection, not a request. */
    request: z.number().int().nullable(),
    code: refusalCodeSchema,
    message: z.string(),
    /** What the host speaks, with code `incompatible`. */
    protocol: range.optional(),
  }),
  z.object({ kind: z.literal('frame'), channel: z.number().int(), frame: terminalFrameSchema }),
  z.object({ kind: z.literal('event'), event: hostEventSchema }),
])
export type HostMessage = z.infer<typeof hostMessageSchema>
