import { z } from 'zod'

/** That somebody was refused something, where the attempt itself is worth knowing: a claim, a lease, a message. */
export const recordedRefusalSchema = z.object({
  /** The id of what it was about. */
  subject: z.string(),
  /** What was tried: "claim-task". */
  command: z.string(),
  /** Who tried: "session:ses_…", "person:desktop". */
  by: z.string(),
  code: z.string(),
  message: z.string(),
})
export type RecordedRefusal = z.infer<typeof recordedRefusalSchema>

export const refusalsTopics = { 'refusals.recorded': recordedRefusalSchema } as const
