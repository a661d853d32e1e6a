import { z } from 'zod'

const offset = z.number().int().nonnegative()

/**
 * What one attached view of a terminal receives. Offsets count UTF-16 code units of the decoded, guarded output since the
 * terminal started, so a snapshot at offset n is followed by data at offset n.
 */
export const terminalFrameSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('snapshot'),
    offset,
    cols: z.number().int(),
    rows: z.number().int(),
    /** Written to an empty terminal of that size it gives the same screen, scroll-back, modes, cursor and title. */
    text: z.string(),
  }),
  z.object({ kind: z.literal('data'), offset, text: z.string() }),
  z.object({ kind: z.literal('resized'), cols: z.number().int(), rows: z.number().int() }),
  z.object({ kind: z.literal('exited'), code: z.number().int().nullable(), signal: z.string().nullable() }),
])
export type TerminalFrame = z.infer<typeof terminalFrameSchema>
